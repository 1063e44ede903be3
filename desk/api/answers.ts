/** What the desk's routes answer, as schemas: the OpenAPI document and the tests read them. */
import { z } from 'zod';
import type { LoggedActivity } from '../../bot/activity.ts';

const time = z.iso.datetime();
const role = z.enum(['agent', 'editor', 'analyst', 'supervisor', 'admin']);
const urgency = z.enum(['urgent', 'sub_urgent', 'general']);

export const meSchema = z.object({ name: z.string(), role });

export const queueEntrySchema = z.object({
  conversationId: z.string(),
  channel: z.string(),
  reason: z.string(),
  skill: z.string(),
  urgency,
  summary: z.string(),
  waitingSince: time,
});

export const activeEntrySchema = queueEntrySchema.extend({ claimedAt: time, lastSeq: z.int() });

export const colleaguesSchema = z.object({ agents: z.array(z.string()), skills: z.array(z.string()) });

const handoffSchema = z.object({
  status: z.string(),
  reason: z.string(),
  skill: z.string(),
  urgency,
  summary: z.string(),
  agent: z.string().nullable(),
  note: z.string().nullable(),
  waitingSince: time,
  claimedAt: time.nullable(),
});

export const conversationSchema = z.object({
  conversationId: z.string(),
  channel: z.string(),
  locale: z.string(),
  mode: z.enum(['bot', 'waiting', 'agent', 'ended']),
  lastSeq: z.int(),
  profile: z.record(z.string(), z.unknown()),
  createdAt: time,
  handoff: handoffSchema.nullable(),
});

/** Typed as what the log gives: the schema says what every activity has. */
export const activitySchema = z
  .object({ id: z.string(), seq: z.int(), type: z.string(), from: z.object({ id: z.string() }).loose(), timestamp: z.string() })
  .loose()
  .meta({ id: 'Activity', description: 'A Bot Framework activity with its place in the log' }) as unknown as z.ZodType<LoggedActivity>;

export const activitiesSchema = z.object({ activities: z.array(activitySchema), watermark: z.string(), more: z.boolean() });

export const saidSchema = z.object({ id: z.string(), seq: z.int(), duplicate: z.boolean() });

/** What happened: claimed, released, transferred, closed … */
export const statusSchema = z.object({ status: z.string() });

export const ratingSchema = z.object({
  conversationId: z.string(),
  score: z.int().min(1).max(5),
  tags: z.array(z.string()),
  comment: z.string().nullable(),
  channel: z.string().optional(),
  createdAt: time.optional(),
});

export const foundAnswerSchema = z.object({
  itemId: z.string(),
  kind: z.enum(['guide', 'faq', 'policy', 'contact']),
  title: z.string(),
  department: z.string().nullable(),
  text: z.string(),
  sources: z.array(z.object({ name: z.string(), heading: z.string(), url: z.string().nullable() })).readonly(),
});

export const noteSchema = z.object({ id: z.int(), staff: z.string(), text: z.string(), createdAt: time });
