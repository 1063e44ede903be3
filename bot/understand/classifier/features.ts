/** A short text as hashed features: character n-grams, words and word pairs, pairs of sounds; Chinese and Latin alike. */
import { normalise } from '../../../knowledge/text/normalise.ts';
import { soundPairs, words } from '../../../knowledge/text/tokenise.ts';

const han = /\p{Script=Han}/u;
const runs = /\p{Script=Han}+|[\p{Script=Latin}]+(?:'[\p{Script=Latin}]+)?|\d+/gu;
const longestHan = 4;
const shortestLatin = 3;
const longestLatin = 4;
/** A message is a sentence; what comes after this says nothing new about its intent. */
const longestText = 600;
/** Typing by sound makes mistakes of sound (升报 for 申报); pinyin is slow, so only the beginning is sounded. */
const longestSounded = 120;

/** FNV-1a over UTF-16 units, 32 bits. Source: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string, from: number, to: number, kind: number): number {
  let h = (0x811c9dc5 ^ kind) >>> 0;
  h = Math.imul(h, 0x01000193);
  for (let i = from; i < to; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Which block a feature belongs to; each block is weighed on its own. */
export type Block = 'characters' | 'words';
export type Features = Readonly<Record<Block, ReadonlyMap<number, number>>>;

/** Counts of a text's features by hash. */
export function featuresOf(text: string): Features {
  const plain = normalise(text).slice(0, longestText);
  const characters = new Map<number, number>();
  const wordCounts = new Map<number, number>();
  const add = (map: Map<number, number>, key: number) => void map.set(key, (map.get(key) ?? 0) + 1);
  let previous = '';
  const word = (one: string) => {
    add(wordCounts, hash(one, 0, one.length, 1));
    if (previous !== '') {
      const pair = `${previous} ${one}`;
      add(wordCounts, hash(pair, 0, pair.length, 2));
    }
    previous = one;
  };
  for (const [run] of plain.matchAll(runs)) {
    const isHan = han.test(run);
    // How a sentence begins and ends says what is wanted: 怎么…, …吗.
    const marked = isHan ? `^${run}$` : ` ${run} `;
    const [shortest, longest] = isHan ? [1, longestHan] : [shortestLatin, longestLatin];
    for (let length = shortest; length <= longest; length++)
      for (let i = 0; i + length <= marked.length; i++) add(characters, hash(marked, i, i + length, 0));
    if (isHan) for (const one of words(run)) word(one);
    else word(run);
  }
  const sounded = plain.slice(0, longestSounded);
  for (const pair of soundPairs(sounded)) add(wordCounts, hash(pair, 0, pair.length, 3));
  return { characters, words: wordCounts };
}
