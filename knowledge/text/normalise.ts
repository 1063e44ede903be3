/** Brings any Chinese input to one spelling for matching: never for display. */
import { remembered } from './remembered.ts';
import { mayBeTraditional, toSimplified } from './simplified.ts';

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

/**
 * What becomes of a UTF-16 unit wherever it stands; 0: that depends, and the whole text takes the long way. Everyday Chinese is known
 * altogether: ASCII, its full-width twins, the characters in common use, their punctuation.
 */
const everyday = everydayUnits();

function everydayUnits(): Uint16Array {
  const units = new Uint16Array(0x10000);
  const ranges = [
    [0x20, 0x7e], // ASCII
    [0x2014, 0x2014], // dash
    [0x2018, 0x201d], // quotation marks
    [0x3001, 0x3003], // 、。
    [0x3008, 0x3011], // brackets
    [0x4e00, 0x9fa5], // unified ideographs that composition leaves alone
    [0xff01, 0xff5e], // full-width ASCII
  ] as const;
  for (const [from, to] of ranges)
    for (let unit = from; unit <= to; unit++) {
      const folded = String.fromCharCode(unit).normalize('NFKC').toLowerCase();
      if (folded.length === 1 && !mayBeTraditional(folded)) units[unit] = folded.charCodeAt(0);
    }
  return units;
}

const blank = 0x20;

/** The folded text where every unit is an everyday one; undefined: take the long way. */
function foldedEveryday(text: string): string | undefined {
  let folded = '';
  let copied = 0;
  let blanks = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const to = everyday[unit] as number;
    if (to === 0) return undefined;
    if (to === blank) blanks = true;
    if (to === unit) continue;
    folded += text.slice(copied, i) + String.fromCharCode(to);
    copied = i + 1;
  }
  folded = copied === 0 ? text : folded + text.slice(copied);
  return blanks ? oneSpace(folded) : folded;
}

const oneSpace = (text: string): string => text.replace(spaced, '').replace(/\s+/g, ' ').trim();

/** NFKC, simplified characters, lower case, one space and none inside Chinese, no invisible characters. Input of any length; output is for matching only. */
export const normalise: (text: string) => string = remembered(
  (text) => foldedEveryday(text) ?? oneSpace(toSimplified(stripInvisible(text).normalize('NFKC').toLowerCase())),
);
