/** Intents: a throw-away recogniser learns from the train part (or from the other folds) and labels the rest; `oos` is no intent. */
import { z } from 'zod';
import { namesOf } from '../../knowledge/index/passages.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';
import { DataError, readAllRows, readRows } from '../data.ts';
import { aurocWithInterval } from '../metrics/auroc.ts';
import { aurc, brier, ece, reliability } from '../metrics/calibration.ts';
import { confusion, macroF1, matthews, perLabel } from '../metrics/classification.ts';
import type { CaseResult, Curves } from '../results.ts';
import { bootstrapInterval, type Estimate, estimate } from '../stats/bootstrap.ts';
import { shuffled } from '../stats/random.ts';
import type { Kind, LoadedCase } from './kind.ts';
import type { IntentRecogniser } from './recogniser.ts';

/** Also a standard question (`title`) of an intent, as an example of it. */
const exampleSchema = z
  .object({
    id: z.string(),
    text: z.string().optional(),
    title: z.string().optional(),
    label: z.string(),
    slices: z.record(z.string(), z.string()).optional(),
  })
  .transform(({ id, text, title, label, slices }) => ({ id, text: text ?? title ?? '', label, slices }))
  .refine((row) => row.text !== '', 'a text is missing');
type Example = z.infer<typeof exampleSchema>;

export const outOfScope = 'oos';
const splitSeed = 7;

export const intent: Kind = async (suite, bench) => {
  const rows = await readAllRows(suite.dataset, exampleSchema as z.ZodType<Example>);
  const train = suite.train
    ? (await Promise.all(suite.train.map((file) => readRows(file, exampleSchema as z.ZodType<Example>)))).flat()
    : [];
  if (suite.train_on === 'pack') train.push(...examplesOf(await bench.published()));
  if (train.length === 0 && suite.folds === undefined)
    throw new DataError(`${suite.file}: kind intent needs \`train\`, \`train_on\` or \`folds\``);
  // Where nothing is out of scope, turning texts away could only be wrong.
  const mayRefuse = [...rows, ...train].some((row) => row.label === outOfScope);
  const recogniserOf = await recognisers(rows, train, suite.folds, (examples) => bench.recogniser(examples));
  return {
    cases: rows.map((row): LoadedCase => {
      const inScope = row.label !== outOfScope;
      return {
        id: row.id,
        input: row.text,
        expected: row.label,
        slices: { ...row.slices },
        worst: inScope ? { accuracy: 0, top3: 0 } : { oos_recall: 0 },
        run: async () => {
          const recogniser = await recogniserOf(row);
          const start = performance.now();
          const said = recogniser.classify(row.text);
          const latencyMs = performance.now() - start;
          const label = mayRefuse && said.outside ? outOfScope : said.label;
          const right = label === row.label;
          const top = said.top.filter((one) => one.label !== outOfScope).slice(0, 3);
          return {
            passed: right,
            latencyMs,
            confidence: said.probability,
            actual: label,
            scores: inScope
              ? { accuracy: right ? 1 : 0, top3: top.some((one) => one.label === row.label) ? 1 : 0 }
              : { oos_recall: right ? 1 : 0 },
            ...(right ? {} : { fault: 'wrong_label' as const }),
            detail: { top, oosScore: said.oosScore },
          };
        },
      };
    }),
    summarise,
  };
};

/** How the knowledge itself calls its guides. */
const examplesOf = (items: readonly KnowledgeItem[]): Example[] =>
  items.flatMap((item) =>
    item.kind === 'guide' ? namesOf(item).map(({ text }, i) => ({ id: `${item.id}:${i}`, text, label: item.id, slices: undefined })) : [],
  );

/** Which recogniser may judge a row: one that has not seen it. */
async function recognisers(
  rows: readonly Example[],
  train: readonly Example[],
  folds: number | undefined,
  learn: (examples: readonly Example[]) => Promise<IntentRecogniser>,
): Promise<(row: Example) => Promise<IntentRecogniser>> {
  if (folds === undefined) {
    const one = await learn(train);
    return async () => one;
  }
  const foldOf = new Map(shuffled(rows, splitSeed).map((row, i) => [row.id, i % folds]));
  const learned = new Map<number, Promise<IntentRecogniser>>();
  return (row) => {
    const fold = foldOf.get(row.id) ?? 0;
    const known = learned.get(fold) ?? learn([...train, ...rows.filter((other) => foldOf.get(other.id) !== fold)]);
    learned.set(fold, known);
    return known;
  };
}

function summarise(results: readonly CaseResult[]): { metrics: Record<string, Estimate>; curves: Curves } {
  const labelled = results.map((result) => ({
    expected: String(result.expected),
    actual: result.status === 'error' ? '(error)' : String(result.actual),
  }));
  const n = results.length;
  const none: [number, number] = [Number.NaN, Number.NaN];
  const believed = results.map((result) => ({ confidence: result.confidence ?? 0, right: result.status === 'pass' }));
  const metrics: Record<string, Estimate> = {
    macro_f1: { value: macroF1(labelled), ci95: bootstrapInterval(n, (weights) => macroF1(labelled, weights), { rounds: 500 }), n },
    mcc: { value: matthews(labelled), ci95: none, n },
    overall_accuracy: estimate(results.map((result) => (result.status === 'pass' ? 1 : 0))),
    ece: { value: ece(believed), ci95: none, n },
    aurc: { value: aurc(believed), ci95: none, n },
    brier: { value: brier(believed), ci95: none, n },
  };
  const score = (result: CaseResult) => (result.status === 'error' ? Number.NaN : Number(result.detail?.oosScore));
  const outside = results.filter((result) => result.expected === outOfScope);
  if (outside.length > 0 && outside.length < n) {
    const inside = results.filter((result) => result.expected !== outOfScope);
    const known = (list: readonly CaseResult[], worst: number) =>
      list.map((result) => (Number.isNaN(score(result)) ? worst : score(result)));
    metrics.oos_auroc = aurocWithInterval(known(outside, Number.NEGATIVE_INFINITY), known(inside, Number.POSITIVE_INFINITY));
  }
  const table = Object.fromEntries([...confusion(labelled)].map(([label, row]) => [label, Object.fromEntries(row)]));
  const labels = perLabel(labelled).map(({ label, n: count, precision, recall, f1 }) => ({ label, n: count, precision, recall, f1 }));
  return {
    metrics,
    curves: { reliability: reliability(believed), confusion: table, perLabel: labels, riskCoverage: riskCoverage(believed) },
  };
}

const points = 100;

/** Share answered against share wrong among the answered, most confident first. */
function riskCoverage(rows: readonly { confidence: number; right: boolean }[]): NonNullable<Curves['riskCoverage']> {
  const sorted = [...rows].sort((a, b) => b.confidence - a.confidence);
  const step = Math.max(1, Math.floor(sorted.length / points));
  let wrong = 0;
  return sorted.flatMap((row, i) => {
    if (!row.right) wrong += 1;
    const drawn = (i + 1) % step === 0 || i + 1 === sorted.length;
    return drawn ? [{ threshold: row.confidence, coverage: (i + 1) / sorted.length, risk: wrong / (i + 1) }] : [];
  });
}
