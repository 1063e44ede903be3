/** A work order (工单): what it holds, and the events its history is made of. Moments are epoch milliseconds. */
import { z } from 'zod';

/** Words somebody typed: trimmed, not empty, and nothing a database can't hold. */
export const plainText = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((value) => !value.includes('\u0000'), '有不能识别的字符');

/** 受理 → 派单 → 办理 → 答复 → 确认 → 回访 → 办结. Source: GB/T 44189-2024, 7.1.1 (the loop); the names are ours. */
export const workOrderStates = ['received', 'dispatched', 'handled', 'answered', 'confirmed', 'followed_up', 'closed'] as const;
export type WorkOrderState = (typeof workOrderStates)[number];

/**
 * demand: somebody wants something · message: left while nobody was on duty · bad_rating: a rating of 1 or 2 must be put right ·
 * before_complaint: a topic rises above what is usual, nobody has complained yet (未诉先办).
 */
export const workOrderKinds = ['demand', 'message', 'bad_rating', 'before_complaint'] as const;
export type WorkOrderKind = (typeof workOrderKinds)[number];

/** GB/T 44189-2024, 3.2. */
export const demandTypes = ['consult', 'help', 'complaint', 'report', 'suggestion', 'online_guidance'] as const;
export const urgencies = ['urgent', 'sub_urgent', 'general'] as const;

/** How the matter ended. not_justified: no legal ground, explained · declined: belongs to another door · withdrawn: by the citizen. */
export const resolutions = ['solved', 'explained', 'partly_solved', 'not_justified', 'declined', 'withdrawn'] as const;
export type Resolution = (typeof resolutions)[number];

/**
 * Whose duty it is is not clear: from talks between the departments up to a special report. settled: somebody decided.
 * Source: GB/T 44189-2024, 8.1.3.
 */
export const disputeLevels = ['coordination', 'joint_meeting', 'special_study', 'special_report', 'settled'] as const;
export type DisputeLevel = (typeof disputeLevels)[number];

/** What changes an order. `receive` makes it. */
export const workOrderActions = [
  'receive',
  'dispatch',
  'return',
  'handle',
  'answer',
  'answer_directly',
  'rework',
  'confirm',
  'follow_up',
  'close',
  'decline',
  'reopen',
  'urge',
  'supervise',
  'extend',
  'overdue',
  'remind',
  'contact',
  'assign',
  'dispute',
  'link',
  'note',
] as const;
export type WorkOrderAction = (typeof workOrderActions)[number];

export const actorKinds = ['citizen', 'system', 'agent', 'department', 'supervisor', 'admin'] as const;
export type ActorKind = (typeof actorKinds)[number];
export const actorSchema = z.object({ kind: z.enum(actorKinds), name: z.string() });
export type Actor = z.infer<typeof actorSchema>;

/** Something that happens by itself at a moment if nothing comes before it. */
export const checkKinds = ['half', 'urge', 'contact', 'overdue', 'supervise', 'confirm', 'close'] as const;
const checkSchema = z.object({ at: z.number(), kind: z.enum(checkKinds) });
export type Check = z.infer<typeof checkSchema>;

const text = z.string();

/** What `receive` brings along. */
export const matterSchema = z.object({
  number: text,
  kind: z.enum(workOrderKinds),
  demandType: z.enum(demandTypes),
  urgency: z.enum(urgencies),
  title: text,
  detail: text,
  place: text.nullable(),
  /** Who asks, the same on every visit: `channel:user`. */
  citizenKey: text.nullable(),
  channel: text.nullable(),
  conversationId: text.nullable(),
  phone: text.nullable(),
  /** Four digits only the citizen is told: proof when asking for progress without the phone number. */
  code: z.string().regex(/^\d{4}$/),
  /** Accuses staff of the administration, and the departments it names: they never get it. */
  aboutStaff: z.boolean().default(false),
  accused: z.array(text).default([]),
});
export type Matter = z.infer<typeof matterSchema>;

export const resultSchema = z.object({ resolution: z.enum(resolutions), note: text, publicNote: text.nullable() });
export type Result = z.infer<typeof resultSchema>;

export const workOrderSchema = matterSchema.extend({
  id: text,
  state: z.enum(workOrderStates),
  /** Number of events so far. */
  version: z.int().min(1),
  department: text.nullable(),
  coDepartments: z.array(text),
  /** The person who works on it. */
  handler: text.nullable(),
  complex: z.boolean(),
  receivedAt: z.number(),
  /** When the present limit began, and when it ends. */
  startedAt: z.number(),
  dueAt: z.number(),
  checks: z.array(checkSchema),
  overdueAt: z.number().nullable(),
  urged: z.int(),
  lastUrgedAt: z.number().nullable(),
  supervised: z.boolean(),
  disputed: z.enum(disputeLevels).nullable().default(null),
  extended: z.boolean(),
  delayReason: text.nullable(),
  returns: z.int(),
  reopened: z.int(),
  contactedAt: z.number().nullable(),
  work: text.nullable(),
  reply: text.nullable(),
  result: resultSchema.nullable(),
  followUp: z.enum(['resolved', 'unresolved', 'no_answer']).nullable(),
  duplicateOf: text.nullable(),
  closedAt: z.number().nullable(),
});
export type WorkOrder = z.infer<typeof workOrderSchema>;

/** What an event may carry, besides who, when and a note. Which of them an action needs is in decide.ts. */
export const eventDataSchema = z
  .strictObject({
    matter: matterSchema,
    department: text,
    coDepartments: z.array(text),
    handler: text,
    complex: z.boolean(),
    startedAt: z.number(),
    dueAt: z.number(),
    checks: z.array(checkSchema),
    reply: text,
    result: resultSchema,
    followUp: z.enum(['resolved', 'unresolved', 'no_answer']),
    duplicateOf: text,
    disputed: z.enum(disputeLevels),
  })
  .partial();
export type EventData = z.infer<typeof eventDataSchema>;

export const workOrderEventSchema = z.object({
  orderId: text,
  seq: z.int().min(1),
  action: z.enum(workOrderActions),
  actor: actorSchema,
  at: z.number(),
  note: text.nullable(),
  data: eventDataSchema,
});
export type WorkOrderEvent = z.infer<typeof workOrderEventSchema>;
