/** Which conversations staff may look into: those that asked for a person. */
import { type Conversation, findConversation } from '../../bot/store/conversations.ts';
import type { Db } from '../../bot/store/database.ts';
import { lastHandoffOf } from '../../bot/store/handoffs.ts';
import { ApiError } from './errors.ts';
import type { SignedIn } from './sessions.ts';

/**
 * `staff`: who wants to look; whoever a supervisor took a conversation from sees it no longer while somebody else has it.
 * Errors: ApiError 404 for an unknown one, 403 for one that stayed with the bot or was taken over.
 */
export async function visibleConversation(db: Db, id: string, staff?: Pick<SignedIn, 'name' | 'role'>): Promise<Conversation> {
  const conversation = await findConversation(db, id);
  if (conversation === undefined) throw new ApiError(404, 'unknown_conversation', '没有这个对话');
  const handoff = await lastHandoffOf(db, id);
  if (handoff === undefined) throw new ApiError(403, 'not_handed_over', '市民没有要求人工服务，不能查看这个对话');
  const lost = handoff.takenFrom === staff?.name && staff?.role === 'agent' && handoff.status !== 'waiting';
  if (lost && handoff.agent !== staff.name && handoff.offeredTo !== staff.name)
    throw new ApiError(403, 'taken_over', `这个对话已由 ${handoff.agent ?? '值班长'} 接管，您不用再处理`);
  return conversation;
}
