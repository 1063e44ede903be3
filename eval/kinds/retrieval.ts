/** Retrieval: does the right item come first, and does the score tell what can't be answered? */
import { z } from 'zod';
import { titleOf } from '../../knowledge/item.ts';
import { readCorpus } from '../corpus.ts';
import { readAllRows } from '../data.ts';
import { isTied, rankMetrics } from '../metrics/ranking.ts';
import { refusalMetrics } from '../metrics/refusal.ts';
import type { Fault } from '../results.ts';
import type { ThrowAway } from '../throw-away.ts';
import type { Kind, LoadedCase } from './kind.ts';

/** `docIds` empty: nothing in the corpus answers it, it must be refused. */
export const questionRowSchema = z.object({
  id: z.string(),
  question: z.string(),
  docIds: z.array(z.string()).default([]),
  answer: z.union([z.string(), z.array(z.string())]).optional(),
  slices: z.record(z.string(), z.string()).optional(),
  /** Sets of several kinds of questions in one file. */
  kind: z.string().optional(),
});
export type QuestionRow = z.infer<typeof questionRowSchema>;

const zeros = { 'hit@1': 0, 'hit@5': 0, 'hit@10': 0, 'recall@5': 0, 'recall@10': 0, 'mrr@10': 0, 'ndcg@10': 0 };

/** Questions about one document belong together. */
export const clusterOf = ({ id, docIds }: QuestionRow): string => [...docIds].sort()[0] ?? id;

export const slicesOf = ({ slices, kind }: QuestionRow): Record<string, string> => ({ ...(kind ? { kind } : {}), ...slices });

export const retrieval: Kind = async (suite, bench, asOf) => {
  const questions = (await readAllRows(suite.dataset, questionRowSchema)).filter(
    (one) => suite.without_docs === 'refuse' || one.docIds.length > 0,
  );
  const place = suite.corpus ? await bench.throwAway(await readCorpus(suite.corpus)) : await bench.pack();
  return {
    cases: questions.map((question): LoadedCase => {
      const answerable = question.docIds.length > 0;
      return {
        id: question.id,
        input: question.question,
        expected: question.docIds,
        cluster: clusterOf(question),
        slices: slicesOf(question),
        worst: answerable ? { ...zeros, tied_share: 0 } : { tied_share: 0 },
        run: () => look(question, place, asOf),
      };
    }),
    summarise: (results) => refusalMetrics(results, (result) => (result.expected as string[]).length > 0),
  };
};

async function look(question: QuestionRow, place: ThrowAway, asOf: string) {
  const start = performance.now();
  const found = await place.find(question.question, asOf);
  const latencyMs = performance.now() - start;
  const ranking = found.candidates.map((candidate) => ({ id: candidate.item.id, score: candidate.score }));
  const { confidence } = await place.answer(question.question, found, asOf);
  const gold = new Set(question.docIds);
  const metrics = gold.size > 0 ? { ...rankMetrics(ranking, gold) } : {};
  const at = ranking.findIndex((one) => gold.has(one.id));
  const passed = gold.size === 0 || at === 0;
  return {
    passed,
    scores: { ...metrics, tied_share: isTied(ranking) ? 1 : 0 },
    confidence,
    latencyMs,
    actual: ranking.slice(0, 10).map(({ id }) => id),
    ...(passed ? {} : { fault: faultOf(place, gold, at) }),
    detail: {
      ranking: found.candidates.slice(0, 5).map(({ item, score, passages }) => ({
        id: item.id,
        title: titleOf(item),
        score: Math.round(score * 1e6) / 1e6,
        passage: passages[0] ? `${passages[0].passage.heading}: ${passages[0].passage.text.slice(0, 200)}` : '',
      })),
    },
  };
}

function faultOf(place: ThrowAway, gold: ReadonlySet<string>, at: number): Fault {
  if (![...gold].some((id) => place.index.item(id))) return 'not_in_corpus';
  return at === -1 ? 'not_retrieved' : 'below_cut';
}
