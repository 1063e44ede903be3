/** Remembers what was worked out for short texts: one message is read by a dozen rules, and each wants the same form of it. */

/** Longer texts are seldom asked about twice and would take room. */
const longest = 400;
/** Texts kept at most, a power of two. Some tens of conversations at the same moment have room. */
const places = 1024;
/** So many characters of a text say where it is kept. */
const sampled = 32;

/** The first of the two places a text may be in: an even number. */
function placeOf(text: string): number {
  let h = text.length;
  const step = 1 + Math.floor(text.length / sampled);
  for (let i = 0; i < text.length; i += step) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  // Texts that differ in one character must not end up side by side.
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) & (places - 2);
}

/** `work` with a memory of up to 1,024 short texts. It must depend on the text alone, and nobody may change what it returns. */
export function remembered<T>(work: (text: string) => T): (text: string) => T {
  // Every text has two places it may be in: looking there is cheaper than any table that grows and forgets.
  const texts = new Array<string | undefined>(places).fill(undefined);
  const results = new Array<T | undefined>(places).fill(undefined);
  return (text) => {
    if (text.length > longest) return work(text);
    const place = placeOf(text);
    if (texts[place] === text) return results[place] as T;
    const beside = place + 1;
    if (texts[beside] === text) return results[beside] as T;
    const result = work(text);
    // What came last stays beside; what came before that goes.
    texts[beside] = texts[place];
    results[beside] = results[place];
    texts[place] = text;
    results[place] = result;
    return result;
  };
}
