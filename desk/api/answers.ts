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
  /** What the colleague wrote who passed it on. */
  note: z.string().nullable(),
  /** BCP 47 primary tag of the language the citizen speaks. */
  language: z.string(),
  /** Who took it first, and who passes it on and stays responsible until somebody accepts. */
  firstOwner: z.string().nullable(),
  passedBy: z.string().nullable(),
  passedAt: time.nullable(),
});

export const activeEntrySchema = queueEntrySchema.extend({
  claimedAt: time,
  lastSeq: z.int(),
  agent: z.string(),
  /** The colleague it is offered to, who has not accepted yet: they see it among theirs too. */
  offeredTo: z.string().nullable(),
});

export const runningEntrySchema = queueEntrySchema.extend({
  agent: z.string().nullable(),
  offeredTo: z.string().nullable(),
  claimedAt: time.nullable(),
  last: z.object({ speaker: z.enum(['citizen', 'bot', 'agent']), text: z.string(), at: z.string() }).nullable(),
  clock: z.object({ kind: z.enum(['first', 'answer']), since: time }).nullable(),
});

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
  firstOwner: z.string().nullable(),
  passedBy: z.string().nullable(),
  passedAt: time.nullable(),
  offeredTo: z.string().nullable(),
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

/** How soon people at the desk should act, seconds; and what canned replies may mention. */
export const deskSettingsSchema = z.object({
  firstResponseSeconds: z.number(),
  answerSeconds: z.number(),
  acceptSeconds: z.number(),
  shownName: z.string(),
  standardName: z.string(),
});

export const staffNoticeSchema = z.object({
  id: z.int(),
  kind: z.enum(['offered', 'returned', 'taken_over', 'whisper', 'declined', 'abuse']),
  conversationId: z.string(),
  text: z.string(),
  createdAt: time,
});

export const cannedReplyAnswerSchema = z.object({
  id: z.string(),
  title: z.string(),
  text: z.string(),
  shortcut: z.string(),
  /** First letters of the title's pinyin. */
  initials: z.string(),
  shared: z.boolean(),
  /** Whether the one who asks may change it. */
  editable: z.boolean(),
});

/** Values of canned replies' variables in a conversation; what is not known is left out. */
export const variablesSchema = z.record(z.string(), z.string());

export const fileSchema = z.object({ id: z.string(), name: z.string(), contentType: z.string(), size: z.int() });

export const earlierConversationSchema = z.object({
  conversationId: z.string(),
  channel: z.string(),
  startedAt: time,
  updatedAt: time,
  matter: z.string(),
  /** What became of it: the status of the handoff, or the outcome of the bot's last turn. */
  handoff: z.string().nullable(),
  outcome: z.string().nullable(),
  wrapUp: z.string().nullable(),
});
