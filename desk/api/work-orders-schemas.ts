/** What the routes of work orders take and answer. */
import { z } from 'zod';
import { commandSchema } from '../../bot/work-orders/decide.ts';
import {
  actorKinds,
  demandTypes,
  disputeLevels,
  plainText,
  resolutions,
  urgencies,
  workOrderActions,
  workOrderKinds,
  workOrderStates,
} from '../../bot/work-orders/order.ts';
import { newOrderSchema } from '../../bot/work-orders/work-orders.ts';

const time = z.iso.datetime();
const list = <T extends readonly [string, ...string[]]>(values: T) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(values)).min(1));
const word = plainText(100);

export const numberParams = z.object({ number: plainText(32) });

export const ordersQuerySchema = z.object({
  /** Several, with commas between. */
  state: list(workOrderStates).optional(),
  kind: list(workOrderKinds).optional(),
  department: word.optional(),
  handler: word.optional(),
  urgency: z.enum(urgencies).optional(),
  conversationId: plainText(256).optional(),
  /** Part of the title, or the number. */
  q: word.optional(),
  overdue: z.enum(['true']).optional(),
  sort: z.enum(['due', 'newest']).default('newest'),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, '应当是 1–200')
    .transform(Number)
    .refine((value) => value >= 1 && value <= 200, '应当是 1–200')
    .default(50),
  /** `next` of the page before. */
  after: z
    .string()
    .regex(/^\d{1,16}:[\w-]{1,64}$/, '请用上一页返回的 next')
    .transform((text) => ({ value: Number(text.split(':')[0]), id: text.slice(text.indexOf(':') + 1) }))
    .optional(),
});

/** A matter a member of staff writes down: somebody at the window, on the phone, or in a conversation. */
export const takeOrderSchema = newOrderSchema
  .omit({ kind: true, citizenKey: true })
  .extend({ demandType: z.enum(demandTypes), channel: z.enum(['hall', 'phone', 'online']).nullable().default(null) });

export const actSchema = commandSchema.extend({
  /** The version the caller has seen: 409 when the order has moved on since. */
  version: z.int().min(1).optional(),
});

export const orderBriefSchema = z.object({
  number: z.string(),
  kind: z.enum(workOrderKinds),
  demandType: z.enum(demandTypes),
  urgency: z.enum(urgencies),
  state: z.enum(workOrderStates),
  stateName: z.string(),
  title: z.string(),
  place: z.string().nullable(),
  department: z.string().nullable(),
  handler: z.string().nullable(),
  receivedAt: time,
  dueAt: time,
  overdue: z.boolean(),
  supervised: z.boolean(),
  urged: z.int(),
  duplicateOf: z.string().nullable(),
});

export const orderPageSchema = z.object({ orders: z.array(orderBriefSchema), next: z.string().nullable() });

export const orderDetailSchema = orderBriefSchema.extend({
  version: z.int(),
  detail: z.string(),
  coDepartments: z.array(z.string()),
  complex: z.boolean(),
  /** Accuses staff: supervisors only. */
  aboutStaff: z.boolean(),
  disputed: z.enum(disputeLevels).nullable(),
  channel: z.string().nullable(),
  conversationId: z.string().nullable(),
  phone: z.string().nullable(),
  work: z.string().nullable(),
  reply: z.string().nullable(),
  result: z.object({ resolution: z.enum(resolutions), note: z.string(), publicNote: z.string().nullable() }).nullable(),
  delayReason: z.string().nullable(),
  extended: z.boolean(),
  returns: z.int(),
  reopened: z.int(),
  contactedAt: time.nullable(),
  followUp: z.enum(['resolved', 'unresolved', 'no_answer']).nullable(),
  closedAt: time.nullable(),
  /** What the caller may do now. */
  actions: z.array(z.object({ action: z.enum(workOrderActions), name: z.string() })),
});

/** The code is told once, to be passed on to the citizen. */
export const takenSchema = orderDetailSchema.extend({ code: z.string() });

export const orderEventSchema = z.object({
  seq: z.int(),
  action: z.enum(workOrderActions),
  actionName: z.string(),
  actorKind: z.enum(actorKinds),
  /** Empty where the caller may not know who. */
  actorName: z.string(),
  at: time,
  note: z.string().nullable(),
  department: z.string().nullable(),
  dueAt: time.nullable(),
});

export const suggestionsSchema = z.object({
  duplicates: z.array(z.object({ order: orderBriefSchema, likeness: z.number() })),
  departments: z.array(z.object({ department: z.string(), share: z.number() })),
});
