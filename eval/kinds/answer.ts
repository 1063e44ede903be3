/** Answers: is the text right, is it cited, and is what can't be answered refused? */
import { z } from 'zod';
import type { Answer } from '../../bot/answer/answer.ts';
import { unsupportedTokens } from '../../bot/answer/ground.ts';
import type { LanguageModel } from '../../bot/llm/model.ts';
import type { Passage } from '../../knowledge/index/types.ts';
import { readCorpus } from '../corpus.ts';
import { readAllRows } from '../data.ts';
import { type FactDetail, judgeFacts, judgeReport } from '../judge.ts';
import { factKey, factText, type Labels } from '../label/store.ts';
import { citationPrecision } from '../metrics/citations.ts';
import { consistencyWith, consistencyWithPassages, criticalTokensOf, textsOfPassages } from '../metrics/critical.ts';
import { type Fact, factSchema, forbiddenSchema, type Judged, judge } from '../metrics/facts.ts';
import { refusalMetrics } from '../metrics/refusal.ts';
import { answerText, shownText } from '../metrics/shown.ts';
import { charF1, rougeL, shareShown } from '../metrics/text.ts';
import type { CaseResult, Fault } from '../results.ts';
import type { CitizenOptions, Talk } from '../talk.ts';
import type { ThrowAway } from '../throw-away.ts';
import type { Kind, LoadedCase, Ran } from './kind.ts';
import { clusterOf, questionRowSchema, slicesOf } from './retrieval.ts';

/** Questions with a gold text, or with authored key facts, or with neither and empty `docIds`: to be refused. */
export const answerRowSchema = questionRowSchema.extend({
  facts: z.array(factSchema).optional(),
  /** What must not be said. */
  forbid: z.array(forbiddenSchema).default([]),
  /** Ids of items or passages, one of which must be cited; default: `docIds`. */
  cites: z.array(z.string()).optional(),
  /** A question back (which of these?) is right too, when it offers one of the gold items. */
  clarify: z.boolean().default(false),
});
export type AnswerRow = z.infer<typeof answerRowSchema>;

/** How much of a long answer a citizen sees without scrolling, in characters. */
const firstLook = 300;

/** What was said, whoever said it. */
interface Said {
  readonly kind: Answer['kind'];
  readonly text: string;
  readonly citations: readonly Passage[];
  readonly offered: readonly string[];
  readonly confidence: number;
  readonly latencyMs: number;
  /** Ids of the items found, best first, where they can be seen. */
  readonly found: readonly string[];
  readonly detail: Record<string, unknown>;
}

export const answer: Kind = async (suite, bench, asOf) => {
  const rows = (await readAllRows(suite.dataset, answerRowSchema)).filter((row) => suite.without_docs === 'refuse' || !mustRefuse(row));
  const place = suite.corpus ? await bench.throwAway(await readCorpus(suite.corpus)) : await bench.pack();
  const talk = suite.corpus ? undefined : await bench.talk(asOf);
  const ask = async (question: string): Promise<Said> => {
    if (!talk) return quoted(place, question, asOf);
    const found = await place.find(question, asOf);
    const { confidence } = await place.answer(question, found, asOf);
    return { ...(await said(talk, question)), confidence, found: found.candidates.map((candidate) => candidate.item.id) };
  };
  return {
    cases: rows.map((row): LoadedCase => {
      return {
        id: row.id,
        input: row.question,
        expected: expectedOf(row),
        cluster: clusterOf(row),
        slices: slicesOf(row),
        worst: worstOf(row),
        run: async () => {
          const ran = scored(row, await ask(row.question), place, bench.labels);
          const judged = bench.judge ? await withJudge(row, ran, bench.judge) : ran;
          return talk ? judged : { ...judged, scores: { ...judged.scores, ...(await extracts(row, place, asOf)) } };
        },
      };
    }),
    summarise: (results) => {
      const judge = judgeReport(bench.judge?.id, results, bench.labels);
      return {
        ...refusalMetrics(results, (result) => !(result.expected as { refuse?: true }).refuse, wrongIfAnswered),
        ...(judge ? { judge } : {}),
      };
    },
  };
};

/** Adds what the judge says about the facts of an answer; a judge that fails changes nothing else. */
async function withJudge(row: AnswerRow, ran: Ran, model: LanguageModel): Promise<Ran> {
  const facts = (ran.detail?.facts ?? []) as FactDetail[];
  const answer = (ran.actual as { text: string }).text;
  if (facts.length === 0 || answer === '') return ran;
  const asked = facts.map((fact, i) => ({ id: String(i + 1), text: fact.text }));
  const [reference] = goldOf(row);
  const said = await judgeFacts(model, { question: row.question, answer, facts: asked, ...(reference ? { reference } : {}) });
  if ('error' in said) return { ...ran, detail: { ...ran.detail, judgeError: said.error } };
  const judged = facts.map((fact, i) => ({ ...fact, ...(said.has(String(i + 1)) ? { judge: said.get(String(i + 1)) } : {}) }));
  return { ...ran, detail: { ...ran.detail, facts: judged } };
}

/** Whether the answer would be wrong if it were given, however unsure: for the risk at any threshold. */
function wrongIfAnswered(result: CaseResult): number {
  if ((result.expected as { refuse?: true }).refuse) return 1;
  const shown = result.scores['top_shown@300'];
  return (shown === undefined ? result.status === 'pass' : shown >= mostShown) ? 0 : 1;
}

export const mustRefuse = (row: AnswerRow): boolean => row.docIds.length === 0 && !row.facts && !row.cites;
const goldOf = (row: AnswerRow): string[] => (row.answer === undefined ? [] : [row.answer].flat());

function expectedOf(row: AnswerRow): Record<string, unknown> {
  if (mustRefuse(row)) return { refuse: true };
  return {
    docIds: row.cites ?? row.docIds,
    ...(row.facts ? { facts: row.facts.map((fact) => fact.id) } : {}),
    ...(row.answer === undefined ? {} : { answer: row.answer }),
  };
}

function worstOf(row: AnswerRow): Record<string, number> {
  if (mustRefuse(row)) return { false_answer: 1 };
  return {
    coverage: 0,
    citation_precision: 0,
    citation_recall: 0,
    critical_token_consistency: 0,
    reference_token_consistency: 0,
    ...(row.answer === undefined ? {} : { rouge_l: 0, char_f1: 0, 'shown@300': 0 }),
    ...(row.facts ? { fact_precision: 0, fact_recall: 0, fact_f1: 0, strict_accuracy: 0 } : {}),
  };
}

/** As the turn does it: a draft that its citations don't hold up never leaves (bot/turn.ts, ground). */
async function quoted(place: ThrowAway, question: string, asOf: string): Promise<Said> {
  const start = performance.now();
  const found = await place.find(question, asOf);
  let given = await place.answer(question, found, asOf);
  if (given.kind === 'answered' && unsupportedTokens(given.draft).length > 0)
    given = { kind: 'not_found', department: undefined, confidence: given.confidence };
  const latencyMs = performance.now() - start;
  return {
    found: found.candidates.map((candidate) => candidate.item.id),
    kind: given.kind,
    confidence: given.confidence,
    latencyMs,
    text: given.kind === 'answered' ? given.draft.text : '',
    citations: given.kind === 'answered' ? given.draft.citations : [],
    offered: given.kind === 'clarify' ? given.items.map((item) => item.id) : [],
    detail: {},
  };
}

/** Asks a citizen's question of the house. Throws when the turn failed. */
export async function said(talk: Talk, question: string, options: CitizenOptions = {}): Promise<Omit<Said, 'found' | 'confidence'>> {
  const citizen = await talk.citizen(options);
  const heard = await citizen.says(question);
  const { outcome, reason, commands } = heard.turn;
  if (outcome === 'failed_internal') throw new Error(`the turn failed: ${reason ?? ''}`);
  const kind = outcome === 'clarified' ? 'clarify' : heard.citations.length > 0 || outcome === 'in_flow' ? 'answered' : 'not_found';
  return {
    kind,
    text: heard.text,
    citations: heard.citations,
    offered: kind === 'clarify' ? heard.state.options.flatMap((option) => option.itemId ?? []) : [],
    latencyMs: heard.latencyMs,
    detail: { outcome, reason, commands, timings: heard.turn.timings },
  };
}

function scored(row: AnswerRow, one: Said, place: ThrowAway, labels: Labels): Ran {
  const answered = one.kind === 'answered';
  const gold = new Set(row.cites ?? row.docIds);
  const shown = shownText(one.text);
  const common = {
    confidence: one.confidence,
    latencyMs: one.latencyMs,
    actual: { kind: one.kind, text: shown, cites: one.citations.map((passage) => passage.id), offered: one.offered },
    detail: {
      ...one.detail,
      passages: one.citations.map(({ id, title, heading, text }) => ({ id, source: `${title} ${heading}`, text })),
      found: one.found.slice(0, 5),
    },
  };
  if (mustRefuse(row)) {
    const scores = { false_answer: answered ? 1 : 0 };
    return { ...common, passed: !answered, scores, ...(answered ? { fault: 'should_refuse' as const } : {}) };
  }
  if (row.clarify && one.kind === 'clarify' && one.offered.some((id) => gold.has(id))) {
    return { ...common, passed: true, scores: { coverage: 1, ...(row.facts ? { strict_accuracy: 1 } : {}) } };
  }
  const scores: Record<string, number> = { coverage: answered ? 1 : 0 };
  const consistency = consistencyWithPassages(shown, one.citations);
  const precision = citationPrecision(one.citations, gold);
  const citedGold = precision > 0;
  if (answered) {
    scores.critical_token_consistency = consistency.share;
    if (gold.size > 0) {
      scores.citation_precision = Number.isNaN(precision) ? 0 : precision;
      scores.citation_recall = citedGold ? 1 : 0;
    }
  }
  const texts = goldOf(row);
  const reference = answered && gold.size > 0 ? consistencyWith(shown, [...texts, ...goldTexts(gold, place)]) : undefined;
  if (reference) scores.reference_token_consistency = reference.share;
  // Numbers of the gold text that the answer left out.
  if (answered && texts.some((text) => criticalTokensOf(text).length > 0))
    scores.reference_token_recall = Math.max(...texts.map((text) => consistencyWith(text, [shown]).share));
  const best = (measure: (text: string) => number) => (answered ? Math.max(...texts.map(measure)) : 0);
  if (texts.length > 0) {
    const content = answerText(one.text);
    scores.rouge_l = best((text) => rougeL(content, text));
    scores.char_f1 = best((text) => charF1(content, text));
    scores['shown@300'] = best((text) => shareShown(shown.slice(0, firstLook), text));
    if (answered) scores.rouge_l_answered = scores.rouge_l;
  }
  const told = (fact: Fact) => {
    const label = labels.get(factKey(shown, fact));
    return label === undefined || label === 'unclear' ? undefined : label === 'yes';
  };
  const judged = row.facts ? judge(shown, row.facts, row.forbid, told) : undefined;
  if (judged) {
    scores.fact_precision = answered ? judged.precision : 0;
    scores.fact_recall = answered ? judged.recall : 0;
    scores.fact_f1 = answered ? judged.f1 : 0;
    scores.strict_accuracy = answered && judged.complete && consistency.share === 1 && (gold.size === 0 || citedGold) ? 1 : 0;
  }
  const passed = judged ? scores.strict_accuracy === 1 : answered && citedGold && (scores['shown@300'] ?? 1) >= mostShown;
  const fault = passed ? undefined : faultOf(one, gold, { place, citedGold, consistent: consistency.share === 1, judged });
  return {
    ...common,
    passed,
    scores,
    ...(fault ? { fault } : {}),
    detail: {
      ...common.detail,
      ...(judged ? { stated: judged.stated, missing: judged.missing, forbidden: judged.forbidden } : {}),
      ...(judged && answered ? { facts: factDetails(row.facts ?? [], shown, judged.stated) } : {}),
      ...(answered && consistency.unsupported.length > 0 ? { unsupported: consistency.unsupported } : {}),
      ...(reference && reference.unsupported.length > 0 ? { notInReference: reference.unsupported } : {}),
    },
  };
}

const factDetails = (facts: readonly Fact[], shown: string, stated: readonly string[]): FactDetail[] =>
  facts.map((fact) => ({ key: factKey(shown, fact), text: factText(fact), stated: stated.includes(fact.id) }));

/** Everything the gold documents say. */
const goldTexts = (gold: ReadonlySet<string>, place: ThrowAway): string[] =>
  textsOfPassages([...new Set([...gold].map((id) => id.split('#')[0] ?? id))].flatMap((id) => place.index.passagesOf(id)));

/** An answer with less of the gold text than this missed it. */
const mostShown = 0.5;

function faultOf(
  one: Said,
  gold: ReadonlySet<string>,
  state: { place: ThrowAway; citedGold: boolean; consistent: boolean; judged: Judged | undefined },
): Fault {
  const items = [...gold].map((id) => id.split('#')[0] ?? id);
  if (items.length > 0 && !items.some((id) => state.place.index.item(id))) return 'not_in_corpus';
  if (items.length > 0 && !items.some((id) => one.found.includes(id))) return 'not_retrieved';
  if (one.kind !== 'answered') return 'over_refusal';
  if (!state.citedGold && gold.size > 0) return one.citations.length === 0 ? 'uncited' : 'below_cut';
  if (!state.consistent) return 'uncited';
  return state.judged && state.judged.forbidden.length > 0 ? 'wrong_fact' : 'wrong_sentence';
}

/**
 * What the extract shows of the gold text whether or not it is sure enough to be said: from the item found first (`top_…`), and with the
 * right item given (`given_…`), which is how published figures are measured.
 */
async function extracts(row: AnswerRow, place: ThrowAway, asOf: string): Promise<Record<string, number>> {
  const texts = goldOf(row);
  if (mustRefuse(row) || texts.length === 0) return {};
  const found = await place.find(row.question, asOf);
  const gold = row.docIds.find((id) => place.index.item(id));
  const scores: Record<string, number> = {};
  for (const [name, item] of [
    ['top', found.candidates[0]?.item.id],
    ['given', gold],
  ] as const) {
    const from = item === undefined ? undefined : await place.answerFrom(item, row.question, found, asOf);
    const text = from?.kind === 'answered' ? from.draft.text : '';
    scores[`${name}_rouge_l`] = Math.max(...texts.map((one) => rougeL(answerText(text), one)));
    scores[`${name}_shown@300`] = Math.max(...texts.map((one) => shareShown(shownText(text).slice(0, firstLook), one)));
  }
  return scores;
}
