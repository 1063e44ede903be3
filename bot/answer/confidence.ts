/** How likely it is that the best candidate answers the question: logistic over what retrieval knows, fitted on real questions. */

import type { Passage } from '../../knowledge/index/types.ts';
import { sentencesOf } from '../../knowledge/sentences.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import { bigrams } from '../../knowledge/text/tokenise.ts';
import { calibration } from './calibration.ts';
import type { Candidate } from './retrieve.ts';

export const signalNames = [
  'share',
  'passageCoverage',
  'itemCoverage',
  'score',
  'sentence',
  'typed',
  'name',
  'meaning',
  'margin',
  'known',
  'length',
  'guide',
] as const;
export type Signals = Readonly<Record<(typeof signalNames)[number], number>>;

/** One fit: logistic weights, and what they came to in cross-validation. */
export interface Fit {
  readonly bias: number;
  readonly weights: Signals;
  /** Answers are given from here on: a wrong one costs more than an honest "I don't know". */
  readonly threshold: number;
  /** At `threshold` these shares of answerable and of unanswerable questions are answered. */
  readonly curve: readonly { readonly threshold: number; readonly kept: number; readonly passed: number }[];
}

export interface Calibration {
  readonly policy: Fit;
  readonly named: Fit;
}

/** Policies are told from one another by other signals than what has names that people say. */
export const fitFor = (kind: Candidate['item']['kind']): Fit => (kind === 'policy' ? calibration.policy : calibration.named);

const namedWordForWord = 0.7;

/** A question for this kind of thing … is answered by a text that has it (reference nlu.md §5). */
const types: readonly { readonly asks: RegExp; readonly has: RegExp }[] = [
  { asks: /多少|几|金额|比例|百分之/, has: /\d|[一二三四五六七八九十百千万][元个天倍成]/ },
  { asks: /何时|什么时候|时间|日期|多久|期限|截止/, has: /\d+ ?[月日年天]|小时|工作日|以内|之前/ },
  { asks: /电话|热线|号码/, has: /\d{3,}/ },
  { asks: /哪里|哪儿|地址|网址|平台/, has: /[市区县路号]|网|app|http/i },
];

/** What a text must have to answer a question (canonical text) that asks for a number, a date, a phone or a place. */
export function expectedType(question: string): RegExp | undefined {
  return types.find(({ asks }) => asks.test(question))?.has;
}

const canonicals = new WeakMap<Lexicon, WeakMap<Passage, string>>();

/** A passage's text in canonical words; worked out once, the best passages are the best of many questions. */
function canonicalOf(passage: Passage, lexicon: Lexicon): string {
  const ofLexicon = canonicals.get(lexicon) ?? new WeakMap<Passage, string>();
  const text = ofLexicon.get(passage) ?? lexicon.canonical(passage.text);
  canonicals.set(lexicon, ofLexicon.set(passage, text));
  return text;
}

/** What is known of the best candidate; `second` is the next one's score. */
export function signalsOf(query: string, best: Candidate, second: number | undefined, known: number, lexicon: Lexicon): Signals {
  const canonical = lexicon.canonical(query);
  const passage = best.passages[0];
  const text = passage ? canonicalOf(passage.passage, lexicon) : '';
  const type = expectedType(canonical);
  return {
    share: passage?.share ?? 0,
    passageCoverage: passage?.coverage ?? 0,
    itemCoverage: best.coverage,
    score: best.score,
    sentence: passage ? bestSentence(canonical, text) : 0,
    typed: type === undefined || type.test(text) ? 1 : 0,
    name: best.nameSimilarity,
    meaning: Math.max(0, best.meaning),
    margin: best.score - (second ?? 0),
    known,
    length: Math.log(1 + canonical.length),
    guide: best.item.kind === 'guide' ? 1 : 0,
  };
}

/** 0..1. */
export function confidenceOf(signals: Signals, kind: Candidate['item']['kind']): number {
  const { bias, weights } = fitFor(kind);
  const z = signalNames.reduce((sum, name) => sum + weights[name] * signals[name], bias);
  const likely = 1 / (1 + Math.exp(-z));
  // The questions it was fitted on never name an item word for word: one that does is about it.
  return signals.name >= namedWordForWord ? Math.max(likely, signals.name) : likely;
}

/** Share of the question's bigrams that the best two neighbouring sentences hold. */
function bestSentence(question: string, text: string): number {
  const wanted = new Set(bigrams(question));
  if (wanted.size === 0) return 0;
  const found = sentencesOf(text).map((sentence) => new Set(bigrams(sentence).filter((term) => wanted.has(term))));
  let most = 0;
  found.forEach((one, i) => {
    const both = new Set([...one, ...(found[i + 1] ?? [])]);
    most = Math.max(most, both.size);
  });
  return most / wanted.size;
}
