/** Takes a verified activity into the core. */
import { createHmac } from 'node:crypto';
import { BotFrameworkError } from './errors.ts';
import { type BotActivity, whatWasSaid } from './incoming.ts';
import { BOT_FRAMEWORK_CHANNEL, type BotFrameworkOptions, type ConversationRecord } from './options.ts';
import { referenceIn, referenceOf, sameReference, whoJoined, withReference } from './reference.ts';

/**
 * Our id of a channel's conversation: always the same one, and not to be guessed from the channel's id.
 * Throws when the key is too short to be one.
 */
export function conversationIdOf(key: string, channelId: string, channelConversationId: string): string {
  if (key.length < 16) throw new Error('conversationKey must have at least 16 characters');
  return createHmac('sha256', key)
    .update(JSON.stringify([channelId, channelConversationId]))
    .digest('base64url');
}

/**
 * Durable when it resolves. Messages and events reach the core once per channel id; who joins opens the conversation (its greeting
 * follows by the core); typing is passed on; everything else is acknowledged and not kept.
 * Throws BotFrameworkError 400 (content) and 501 (invoke: it wants an answer in the response, and there is none).
 */
export async function takeActivity(options: BotFrameworkOptions, activity: BotActivity): Promise<void> {
  const core = options.core();
  const { type, channelId, conversation } = activity;
  if (type === 'invoke') throw new BotFrameworkError(501, 'NotImplemented', 'invoke activities are not supported');
  if (activity.deliveryMode === 'expectReplies')
    throw new BotFrameworkError(501, 'NotImplemented', 'deliveryMode expectReplies is not supported: replies go to serviceUrl');
  const id = conversationIdOf(await options.conversationKey(), channelId, conversation.id);
  if (type === 'typing') {
    const known = await options.findConversation(id);
    if (known) core.typing(id, { id: known.userId, role: 'user' });
  } else if (type === 'conversationUpdate') {
    if (activity.membersAdded?.length) await open(options, id, activity);
  } else if (type === 'message' || type === 'event') {
    const { channelActivityId, said } = whatWasSaid(activity);
    await open(options, id, activity);
    const messageId = `${channelId}:${conversation.id}:${channelActivityId}`;
    const result = await core.receive({ conversationId: id, messageId, activity: said });
    if ('error' in result) throw new Error(`the core did not take a message of conversation ${id}: ${result.error}`);
  }
}

/** Makes sure the conversation exists and is reached where this activity came from: channels move their servers. */
async function open(options: BotFrameworkOptions, id: string, activity: BotActivity): Promise<void> {
  const known = (await options.findConversation(id)) ?? (await create(options, id, activity));
  const stored = referenceIn(known.profile);
  const current = referenceOf(activity, stored);
  if (!sameReference(stored, current)) await options.saveProfile(id, withReference(known.profile, current));
}

async function create(options: BotFrameworkOptions, id: string, activity: BotActivity): Promise<ConversationRecord> {
  const user = activity.type === 'conversationUpdate' ? whoJoined(activity) : activity.from;
  const { conversation } = await options.core().openConversation({
    id,
    channel: BOT_FRAMEWORK_CHANNEL,
    userId: user.id,
    ...(activity.locale ? { locale: activity.locale } : {}),
    profile: withReference(user.name ? { name: user.name } : {}, referenceOf(activity)),
  });
  return conversation;
}
