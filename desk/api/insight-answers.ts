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
