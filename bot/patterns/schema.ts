/** `patterns.yaml` of a pack: what a city says and when, in the patterns every conversation has. All of it is optional. */
import { z } from 'zod';

/** A wording in simplified Chinese and English; traditional characters are made from the first. Empty says nothing. */
const wording = z.strictObject({ zh: z.string().max(500), en: z.string().max(500) });
export type Wording = z.infer<typeof wording>;

/** Placeholders that a wording may hold, by its key; any other `{name}` is refused. */
const worded = (...placeholders: readonly string[]) =>
  wording
    .refine(
      (one) => Object.values(one).every((text) => [...text.matchAll(/\{(\w+)\}/g)].every(([, name]) => placeholders.includes(name ?? ''))),
      placeholders.length === 0 ? 'takes no placeholders' : `knows only {${placeholders.join('}, {')}}`,
    )
    .optional();

const on = z.boolean().default(true);

export const patternsSchema = z.strictObject({
  cancel: z.strictObject({ cancelled: worded(), nothing: worded() }).prefault({}),
  digression: z.strictObject({ bridge: worded() }).prefault({}),
  clarification: z
    .strictObject({
      /** Offer “none of these” as the last choice. */
      noneOfThese: on,
      which: worded(),
      unsure: worded(),
      none: worded(),
    })
    .prefault({}),
  repeat: z.strictObject({ nothing: worded() }).prefault({}),
  question: z.strictObject({ lead: worded(), nothing: worded() }).prefault({}),
  smallTalk: z.strictObject({ greeting: worded(), thanks: worded(), goodbye: worded(), praise: worded() }).prefault({}),
  /** Silence inside an open flow or after a question which of several is meant. */
  idle: z
    .strictObject({
      enabled: on,
      /** Silence before the one reminder. */
      minutes: z.number().min(1).max(1440).default(10),
      /** Silence after it before the conversation is taken to be over. */
      endMinutes: z.number().min(1).max(1440).default(20),
      reminder: worded(),
      end: worded(),
    })
    .prefault({}),
  stop: z.strictObject({ stopped: worded() }).prefault({}),
  resume: z
    .strictObject({
      /** A flow that was silent for longer is offered again instead of asking on. */
      afterHours: z.number().min(0.1).max(168).default(6),
      /** How long an unfinished flow is kept. */
      keepDays: z.number().min(1).max(365).default(30),
      offer: worded('flow', 'question'),
      goOn: worded('flow'),
      nothing: worded(),
    })
    .prefault({}),
  completed: z.strictObject({ more: worded() }).prefault({}),
  cannotHandle: z.strictObject({ first: worded(), again: worded(), outside: worded() }).prefault({}),
  internalError: z.strictObject({ sorry: worded('hotline') }).prefault({}),
  upset: z.strictObject({ enabled: on, anxious: worded(), angry: worded(), again: worded(), outburst: worded() }).prefault({}),
  /** A notice for languages the assistant doesn't speak. */
  language: z.strictObject({ enabled: on }).prefault({}),
});
export type Patterns = z.infer<typeof patternsSchema>;

export const defaultPatterns: Patterns = patternsSchema.parse({});
