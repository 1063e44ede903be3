/** Knowing when not to answer: the confidence of questions that can be answered against those that can't. */
import type { CaseResult, Curves } from '../results.ts';
import { type Estimate, estimate } from '../stats/bootstrap.ts';
import { aurocWithInterval, passRateAt } from './auroc.ts';

/** Share of answerable questions kept when the false answer rate is read. */
const kept = 0.9;
/** Points drawn of a curve. */
const points = 100;

/**
 * `unanswerable_auroc` and `false_answer_rate@90` with the curve, when there are questions of both sorts; else nothing.
 * A case that could not be run counts as an answerable one of no confidence, or as an unanswerable one of full confidence.
 * `wrong`: share of a case's answer that is wrong, for the risk (default: unanswerable ones are wrong, the others right).
 */
export function refusalMetrics(
  results: readonly CaseResult[],
  isAnswerable: (result: CaseResult) => boolean,
  wrong: (result: CaseResult) => number = (result) => (isAnswerable(result) && result.status !== 'fail' ? 0 : 1),
): { metrics: Record<string, Estimate>; curves?: Curves } {
  const confidence = (result: CaseResult) =>
    result.confidence ?? (isAnswerable(result) ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  const answerable = results.filter(isAnswerable);
  const refusable = results.filter((result) => !isAnswerable(result));
  if (answerable.length === 0) return { metrics: {} };
  const curves = { riskCoverage: curve(results, confidence, isAnswerable, wrong) };
  if (refusable.length === 0) return { metrics: {}, curves };
  const yes = answerable.map(confidence);
  const no = refusable.map(confidence);
  const clusters = [...answerable, ...refusable].map((result) => result.cluster ?? result.id);
  const { threshold } = passRateAt(kept, yes, no);
  const passed = estimate(
    no.map((score) => (score >= threshold ? 1 : 0)),
    { clusters: refusable.map((result) => result.cluster ?? result.id) },
  );
  return {
    metrics: { unanswerable_auroc: aurocWithInterval(yes, no, { clusters }), 'false_answer_rate@90': { ...passed, n: results.length } },
    curves,
  };
}

/** Coverage among the answerable, risk among all that is answered, and the share of the unanswerable that is answered, by threshold. */
function curve(
  results: readonly CaseResult[],
  confidence: (result: CaseResult) => number,
  isAnswerable: (result: CaseResult) => boolean,
  wrong: (result: CaseResult) => number,
): NonNullable<Curves['riskCoverage']> {
  const sorted = [...results].sort((a, b) => confidence(b) - confidence(a));
  const total = sorted.filter(isAnswerable).length;
  const others = sorted.length - total;
  const step = Math.max(1, Math.floor(sorted.length / points));
  const drawn: NonNullable<Curves['riskCoverage']> = [];
  let faults = 0;
  let right = 0;
  sorted.forEach((result, i) => {
    faults += wrong(result);
    if (isAnswerable(result)) right++;
    const threshold = confidence(result);
    const last = i + 1 === sorted.length;
    if (!Number.isFinite(threshold) || (!last && ((i + 1) % step !== 0 || confidence(sorted[i + 1] as CaseResult) === threshold))) return;
    drawn.push({
      threshold,
      coverage: right / total,
      risk: faults / (i + 1),
      ...(others > 0 ? { falseAnswers: (i + 1 - right) / others } : {}),
    });
  });
  return drawn;
}
