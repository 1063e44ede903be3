/** Remembers what was worked out for short texts: one message is read by a dozen rules, and each wants the same form of it. */

/** Longer texts are seldom asked about twice and would take room. */
const longest = 400;
/** Texts that come before the older half is forgotten. Some tens of conversations at the same moment have room. */
const most = 500;

/** `work` with a memory of its last short texts, 500 to 1,000. It must depend on the text alone, and nobody may change what it returns. */
export function remembered<T>(work: (text: string) => T): (text: string) => T {
  // Two generations: forgetting a whole one costs nothing, and what is still asked for moves to the younger.
  let young = new Map<string, { readonly result: T }>();
  let old = new Map<string, { readonly result: T }>();
  return (text) => {
    if (text.length > longest) return work(text);
    const known = young.get(text);
    if (known !== undefined) return known.result;
    const entry = old.get(text) ?? { result: work(text) };
    if (young.size >= most) [young, old] = [new Map(), young];
    young.set(text, entry);
    return entry.result;
  };
}
