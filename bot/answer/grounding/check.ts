/**
 * The strong grounding check: every sentence of an answer must be said by the passages it cites. Deterministic, no model.
 * Method: reference nlu.md §7 — critical tokens in the cited sentence (not the document), values with their units, turning
 * words equal, names and quotations as they stand, words covered by idf weight.
 */
import type { Passage } from '../../../knowledge/index/types.ts';
import { compare, type Problem } from './compare.ts';
import { type Evidence, pairsOf, type Source, sourceOf, termsOf } from './evidence.ts';
import { nameProblems, wrongQuotes } from './names.ts';
import { comparable, readSigns, type Sign } from './symbols.ts';

export type { Problem, ProblemKind } from './compare.ts';

export type Checked =
  | { ok: true /** The cited passages that prove it. */; support: readonly Passage[] }
  | { ok: false; problems: readonly Problem[] };

export interface CheckOptions {
  /** Offices, halls and districts of the knowledge base, from `knownNames`. */
  readonly names?: readonly string[];
  /** Weight of a character pair; default: all the same. */
  readonly idf?: (term: string) => number;
}

/** Share of the sentence's words that must stand in the evidence, and of each stretch of it. */
const sentenceCoverage = 0.6;
const stretchCoverage = 0.5;
/** Stretches with fewer words are read together with their neighbour. */
const shortStretch = 3;
/** Pieces this close to the best one may each be meant. */
const sameScore = 0.02;
/** A clause with this share of another's words speaks of the same case. */
const saysNearlyTheSame = 0.6;

interface Placed {
  readonly piece: Evidence;
  readonly source: Source;
  readonly coverage: number;
  readonly score: number;
}

/** Checks one sentence (or list item) against the passages it cites. */
export function checkSentence(sentence: string, cited: readonly Passage[], options: CheckOptions = {}): Checked {
  const text = sentence.replaceAll('\n', '；').trim();
  const signs = readSigns(text);
  const sources = cited.map(sourceOf);
  if (signs.length === 0) return { ok: false, problems: [{ kind: 'coverage', token: text }] };
  if (sources.every((source) => source.pieces.length === 0)) return { ok: false, problems: [{ kind: 'coverage', token: text }] };
  const weigh = weigher(options.idf);
  const terms = termsOf(signs);
  const problems: Problem[] = [];
  const used: Placed[] = [];
  let covered = 0;
  let total = 0;
  let together: Sign[] = [];
  let before: readonly Sign[] = [];
  for (const stretch of stretches(signs)) {
    const { placed, found } = prove(stretch, terms, sources, weigh);
    // Stretches from one piece are compared once more as one: two of them can't both stand for the same clause.
    together = used.at(-1)?.piece === placed.piece ? [...together, ...stretch] : [...stretch];
    const joint = together.length > stretch.length ? compare(together, placed.piece.signs, placed.source.about.signs) : [];
    problems.push(...found, ...joint, ...torn(before, used.at(-1), placed, weigh));
    before = stretch;
    used.push(placed);
    const weight = weigh.total(termsOf(stretch));
    covered += placed.coverage * weight;
    total += weight;
    if (placed.coverage < stretchCoverage) problems.push({ kind: 'coverage', token: stretch.map((sign) => sign.raw).join('') });
  }
  if (total > 0 && covered / total < sentenceCoverage) problems.push({ kind: 'coverage', token: text });
  const lead = leadWord.exec(text)?.[1];
  if (lead !== undefined && !used.some(({ piece }) => leadWord.exec(piece.text)?.[1] === lead))
    problems.push({ kind: 'polarity', token: lead });
  const needless = turnedNeed(text, used.map(({ piece }) => piece.text).join('。'));
  if (needless !== undefined) problems.push({ kind: 'polarity', token: needless });
  const pieces = used.map((one) => one.piece.comparable).join('|');
  const about = used.map((one) => one.source.about.comparable).join('|');
  problems.push(...nameProblems(comparable(text), pieces, about, options.names ?? []));
  problems.push(...wrongQuotes(text, used.map((one) => one.source.whole).join('|')));
  return problems.length > 0
    ? { ok: false, problems: distinct(problems) }
    : { ok: true, support: [...new Set(used.map((one) => one.source.passage))] };
}

/** 需要，… answers a question of its own: the evidence must begin with the same word. */
const leadWord = /^(需要|要的?|必须|可以|能|不用|不需要|不能|不可以)[，,。；;]/u;

/** 需要等 where the evidence says 不用等 and nowhere 要等: what is said to be needed that the source excuses from; undefined when there is none. */
function turnedNeed(text: string, evidence: string): string | undefined {
  for (const [said, verb = ''] of text.matchAll(/(?<![不无必是否])(?:需要|需)([\p{Script=Han}])/gu)) {
    const excused = new RegExp(`(?:不用|不需要|不需|无需|不必|不要)${verb}`, 'u');
    const needed = new RegExp(`(?<![不无])(?:需要|需|须|要)${verb}`, 'u');
    if (excused.test(evidence) && !needed.test(evidence)) return said;
  }
  return undefined;
}

/**
 * 有学位的，由教育局统筹安排: a condition and what follows from it come from two clauses of the source, and the second clause has the
 * same condition turned round (没有学位的). Together they say what the source doesn't.
 */
function torn(condition: readonly Sign[], one: Placed | undefined, next: Placed, weigh: Weigher): readonly Problem[] {
  if (!one || one.piece === next.piece || weigh.coverage(termsOf(condition), next.piece, undefined) < saysNearlyTheSame) return [];
  return compare(condition, next.piece.signs, next.source.about.signs).filter(({ kind }) => kind === 'polarity');
}

/** The piece of the cited passages that comes nearest to a sentence, with the share of its words found there. */
export function nearestPiece(
  sentence: string,
  cited: readonly Passage[],
): { text: string; passage: Passage; coverage: number } | undefined {
  const terms = termsOf(readSigns(sentence.replaceAll('\n', '；')));
  const weigh = weigher(undefined);
  const ranked = cited
    .map(sourceOf)
    .flatMap((source) =>
      source.pieces.map((piece) => ({ text: piece.text, passage: source.passage, coverage: weigh.coverage(terms, piece, undefined) })),
    )
    .sort((a, b) => b.coverage - a.coverage);
  return ranked[0];
}

function prove(
  stretch: readonly Sign[],
  whole: readonly string[],
  sources: readonly Source[],
  weigh: Weigher,
): { placed: Placed; found: readonly Problem[] } {
  const terms = termsOf(stretch);
  const pairs = pairsOf(stretch);
  const ranked = sources
    .flatMap((source) =>
      source.pieces.map((piece) => {
        const coverage = weigh.coverage(terms, piece, source.about);
        // The title speaks for every piece of its passage alike, so it does not choose among them.
        const own = weigh.coverage(terms, piece, undefined) + weigh.coverage(whole, piece, undefined) / 2;
        const beside = pairs.length === 0 ? 0 : pairs.filter((pair) => piece.pairs.has(pair)).length / pairs.length;
        return { piece, source, coverage, score: own + coverage / 10 + beside / 3 };
      }),
    )
    .sort((a, b) => b.score - a.score);
  const [first] = ranked as [Placed];
  let best: { placed: Placed; found: readonly Problem[] } | undefined;
  for (const placed of ranked.filter((one) => one.score >= first.score - sameScore).slice(0, 8)) {
    const found = compare(stretch, placed.piece.signs, placed.source.about.signs);
    if (!best || found.length < best.found.length) best = { placed, found };
  }
  return best ?? { placed: first, found: [] };
}

/** Clauses and list items; short ones stay with what they belong to. */
function stretches(signs: readonly Sign[]): Sign[][] {
  const segments: Sign[][] = [];
  for (const sign of signs) {
    const last = segments.at(-1);
    if (last?.[0]?.segment === sign.segment) last.push(sign);
    else segments.push([sign]);
  }
  const result: Sign[][] = [];
  for (const segment of segments) {
    const last = result.at(-1);
    if (last && (termsOf(segment).length < shortStretch || termsOf(last).length < shortStretch)) last.push(...segment);
    else result.push([...segment]);
  }
  return result;
}

interface Weigher {
  total(terms: readonly string[]): number;
  coverage(terms: readonly string[], piece: Evidence, about: Evidence | undefined): number;
}

function weigher(idf: ((term: string) => number) | undefined): Weigher {
  const weight = (term: string) => Math.max(0.1, idf?.(term) ?? 1);
  const total = (terms: readonly string[]) => terms.reduce((sum, term) => sum + weight(term), 0);
  return {
    total,
    coverage(terms, piece, about) {
      if (terms.length === 0) return 1;
      const found = terms.filter((term) => piece.terms.has(term) || about?.terms.has(term));
      return total(found) / total(terms);
    },
  };
}

function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.kind}:${problem.token}`, problem])).values()];
}
