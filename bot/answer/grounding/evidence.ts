/** What a cited passage says, cut into the smallest pieces that can prove something: a sentence, a list item, a table row. */
import { sentences } from '../../../knowledge/index/passages.ts';
import type { Passage } from '../../../knowledge/index/types.ts';
import { comparable, readSigns, type Sign } from './symbols.ts';

export interface Evidence {
  /** The piece as it stands in the passage. */
  readonly text: string;
  readonly comparable: string;
  readonly signs: readonly Sign[];
  readonly terms: ReadonlySet<string>;
  readonly pairs: ReadonlySet<string>;
}

export interface Source {
  readonly passage: Passage;
  readonly pieces: readonly Evidence[];
  /** Title, heading, document number: what every piece of the passage is about. */
  readonly about: Evidence;
  /** The whole text in comparable form, for quotations. */
  readonly whole: string;
}

/** A record is one row: its name, address, hours and phone belong together. */
const records: ReadonlySet<Passage['element']> = new Set(['place', 'contact', 'phone', 'complaint', 'time', 'visits', 'result']);
const cache = new WeakMap<Passage, Source>();

/** Pieces of a passage; computed once for each passage object. */
export function sourceOf(passage: Passage): Source {
  const known = cache.get(passage);
  if (known) return known;
  const rows = passage.text.split('\n').filter((row) => row.trim() !== '');
  const pieces = records.has(passage.element) ? [passage.text.replaceAll('\n', '；')] : rows.flatMap(sentencesOf);
  const about = [
    passage.title,
    passage.heading,
    passage.docNo,
    `《${passage.title.replace(/^《|》$/gu, '')}》`,
    passage.validFrom,
    passage.url,
    passage.element === 'phone' || passage.element === 'complaint' ? passage.department : undefined,
  ];
  const source = {
    passage,
    pieces: pieces.map(evidence),
    about: evidence(about.filter(Boolean).join('；')),
    whole: comparable(passage.text),
  };
  cache.set(passage, source);
  return source;
}

/** Sentences of a row that can be quoted each on its own. */
export function sentencesOf(row: string): string[] {
  return sentences(row).map((sentence) => sentence.trim());
}

function evidence(text: string): Evidence {
  const signs = readSigns(text);
  return { text, comparable: comparable(text), signs, terms: new Set(termsOf(signs)), pairs: new Set(pairsOf(signs)) };
}

/** Character pairs of the plain words, within a clause; a lone character stands for itself. */
export function termsOf(signs: readonly Sign[]): string[] {
  const terms: string[] = [];
  let previous: Sign | undefined;
  for (const [i, sign] of signs.entries()) {
    if (sign.kind !== 'char') {
      previous = undefined;
      continue;
    }
    if (previous && previous.segment === sign.segment) terms.push(previous.key + sign.key);
    else if (sign.key.length > 1) terms.push(sign.key);
    else {
      const next = signs[i + 1];
      if (next?.kind !== 'char' || next.segment !== sign.segment) terms.push(sign.key);
    }
    previous = sign;
  }
  return terms;
}

/** What stands beside amounts and turning words: 10年+以上. Tells pieces apart that use the same words. */
export function pairsOf(signs: readonly Sign[]): string[] {
  return signs.flatMap((sign, i) => {
    const next = signs[i + 1];
    return next && next.clause === sign.clause && (sign.kind !== 'char' || next.kind !== 'char') ? [`${sign.key}+${next.key}`] : [];
  });
}
