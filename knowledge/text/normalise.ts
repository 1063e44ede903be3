/** Brings any Chinese input to one spelling for matching: never for display. */
import { Converter } from 'opencc-js/t2cn';

const toSimplified = Converter({ from: 'hk', to: 'cn' });

/** Unicode that carries no words but can hide or reorder them: zero-width, bidi controls, tag block, variation selectors. */
// biome-ignore lint/suspicious/noMisleadingCharacterClass: single code points are listed on purpose
const invisible = /[\u00AD\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFE00-\uFE0F\uFEFF]|[\u{E0000}-\u{E0FFF}]/gu;

/** Drops invisible characters; the visible text stays as it was typed. */
export function stripInvisible(text: string): string {
  return text.replace(invisible, '');
}

/** NFKC, simplified characters, lower case, one space, no invisible characters. Input of any length; output is for matching only. */
export function normalise(text: string): string {
  const folded = stripInvisible(text).normalize('NFKC').toLowerCase();
  return toSimplified(folded).replace(/\s+/g, ' ').trim();
}
