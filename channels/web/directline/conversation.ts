/** Finding the conversation a request is about. */
import { notFound } from './errors.ts';
import { type Context, type ConversationSummary, WEB_CHANNEL } from './options.ts';

/** The conversation, if it is one of this channel. Throws DirectLineError 404: also for other channels', which the secret must not open. */
export async function requireConversation(context: Context, id: string): Promise<ConversationSummary> {
  const conversation = await context.findConversation(id);
  if (conversation?.channel !== WEB_CHANNEL) throw notFound('conversation');
  return conversation;
}
