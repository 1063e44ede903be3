/** Longest-match segmentation over a vocabulary: the same as distil/segment.py, on text that is normalised already. */

export interface Segmenter {
  /** The numbers of the entries in `text`, left to right; a character without an entry is skipped. */
  ids(text: string): number[];
}

/** `vocabulary`: entries of the basic plane, none empty; entry i has number i. */
export function makeSegmenter(vocabulary: readonly string[]): Segmenter {
  const numbers = new Map(vocabulary.map((entry, i) => [entry, i]));
  const longest = new Uint8Array(65536);
  for (const entry of vocabulary) {
    const first = entry.charCodeAt(0);
    longest[first] = Math.max(entry.length, longest[first] ?? 0);
  }
  return {
    ids(text) {
      const found: number[] = [];
      let at = 0;
      while (at < text.length) {
        let length = Math.min(longest[text.charCodeAt(at)] ?? 0, text.length - at);
        for (; length > 0; length--) {
          const number = numbers.get(text.slice(at, at + length));
          if (number !== undefined) {
            found.push(number);
            break;
          }
        }
        at += Math.max(1, length);
      }
      return found;
    },
  };
}
