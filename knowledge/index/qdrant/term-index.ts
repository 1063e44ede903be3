/** The index of a term in sparse vectors. */

/** Stands in the vector of a unit without terms; no term has it. */
export const noTerm = 0;

/**
 * 32-bit FNV-1a over UTF-16 code units, mixed by the last step of MurmurHash3. Two terms may fall together: of 100,000 terms about
 * one pair. They then count as one term, here and on the server alike; no answer depends on a single term.
 */
export function termIndex(term: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < term.length; i++) {
    const unit = term.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0 || 1;
}
