/** What was said last, for a model that has to understand a follow-up. */
import type { RewriteContext } from '../answer/rewrite.ts';
import { lastActivities } from '../store/activities.ts';
import type { Db } from '../store/database.ts';

const lookBack = 12;
const kept = 6;

/** Messages before `beforeSeq`, oldest first, at most six. Errors of the store propagate. */
export async function lastTurns(db: Db, conversationId: string, beforeSeq: number): Promise<RewriteContext['turns']> {
  const activities = await lastActivities(db, conversationId, lookBack);
  return activities
    .filter((activity) => activity.seq < beforeSeq && activity.type === 'message' && (activity.text ?? '').trim() !== '')
    .slice(-kept)
    .map(({ from, text = '' }) => ({ from: from.role === 'bot' ? ('assistant' as const) : ('citizen' as const), text }));
}
