/** How far apart two texts are. */

/** Longer texts are compared by their first characters: the time grows with the product of the lengths. */
const most = 2000;

/** Characters inserted, removed or replaced to make `b` of `a` (Levenshtein distance), counted by code points. */
export function editDistance(a: string, b: string): number {
  const from = [...a].slice(0, most);
  const to = [...b].slice(0, most);
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, character] of from.entries()) {
    const next = [i + 1];
    for (const [j, other] of to.entries()) {
      const kept = (row[j] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(kept, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
