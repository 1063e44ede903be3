/** Comparing an answer with a gold text, character by character (reference evaluation.md §3). */
import { digitise } from '../../bot/answer/ground.ts';
import { normalise } from '../../knowledge/text/normalise.ts';

/** One spelling: NFKC, simplified, Chinese numerals as digits, no punctuation and no spaces. */
export function comparable(text: string): string {
  return digitise(normalise(text)).replace(/[\p{P}\p{S}\s]+/gu, '');
}

const f1 = (overlap: number, a: number, b: number): number => (overlap === 0 ? 0 : (2 * overlap) / (a + b));

/** ROUGE-L F1 over characters: the longest common subsequence of the two texts. Two empty texts are equal. */
export function rougeL(answer: string, gold: string): number {
  const a = [...comparable(answer)];
  const b = [...comparable(gold)];
  if (a.length === 0 && b.length === 0) return 1;
  return f1(longestCommon(a, b), a.length, b.length);
}

/** F1 over characters counted as a bag. */
export function charF1(answer: string, gold: string): number {
  const a = [...comparable(answer)];
  const b = [...comparable(gold)];
  if (a.length === 0 && b.length === 0) return 1;
  const left = new Map<string, number>();
  for (const sign of b) left.set(sign, (left.get(sign) ?? 0) + 1);
  let overlap = 0;
  for (const sign of a) {
    const count = left.get(sign) ?? 0;
    if (count > 0) {
      overlap++;
      left.set(sign, count - 1);
    }
  }
  return f1(overlap, a.length, b.length);
}

function longestCommon(a: readonly string[], b: readonly string[]): number {
  const row = new Uint32Array(b.length + 1);
  for (const sign of a) {
    let diagonal = 0;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j] ?? 0;
      row[j] = sign === b[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1] ?? 0);
      diagonal = above;
    }
  }
  return row[b.length] ?? 0;
}

/** Stretches shorter than this are chance: 的, 可以. */
const shortestStretch = 4;

/**
 * Share of the gold text's characters that stand in the shown text, in stretches of at least four signs (or the whole gold, when it
 * is shorter): 1 when the citizen sees the whole answer, whatever stands around it.
 */
export function shareShown(shown: string, gold: string): number {
  const there = comparable(shown);
  const wanted = comparable(gold);
  if (wanted === '') return 1;
  const least = Math.min(shortestStretch, wanted.length);
  let found = 0;
  for (let i = 0; i < wanted.length; ) {
    let length = 0;
    while (i + length < wanted.length && there.includes(wanted.slice(i, i + length + 1))) length++;
    if (length >= least) found += length;
    i += length >= least ? length : 1;
  }
  return found / wanted.length;
}
