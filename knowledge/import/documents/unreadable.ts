/** Why a document can't be read, and how much of anything a document may have. */

/** A document that can't be read, with the reason in words for the person who has to mend it. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

export interface DocumentLimits {
  readonly pages: number;
  /** For one file; checked between pages and between batches of rows. */
  readonly milliseconds: number;
  /** All unpacked parts of an office file together. */
  readonly unpackedBytes: number;
  /** The text part of a Word file: it is read in one go. */
  readonly wordBytes: number;
  readonly rows: number;
  readonly columns: number;
  /** Of the text of one document. */
  readonly characters: number;
}

export const defaultLimits: DocumentLimits = {
  pages: 5000,
  milliseconds: 60_000,
  unpackedBytes: 200 * 1024 * 1024,
  wordBytes: 16 * 1024 * 1024,
  rows: 200_000,
  columns: 256,
  characters: 5_000_000,
};

/** What a reader may use: its limits, and a clock in milliseconds. */
export interface ReadingContext {
  readonly limits: DocumentLimits;
  readonly clock: () => number;
}

/** What a parser says, in one short line. */
export function brokenFile(error: unknown): Unreadable {
  const words = (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replace(/\s+/g, ' ').slice(0, 120);
  return new Unreadable(`is broken or cut off: ${words}`);
}

/** Throws `Unreadable` when called later than the limit allows. */
export function deadline({ limits, clock }: ReadingContext): () => void {
  const end = clock() + limits.milliseconds;
  return () => {
    if (clock() > end) throw new Unreadable(`took longer than ${limits.milliseconds / 1000} seconds to read`);
  };
}
