/** What the channel sends: a text for providers that carry any text, and the same as values for those that send templates only. */
import { z } from 'zod';

/**
 * What a message is about; a provider of templates has a template for a kind, or falls back to `page`.
 * page: there is an answer, read it under a code · short: a few plain words.
 */
export const smsKinds = ['page', 'short', 'rating', 'optout', 'optin', 'help', 'reminder', 'progress', 'followup'] as const;
export type SmsKind = (typeof smsKinds)[number];

/** The variables of each kind, in the order of a template with numbered variables. */
export const kindVariables: Record<SmsKind, readonly string[]> = {
  page: ['matter', 'code'],
  short: ['text'],
  rating: [],
  optout: [],
  optin: [],
  help: [],
  reminder: ['matter', 'time', 'place'],
  progress: ['matter', 'state'],
  followup: ['matter'],
};

export const draftSchema = z.object({
  kind: z.enum(smsKinds),
  /** The whole message as it goes out, with its signature where the provider does not add it. */
  text: z.string(),
  vars: z.record(z.string(), z.string()),
});
export type SmsDraft = z.infer<typeof draftSchema>;

const choiceSchema = z.object({ title: z.string(), value: z.string() });
/** What the digits of the next message mean. */
export const menuSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('choices'), options: z.array(choiceSchema), zeroIsAnswer: z.boolean() }),
  z.object({ kind: z.literal('rating') }),
  z.object({ kind: z.literal('followup'), ref: z.string() }),
]);
export type SmsMenu = z.infer<typeof menuSchema>;

/** The messages that 更多 still brings, the next first. */
export const restSchema = z.array(z.string());

/** What is shown under a short code. */
export const pageSchema = z.object({
  title: z.string(),
  text: z.string(),
  sources: z.array(z.object({ name: z.string(), url: z.string().optional(), abstract: z.string() })),
  /** Written by a model. */
  ai: z.boolean(),
  /** Only for who knows the last four digits of the number: an agent's words, the state of an application. */
  personal: z.boolean(),
  locale: z.string(),
});
export type PageBody = z.infer<typeof pageSchema>;
