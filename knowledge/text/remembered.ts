/** Remembers what was worked out for short texts: one message is read by a dozen rules, and each wants the same form of it. */

/** Longer texts are seldom asked about twice and would take room. */
const longest = 400;
/** Texts kept; the oldest go first. Some tens of conversations at the same moment have room. */
const most = 1000;

/** `work` with a memory of its last thousand short texts. It must depend on the text alone, and nobody may change what it returns. */
export function remembered<T>(work: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly result: T }>();
  return (text) => {
    if (text.length > longest) return work(text);
    const before = known.get(text);
    if (before !== undefined) return before.result;
    const result = work(text);
    if (known.size >= most) known.delete(known.keys().next().value as string);
    known.set(text, { result });
    return result;
  };
}
