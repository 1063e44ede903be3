/** Brings any Chinese input to one spelling for matching: never for display. */
import { remembered } from './remembered.ts';
import { simplified } from './simplified.ts';

/** 薴 alone would need two passes: it becomes 苧, which becomes 苎. */
const toSimplified = (text: string): string => simplified(text.replaceAll('薴', '苎'));

/** Unicode that carries no words but can hide or reorder them. */
const invisible = new RegExp(
  [
    '\\u00AD|\\u034F|\\u180E|\\u2060|\\uFEFF', // soft hyphen, joiners, byte order mark
    '[\\u200B-\\u200F]|\\u061C|[\\u202A-\\u202E]|[\\u2061-\\u206F]', // zero width, direction
    '\\u115F|\\u1160|\\u3164|\\uFFA0|[\\u17B4-\\u17B5]', // blank letters
    '[\\u180B-\\u180D]|\\u180F|[\\uFE00-\\uFE0F]', // variation selectors
    '[\\u{E0000}-\\u{E0FFF}]', // tags
    '\\p{Surrogate}', // half characters
  ].join('|'),
  'gu',
);

/** Drops invisible characters; the visible text stays as it was typed. */
export function stripInvisible(text: string): string {
  return text.replace(invisible, '');
}

/** Blanks inside Chinese are no word boundary: 着 火 了 is 着火了. Line ends stay. */
const spaced = /(?<=\p{Script=Han})[^\S\n]+(?=\p{Script=Han})/gu;

/** NFKC, simplified characters, lower case, one space and none inside Chinese, no invisible characters. Input of any length; output is for matching only. */
export const normalise: (text: string) => string = remembered((text) => {
  const folded = stripInvisible(text).normalize('NFKC').toLowerCase();
  return toSimplified(folded).replace(spaced, '').replace(/\s+/g, ' ').trim();
});
