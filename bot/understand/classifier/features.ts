/** A short text as hashed features: character n-grams, words and word pairs, pairs of sounds; Chinese and Latin alike. */
import { normalise } from '../../../knowledge/text/normalise.ts';
import { remembered } from '../../../knowledge/text/remembered.ts';
import { soundPairs, words } from '../../../knowledge/text/tokenise.ts';

const han = /\p{Script=Han}/u;
const runs = /\p{Script=Han}+|[\p{Script=Latin}]+(?:'[\p{Script=Latin}]+)?|\d+/gu;
const longestHan = 4;
const shortestLatin = 3;
const longestLatin = 4;
/** A message is a sentence, and a letter's words are those of its beginning; the rest costs time and decides nothing. */
const longestText = { han: 160, latin: 480 };
/** Typing by sound makes mistakes of sound (升报 for 申报); pinyin is slow, so only the beginning is sounded. */
const longestSounded = 40;

/**
 * FNV-1a over UTF-16 units, a family of hashes by kind. Source: http://www.isthe.com/chongo/tech/comp/fnv/. The 32 bits have a sign: maps
 * look up small integers several times as fast as what is beyond them.
 */
const start = (kind: number): number => Math.imul(0x811c9dc5 ^ kind, 0x01000193);
const mixed = (h: number, unit: number): number => Math.imul(h ^ unit, 0x01000193);
function hash(text: string, kind: number): number {
  let h = start(kind);
  for (let i = 0; i < text.length; i++) h = mixed(h, text.charCodeAt(i));
  return h;
}

/** Which block a feature belongs to; each block is weighed on its own. */
export type Block = 'characters' | 'words';
export type Features = Readonly<Record<Block, ReadonlyMap<number, number>>>;

/** Counts of a text's features by hash. Nobody may change them: they are kept for whoever else asks about the text. */
export function featuresOf(text: string): Features {
  const longest = han.test(text) ? longestText.han : longestText.latin;
  return countedIn(normalise(text.slice(0, 2 * longest)).slice(0, longest));
}

const add = (map: Map<number, number>, key: number): void => void map.set(key, (map.get(key) ?? 0) + 1);

const countedIn = remembered((plain): Features => {
  const characters = new Map<number, number>();
  const wordCounts = new Map<number, number>();
  let previous = '';
  const word = (one: string) => {
    add(wordCounts, hash(one, 1));
    if (previous !== '') add(wordCounts, hash(`${previous} ${one}`, 2));
    previous = one;
  };
  for (const [run] of plain.matchAll(runs)) {
    const isHan = han.test(run);
    // How a sentence begins and ends says what is wanted: 怎么…, …吗.
    const marked = isHan ? `^${run}$` : ` ${run} `;
    const [shortest, most] = isHan ? [1, longestHan] : [shortestLatin, longestLatin];
    for (let i = 0; i < marked.length; i++) {
      let h = start(0);
      for (let length = 1; length <= most && i + length <= marked.length; length++) {
        h = mixed(h, marked.charCodeAt(i + length - 1));
        if (length >= shortest) add(characters, h);
      }
    }
    if (isHan) for (const one of words(run)) word(one);
    else word(run);
  }
  const sounded = plain.slice(0, longestSounded);
  for (const pair of soundPairs(sounded)) add(wordCounts, hash(pair, 3));
  return { characters, words: wordCounts };
});
