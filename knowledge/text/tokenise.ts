/** Text to index terms: words by jieba, character bigrams, Latin words and numbers. Input must be normalised. */
import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict.js';
import { pinyin } from 'pinyin-pro';
import { keptSounds } from './kept-sounds.ts';
import { remembered } from './remembered.ts';

let segmenter: Jieba | undefined;
/** Built on first use: the dictionary takes some 150 ms and 50 MB. */
function jieba(): Jieba {
  segmenter ??= Jieba.withDict(dict);
  return segmenter;
}

const runs = /\p{Script=Han}+|[a-z]+(?:[-.][a-z]+)*|\d+(?:\.\d+)?/gu;
const han = /\p{Script=Han}/u;

/** Character bigrams of every run of Chinese; a run of one character stands for itself. */
export function bigrams(text: string): string[] {
  const terms: string[] = [];
  for (const [run] of text.matchAll(runs)) {
    if (!han.test(run)) terms.push(run);
    else if (run.length === 1) terms.push(run);
    else for (let i = 0; i + 1 < run.length; i++) terms.push(run.slice(i, i + 2));
  }
  return terms;
}

/**
 * Bigrams and single characters of Chinese, what passages are searched by: characters catch 补领 where the text says 补办, and together
 * they rank better than bigrams alone (docs/retrieval.md).
 */
export function grams(text: string): string[] {
  const terms = bigrams(text);
  for (const [run] of text.matchAll(runs)) if (run.length > 1 && han.test(run)) terms.push(...run);
  return terms;
}

/** Words of two or more characters, marked with `#` so that they never collide with bigrams. */
export const words: (text: string) => readonly string[] = remembered((text) =>
  jieba()
    .cutForSearch(text, true)
    .filter((word) => word.length > 2 && han.test(word))
    .map((word) => `#${word}`),
);

/** The terms a passage or a query is indexed and searched by. */
export function terms(text: string): string[] {
  return [...bigrams(text), ...words(text)];
}

/** Toneless pinyin pairs of every run of Chinese: 身分证 and 身份证 become the same. For short texts only (0.5 M characters a second). */
export const soundPairs: (text: string) => readonly string[] = remembered((text) => keptSounds(text, pairsOf));

function pairsOf(text: string): string[] {
  const pairs: string[] = [];
  for (const [run] of text.matchAll(/\p{Script=Han}+/gu)) {
    const syllables = pinyin(run, { toneType: 'none', type: 'array' });
    for (let i = 0; i + 1 < syllables.length; i++) pairs.push(`~${syllables[i]}-${syllables[i + 1]}`);
  }
  return pairs;
}
