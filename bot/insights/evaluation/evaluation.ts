/**
 * Evaluations of the service: by itself each quarter (每季一评), by those it served (好差评 and follow-ups), and by a third party. Source of
 * the three kinds: 一网通办 基本要求 (draft) 10.1. What is recorded stays as it was counted then.
 */
import { z } from 'zod';
import { plainText } from '../../work-orders/order.ts';
import { spanOf } from './periods.ts';
import { treeResultSchema } from './tree.ts';

export const evaluationKinds = ['self', 'satisfaction', 'third_party'] as const;
export type EvaluationKind = (typeof evaluationKinds)[number];

export const evaluationKindNames: Readonly<Record<EvaluationKind, string>> = {
  self: '自我评价',
  satisfaction: '满意度评价',
  third_party: '第三方评价',
};

export const periodNameSchema = z.string().refine((period) => spanOf(period) !== undefined, '应当是年份或季度，例如 2026、2026-Q4');

const satisfactionSchema = z.object({
  /** Ratings of 1, 2, 3, 4 and 5. */
  scores: z.array(z.int()).length(5),
  count: z.int(),
  satisfaction: z.number().nullable(),
  followUps: z.object({ sent: z.int(), answered: z.int(), resolved: z.int() }),
});
/** What a third party reports: its words are published as they are, so whoever records them answers for them. */
export const thirdPartySchema = z.object({
  /** Of 100. */
  score: z.number('应当是 0–100 的分数').min(0).max(100),
  method: plainText(2000),
  findings: plainText(4000),
  /** SHA-256 of the pack it worked with. */
  pack: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '应当是材料包的 SHA-256')
    .nullable()
    .default(null),
});

export const resultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('self'), tree: treeResultSchema }),
  z.object({ kind: z.literal('satisfaction'), ratings: satisfactionSchema }),
  z.object({ kind: z.literal('third_party'), report: thirdPartySchema }),
]);
export type EvaluationResult = z.infer<typeof resultSchema>;

export interface Evaluation {
  readonly id: number;
  readonly period: string;
  readonly evaluator: string;
  readonly result: EvaluationResult;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly publishedBy: string | null;
  readonly publishedAt: number | null;
}
