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

/** Chinese, Latin words, numbers: what terms are made of. */
export interface Run {
  readonly text: string;
  readonly han: boolean;
}

const pattern = /\p{Script=Han}+|[a-z]+(?:[-.][a-z]+)*|\d+(?:\.\d+)?/gu;
const han = /\p{Script=Han}/u;

const [unread, isHan, isLatin, isDigit, isDot, isDash, isOther, isHalf] = [0, 1, 2, 3, 4, 5, 6, 7];
/** What a UTF-16 unit is; looked at once. */
const kinds = new Uint8Array(0x10000);

function kindOf(unit: number): number {
  const known = kinds[unit] as number;
  if (known !== unread) return known;
  const sign = String.fromCharCode(unit);
  const kind = /[a-z]/.test(sign)
    ? isLatin
    : /\d/.test(sign)
      ? isDigit
      : sign === '.'
        ? isDot
        : sign === '-'
          ? isDash
          : /[\ud800-\udfff]/.test(sign)
            ? isHalf
            : han.test(sign)
              ? isHan
              : isOther;
  kinds[unit] = kind;
  return kind;
}

/** The runs of a text, in order. Input must be normalised. */
export function runsOf(text: string): Run[] {
  const found: Run[] = [];
  const kindAt = (at: number): number => (at < text.length ? kindOf(text.charCodeAt(at)) : isOther);
  const pastRun = (from: number, kind: number): number => {
    let end = from;
    while (kindAt(end) === kind) end++;
    return end;
  };
  for (let i = 0; i < text.length; ) {
    const kind = kindAt(i);
    // Rare characters of two units are left to the pattern.
    if (kind === isHalf) return [...text.matchAll(pattern)].map(([run]) => ({ text: run, han: han.test(run) }));
    if (kind !== isHan && kind !== isLatin && kind !== isDigit) {
      i++;
      continue;
    }
    let end = pastRun(i + 1, kind);
    if (kind === isLatin)
      while ((kindAt(end) === isDot || kindAt(end) === isDash) && kindAt(end + 1) === isLatin) end = pastRun(end + 2, isLatin);
    else if (kind === isDigit && kindAt(end) === isDot && kindAt(end + 1) === isDigit) end = pastRun(end + 2, isDigit);
    found.push({ text: text.slice(i, end), han: kind === isHan });
    i = end;
  }
  return found;
}

/** Character bigrams of every run of Chinese; a run of one character stands for itself. */
export function bigrams(text: string): string[] {
  const terms: string[] = [];
  for (const { text: run, han } of runsOf(text)) {
    if (!han || run.length === 1) terms.push(run);
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
  for (const { text: run, han } of runsOf(text)) if (han && run.length > 1) terms.push(...run);
  return terms;
}

/** Words of two or more characters, marked with `#` so that they never collide with bigrams. */
export const words: (text: string) => readonly string[] = remembered((text) => {
  const marked: string[] = [];
  for (const word of jieba().cutForSearch(text, true)) if (word.length > 2 && han.test(word)) marked.push(`#${word}`);
  return marked;
});

/** The terms a passage or a query is indexed and searched by. */
export function terms(text: string): string[] {
  return [...bigrams(text), ...words(text)];
}

const withoutTone = new Map<string, string>();

/** zhèng → zheng. There are some 1,300 syllables: each is worked out once. A character that has no sound stays. */
function toneless(syllable: string): string {
  const known = withoutTone.get(syllable);
  if (known !== undefined) return known;
  if (han.test(syllable)) return syllable;
  const bare = syllable
    .normalize('NFD')
    .replace(/[\u0300\u0301\u0304\u030c]/g, '')
    .normalize('NFC');
  withoutTone.set(syllable, bare);
  return bare;
}

/** Toneless pinyin pairs of every run of Chinese: 身分证 and 身份证 become the same. For short texts only (0.5 M characters a second). */
export const soundPairs: (text: string) => readonly string[] = remembered((text) => keptSounds(text, pairsOf));

function pairsOf(text: string): string[] {
  const pairs: string[] = [];
  for (const { text: run, han } of runsOf(text)) {
    if (!han) continue;
    const syllables = pinyin(run, { type: 'array', toneSandhi: false }).map(toneless);
    for (let i = 0; i + 1 < syllables.length; i++) pairs.push(`~${syllables[i]}-${syllables[i + 1]}`);
  }
  return pairs;
}
