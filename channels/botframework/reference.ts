/** Where a conversation is reached: a Bot Framework ConversationReference, kept in the conversation's profile. */
import { z } from 'zod';
import { accountSchema, type BotActivity, conversationSchema } from './incoming.ts';

const referenceSchema = z.object({
  channelId: z.string(),
  serviceUrl: z.string(),
  conversation: conversationSchema,
  bot: accountSchema,
  user: accountSchema,
});
export type Reference = z.infer<typeof referenceSchema>;

/** The profile field; an object, so that the desk's list of facts about the citizen leaves it out. */
const field = 'botFramework';

/** The reference in a profile, if there is a usable one. */
export function referenceIn(profile: Record<string, unknown> | undefined): Reference | undefined {
  return referenceSchema.safeParse(profile?.[field]).data;
}

/** A profile with this reference. */
export function withReference(profile: Record<string, unknown>, reference: Reference): Record<string, unknown> {
  return { ...profile, [field]: reference };
}

/**
 * The reference an activity gives. Who joined stands in `membersAdded`: the sender of a conversationUpdate may be the
 * channel itself, so a user known already is kept.
 */
export function referenceOf(activity: BotActivity, known?: Reference): Reference {
  const { channelId, serviceUrl, conversation, recipient } = activity;
  const user = activity.type === 'conversationUpdate' ? (known?.user ?? whoJoined(activity)) : activity.from;
  return { channelId, serviceUrl, conversation, bot: recipient, user };
}

/** The person of a conversationUpdate: who was added and is not the bot, else its sender. */
export function whoJoined({ membersAdded, recipient, from }: BotActivity): Reference['user'] {
  return membersAdded?.find((member) => member.id !== recipient.id) ?? from;
}

/** Whether two references reach the same place for the same people. Both come out of the same schema, so their fields stand in one order. */
export const sameReference = (a: Reference | undefined, b: Reference): boolean => JSON.stringify(a) === JSON.stringify(b);
