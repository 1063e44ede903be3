/** What a run says: one object a case, estimates of the metrics, and where they came from. `results.json` is this, as JSON. */
import { z } from 'zod';

/** Why a case failed, decided by rule (reference evaluation.md §8). */
export const faults = [
  'not_in_corpus',
  'not_retrieved',
  'below_cut',
  'wrong_sentence',
  'wrong_fact',
  'uncited',
  'over_refusal',
  'should_refuse',
  'unsafe',
  'wrong_label',
  'flow',
  'inconsistent',
  'handoff',
  'error',
] as const;
export type Fault = (typeof faults)[number];

/** JSON has no NaN: what has no value is null. */
const number = z.union([z.number(), z.null().transform(() => Number.NaN)]);

export const estimateSchema = z.object({ value: number, ci95: z.tuple([number, number]).readonly(), n: z.number() });

export const caseResultSchema = z.object({
  id: z.string(),
  input: z.string(),
  /** error: the case could not be run; it stays in every denominator with the worst value. */
  status: z.enum(['pass', 'fail', 'error']),
  /** Value of every metric this case counts for. */
  scores: z.record(z.string(), number),
  /** Cases of one cluster are resampled together. */
  cluster: z.string().optional(),
  slices: z.record(z.string(), z.string()).default({}),
  expected: z.unknown().optional(),
  actual: z.unknown().optional(),
  /** 0..1, where the kind has one. */
  confidence: number.optional(),
  fault: z.enum(faults).optional(),
  error: z.string().optional(),
  /** What to read when the case is looked into: passages, rules, turns. */
  detail: z.record(z.string(), z.unknown()).optional(),
  latencyMs: z.number(),
});
export type CaseResult = z.infer<typeof caseResultSchema>;

/** What was asked of language models. */
export const usageSchema = z.object({
  calls: z.number(),
  /** Answered from the cache of an earlier run. */
  kept: z.number(),
  failed: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  /** In the currency of the configured prices; null without prices. */
  cost: z.number().nullable(),
});
export type Usage = z.infer<typeof usageSchema>;

export const manifestSchema = z.object({
  id: z.string(),
  suite: z.string(),
  kind: z.string(),
  asOf: z.string(),
  commit: z.string().nullable(),
  dirty: z.boolean().nullable(),
  versions: z.record(z.string(), z.string()),
  /** Path (relative to the project or suite) → sha256 of its content. */
  hashes: z.record(z.string(), z.string()),
  recogniser: z.string(),
  seed: z.number(),
  limit: z.number().nullable(),
  machine: z.string(),
  startedAt: z.string(),
  seconds: z.number(),
  /** Absent: no model could be asked. Not part of the id. */
  usage: usageSchema.optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const curvesSchema = z.object({
  /** Answered share against share of wrong ones among the answered, at every threshold worth drawing. */
  riskCoverage: z.array(z.object({ threshold: number, coverage: number, risk: number, falseAnswers: number.optional() })).optional(),
  reliability: z.array(z.object({ confidence: number, accuracy: number, n: z.number() })).optional(),
  /** expected → actual → count, only what occurs. */
  confusion: z.record(z.string(), z.record(z.string(), z.number())).optional(),
  perLabel: z.array(z.object({ label: z.string(), n: z.number(), precision: number, recall: number, f1: number })).optional(),
});
export type Curves = z.infer<typeof curvesSchema>;

/** A judge model beside the labels of people. */
export const judgeSchema = z.object({
  model: z.string(),
  /** Facts it judged; calls that failed. */
  judged: z.number(),
  failed: z.number(),
  /** Facts that people labelled too. */
  labelled: z.number(),
  /** Absent without labels: then nothing is known about the judge and its score is not shown. */
  agreement: z.object({ kappa: estimateSchema, accuracy: number, sensitivity: number, specificity: number }).optional(),
  /** Share of facts said, as the judge sees it; and corrected by what is known of its faults. */
  score: estimateSchema.optional(),
  corrected: number.optional(),
});
export type JudgeReport = z.infer<typeof judgeSchema>;

/** What a suite never got to. */
export const coverageSchema = z.array(z.object({ of: z.enum(['flow_step', 'command']), total: z.number(), missed: z.array(z.string()) }));
export type Coverage = z.infer<typeof coverageSchema>;

export const suiteResultSchema = z.object({
  suite: z.string(),
  title: z.string().optional(),
  kind: z.string(),
  manifest: manifestSchema,
  metrics: z.record(z.string(), estimateSchema),
  curves: curvesSchema.default({}),
  coverage: coverageSchema.optional(),
  judge: judgeSchema.optional(),
  cases: z.array(caseResultSchema),
});
export type SuiteResult = z.infer<typeof suiteResultSchema>;
