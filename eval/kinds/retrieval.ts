/** Retrieval: does the right item come first, and does the score tell what can't be answered? */
import type { Retrieved } from '../../bot/answer/retrieve.ts';
import type { QuestionRow } from '../data.ts';
import { auroc, passRateAt } from '../metrics/auroc.ts';
import { isTied, type RankMetrics, rankMetrics } from '../metrics/ranking.ts';
import { type Estimate, meanWithInterval } from '../stats/bootstrap.ts';

export interface RetrievalCase {
  readonly id: string;
  readonly question: string;
  /** Confidence of the best item, 0 when nothing was found. */
  readonly confidence: number;
  readonly top: readonly { id: string; score: number }[];
  /** Absent for questions that must be refused. */
  readonly metrics?: RankMetrics;
}

export interface RetrievalResult {
  readonly metrics: Record<string, Estimate>;
  readonly cases: readonly RetrievalCase[];
}

/** Share of answerable questions kept when the false answer rate is read. */
const kept = 0.9;

/** Asks every question and scores the rankings; questions with empty `docIds` must be refused. */
export async function evaluateRetrieval(
  questions: readonly QuestionRow[],
  find: (question: string) => Promise<Retrieved>,
  onProgress?: (done: number) => void,
): Promise<RetrievalResult> {
  const cases: RetrievalCase[] = [];
  const times: number[] = [];
  let tied = 0;
  for (const question of questions) {
    const start = performance.now();
    const { candidates } = await find(question.question);
    times.push(performance.now() - start);
    const ranking = candidates.map((candidate) => ({ id: candidate.item.id, score: candidate.score }));
    if (isTied(ranking)) tied++;
    cases.push({
      id: question.id,
      question: question.question,
      confidence: candidates[0]?.score ?? 0,
      top: ranking.slice(0, 10),
      ...(question.docIds.length > 0 ? { metrics: rankMetrics(ranking, new Set(question.docIds)) } : {}),
    });
    onProgress?.(cases.length);
  }
  const metrics: Record<string, Estimate> = {};
  const answerable = cases.filter((one) => one.metrics !== undefined);
  for (const name of ['hit@1', 'hit@5', 'hit@10', 'recall@5', 'recall@10', 'mrr@10', 'ndcg@10'] as const) {
    if (answerable.length > 0) metrics[name] = meanWithInterval(answerable.map((one) => one.metrics?.[name] ?? 0));
  }
  metrics.tied_share = meanWithInterval([...Array(tied).fill(1), ...Array(cases.length - tied).fill(0)]);
  const refusable = cases.filter((one) => one.metrics === undefined).map((one) => one.confidence);
  if (refusable.length > 0 && answerable.length > 0) {
    const positive = answerable.map((one) => one.confidence);
    const n = positive.length + refusable.length;
    const area = auroc(positive, refusable);
    const passed = passRateAt(kept, positive, refusable);
    metrics.unanswerable_auroc = { value: area, ci95: [Number.NaN, Number.NaN], n };
    metrics['false_answer_rate@90'] = { ...meanWithInterval(refusable.map((score) => (score >= passed.threshold ? 1 : 0))), n };
  }
  const sorted = times.sort((a, b) => a - b);
  for (const [name, share] of [
    ['latency_ms_p50', 0.5],
    ['latency_ms_p95', 0.95],
  ] as const) {
    metrics[name] = { value: sorted[Math.floor(sorted.length * share)] ?? Number.NaN, ci95: [Number.NaN, Number.NaN], n: sorted.length };
  }
  return { metrics, cases };
}
