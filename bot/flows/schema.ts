/** The flow language: what an editor writes in `flows/*.yaml`. Declarative only, nothing in it is evaluated as code. */
import { z } from 'zod';

export type { Flow, Slot, Step } from './flow.ts';

const text = z.string().trim().min(1).max(2000);
const id = z.string().regex(/^[a-zA-Z][\w-]{0,59}$/, 'an id: letters, digits, - and _, starting with a letter');
/** A slot id, or `into.field` for something a back-end call returned. */
const reference = z.string().regex(/^[a-zA-Z][\w-]{0,59}(\.[a-zA-Z][\w-]{0,59})?$/, 'a slot id, or into.field of a call');
const isoDate = z.iso.date();
const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Kinds of channel that may have words of their own. */
export const channelKinds = ['web', 'wechat', 'sms'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** Words for the citizen: one text, or one for each kind of channel that needs its own. */
const wording = z.union([text, z.strictObject({ default: text, web: text.optional(), wechat: text.optional(), sms: text.optional() })], {
  error: 'words are a text, or {default: text, web|wechat|sms: text}',
});
export type Wording = z.infer<typeof wording>;

const asked = {
  /** A short noun for forms, confirmations and hand-over notes: 年龄段. */
  label: z.string().trim().min(1).max(30),
  /** The question, in plain words. */
  ask: wording,
  /** What helps somebody who could not answer; shown when the question is asked again. */
  help: wording.optional(),
  /** Why it is asked; shown with the question unless that is obvious. */
  purpose: wording.optional(),
  optional: z.boolean().default(false),
  /** What holds when an optional question is skipped: an option's value, true or false, a number, a text. */
  default: scalar.optional(),
  /** Taken over from what the channel or an earlier flow of the conversation knows; said, and open to correction (R-088). */
  prefill: z.strictObject({ profile: id }).optional(),
  /** Personal data: shown masked in whatever the bot says. */
  sensitive: z.boolean().default(false),
};

const optionSchema = z.strictObject({
  value: id,
  label: z.string().trim().min(1).max(40),
  synonyms: z.array(text).default([]),
  /** A number from `from` up to and including `to` means this option: 35岁 → 26 至 45 周岁. */
  from: z.number().optional(),
  to: z.number().optional(),
});

const pattern = z
  .string()
  .min(1)
  .refine(compiles, 'not a valid regular expression')
  .meta({ description: 'A regular expression for the whole answer' });

export const slotSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('choice'), ...asked, options: z.array(optionSchema).min(2).max(12) }),
  /** `min` and `max` count characters. */
  z.strictObject({
    type: z.literal('text'),
    ...asked,
    min: z.int().min(1).optional(),
    max: z.int().min(1).max(500).optional(),
    pattern: pattern.optional(),
    patternMessage: text.optional(),
    format: z
      .enum(['id_number', 'credit_code'])
      .optional()
      .meta({ description: 'A number whose last character checks the others: a mistyped one is noticed at once' }),
  }),
  z.strictObject({ type: z.literal('number'), ...asked, min: z.number().optional(), max: z.number().optional() }),
  z.strictObject({
    type: z.literal('date'),
    ...asked,
    min: z.union([isoDate, z.literal('today')]).optional(),
    max: z.union([isoDate, z.literal('today')]).optional(),
  }),
  z.strictObject({ type: z.literal('yes_no'), ...asked, yesLabel: text.default('是'), noLabel: text.default('否') }),
  z.strictObject({ type: z.literal('phone'), ...asked }),
  /** One of the districts of pack.yaml; notices put its hall first. */
  z.strictObject({ type: z.literal('district'), ...asked }),
]);
export type SlotSource = z.infer<typeof slotSchema>;

/** What a branch looks at. A slot that is not known yet, or was skipped, matches nothing but `known: false`. */
export type Condition =
  | { slot: string; is: string | number | boolean }
  | { slot: string; in: (string | number | boolean)[] }
  | { slot: string; known: boolean }
  | { slot: string; gte?: number | undefined; lte?: number | undefined; gt?: number | undefined; lt?: number | undefined }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition };

const bound = z.number().optional();
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union(
    [
      z.strictObject({ slot: reference, is: scalar }),
      z.strictObject({ slot: reference, in: z.array(scalar).min(1) }),
      z.strictObject({ slot: reference, known: z.boolean() }),
      z
        .strictObject({ slot: reference, gte: bound, lte: bound, gt: bound, lt: bound })
        .refine(
          (one) => [one.gte, one.lte, one.gt, one.lt].some((limit) => limit !== undefined),
          'needs one of is, in, known, gte, lte, gt, lt',
        ),
      z.strictObject({ all: z.array(conditionSchema).min(1) }),
      z.strictObject({ any: z.array(conditionSchema).min(1) }),
      z.strictObject({ not: conditionSchema }),
    ],
    { error: 'a condition is {slot, is|in|known|gte|lte|gt|lt}, {all: []}, {any: []} or {not: }' },
  ),
);

const stepId = { id: id.optional() };
const scenarios = z.union([z.array(text), z.strictObject({ fromSlot: id })]).default([]);

/** 一次性告知: everything one guide says for these scenarios. */
const oneGuide = z.strictObject({ guide: text, scenarios });
/** The same for several guides at once: who handles what, one list of materials in which nothing stands twice. */
const severalGuides = z.strictObject({
  title: text,
  /** 牵头部门, a department id of pack.yaml. */
  lead: text.optional(),
  guides: z
    .array(z.strictObject({ guide: text, scenarios, when: conditionSchema.optional() }))
    .min(1)
    .max(20),
});

export const stepSchema = z.union(
  [
    z.strictObject({ ...stepId, collect: id }),
    z.strictObject({ ...stepId, say: wording }),
    /** The first branch that holds is taken; none and no `else`: the next step. */
    z.strictObject({ ...stepId, branch: z.array(z.strictObject({ when: conditionSchema, to: id })).min(1), else: id.optional() }),
    z.strictObject({ ...stepId, call: z.string().regex(/^[a-z][\w-]*(\.[\w-]+)*$/), with: z.record(id, text).default({}), into: id }),
    z.strictObject({
      ...stepId,
      notice: z.union([oneGuide, severalGuides], {
        error: 'a notice is {guide, scenarios} or {title, lead, guides: [{guide, scenarios, when}]}',
      }),
    }),
    /** What the knowledge base says: of an item, or to a question. */
    z.strictObject({
      ...stepId,
      answer: z.union([z.strictObject({ item: text }), z.strictObject({ question: text })], {
        error: 'an answer is {item: id} or {question: text}',
      }),
    }),
    /** Another flow runs here, then this one goes on. Its answers are known as `<flow id>.<slot>`; `with` gives it some. */
    z.strictObject({ ...stepId, flow: z.strictObject({ flow: text, with: z.record(id, text).default({}) }) }),
    /** Ends the flow and asks for a person. */
    z.strictObject({
      ...stepId,
      handoff: z.strictObject({
        reason: text,
        skill: z.string().trim().min(1).default('general'),
        urgency: z.enum(['urgent', 'sub_urgent', 'general']).default('general'),
      }),
    }),
    z.strictObject({ ...stepId, end: z.literal('completed') }),
    z.strictObject({ ...stepId, goto: id }),
  ],
  { error: 'a step is one of collect, say, branch, call (with, into), notice, answer, flow, handoff, end: completed, goto' },
);
export type StepSource = z.infer<typeof stepSchema>;

export const flowSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,79}$/, 'lower-case letters, digits and -'),
  /** Raise it with every change: conversations under way are carried over by replaying their answers. */
  version: z.int().min(1),
  name: z.string().trim().min(1).max(60),
  description: text,
  /** The department that answers for the content (an id of pack.yaml). */
  owner: text,
  kind: z.enum(['checklist', 'eligibility', 'progress', 'one_thing', 'other']),
  /** The service guide it belongs to. */
  guide: text.optional(),
  /** Ways a citizen starts it, in their own words. */
  examples: z.array(text).min(5),
  slots: z.record(id, slotSchema),
  steps: z.array(stepSchema).min(1).max(200),
});
export type FlowSource = z.infer<typeof flowSchema>;

function compiles(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}
