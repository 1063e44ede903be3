/** Whether to invite to rate: once in a conversation, whoever asks, and never somebody who has rated or would rather not (一事一评). */
import { hasEvent } from '../handoff/logged-events.ts';
import type { Db } from '../store/database.ts';
import { ratingSettled } from '../store/ratings.ts';

/** Call inside the transaction that appends the invitation. */
export async function mayInvite(tx: Db, conversationId: string): Promise<boolean> {
  return !(await ratingSettled(tx, conversationId)) && !(await hasEvent(tx, conversationId, 'rating.request'));
}
