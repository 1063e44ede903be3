/** What the analysts' routes answer. */
import { z } from 'zod';

export const figureSchema = z.object({
  id: z.string(),
  name: z.string(),
  formula: z.string(),
  unit: z.enum(['share', 'count', 'seconds', 'score']),
  value: z.number().nullable(),
  n: z.int(),
  conversations: z.array(z.string()).readonly(),
});

const rowSchema = z.object({
  key: z.string(),
  conversations: z.int(),
  handedOver: z.int(),
  answeredTurns: z.int(),
  turns: z.int(),
  score: z.number().nullable(),
});
const rows = z.array(rowSchema).readonly();

export const breakdownSchema = z.object({
  days: rows,
  channels: rows,
  hours: rows,
  departments: rows,
  outcomes: z.array(z.object({ outcome: z.string(), turns: z.int() })).readonly(),
  items: z.array(rowSchema.extend({ itemId: z.string(), title: z.string() })).readonly(),
});

export const gapSchema = z.object({
  question: z.string(),
  count: z.int(),
  badRatings: z.int(),
  wordings: z.array(z.string()).readonly(),
  conversations: z.array(z.string()).readonly(),
});

export const flagSchema = z.object({
  kind: z.enum(['forbidden_phrase', 'attitude', 'no_greeting', 'slow_first_answer']),
  conversationId: z.string(),
  agent: z.string(),
  seq: z.int(),
  words: z.string(),
  at: z.iso.datetime(),
});

export const maskedLineSchema = z.object({
  seq: z.int(),
  speaker: z.enum(['citizen', 'agent', 'bot']),
  text: z.string(),
  at: z.iso.datetime(),
});

const side = z.object({ value: z.number().nullable(), n: z.int() });
export const comparisonSchema = figureSchema.pick({ id: true, name: true, unit: true }).extend({
  before: side,
  after: side,
  /** Two-sided; null where no test fits. */
  p: z.number().nullable(),
  note: z.string(),
});

export const burstSchema = z.object({ words: z.string(), count: z.int(), since: z.iso.datetime(), conversations: z.array(z.string()) });

export const scorecardsSchema = z.object({
  agents: z.array(
    z.object({
      agent: z.string(),
      taken: z.int(),
      closed: z.int(),
      waited: z.number().nullable(),
      flags: z.int(),
      ratings: z.int(),
      satisfaction: z.number().nullable(),
    }),
  ),
  departments: z.array(
    z.object({
      department: z.string(),
      received: z.int(),
      inTime: z.number().nullable(),
      late: z.int(),
      returned: z.number().nullable(),
      ratings: z.int(),
      satisfaction: z.number().nullable(),
    }),
  ),
});

export const evaluationRunSchema = z.object({
  period: z.string(),
  status: z.enum(['running', 'done', 'failed']),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** Where its report lies, inside the data folder of the server. */
  folder: z.string().nullable(),
  metrics: z.record(z.string(), z.number()),
  error: z.string().nullable(),
});

const question = z.string('问题应当是文字').trim().min(1, '问题不能为空').max(300, '问题不超过 300 个字');
export const newCaseSchema = z.object({ question, itemIds: z.array(z.string().min(1).max(200)).max(10, '最多选 10 条') });
export const caseSchema = z.object({
  id: z.int(),
  question: z.string(),
  itemIds: z.array(z.string()),
  author: z.string(),
  createdAt: z.iso.datetime(),
});

export const utteranceSchema = z.object({
  conversationId: z.string(),
  text: z.string(),
  channel: z.string(),
  outcome: z.string(),
  at: z.iso.datetime(),
  score: z.number(),
});
