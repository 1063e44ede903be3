/** Which conversations staff may look into: those that asked for a person. */
import { wasHandedOver } from '../../bot/handoff/queue.ts';
import { type Conversation, findConversation } from '../../bot/store/conversations.ts';
import type { Db } from '../../bot/store/database.ts';
import { ApiError } from './errors.ts';

/** Errors: ApiError 404 for an unknown one, 403 for one that stayed with the bot. */
export async function visibleConversation(db: Db, id: string): Promise<Conversation> {
  const conversation = await findConversation(db, id);
  if (conversation === undefined) throw new ApiError(404, 'unknown_conversation', '没有这个对话');
  if (!(await wasHandedOver(db, id))) throw new ApiError(403, 'not_handed_over', '市民没有要求人工服务，不能查看这个对话');
  return conversation;
}
