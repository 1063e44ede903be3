/** What became of drafts the desk offered: how far the message an agent sent is from the draft. */
import type { Db } from './database.ts';

export interface ReplyDraft {
  readonly activityId: string;
  readonly conversationId: string;
  readonly staff: string;
  /** The knowledge item the draft was made from. */
  readonly itemId: string | null;
  /** Characters. */
  readonly draftLength: number;
  readonly sentLength: number;
  /** Characters inserted, removed or replaced. */
  readonly distance: number;
}

/** Notes a sent draft; the same message twice is noted once. */
export async function recordReplyDraft(db: Db, draft: ReplyDraft, now: number): Promise<void> {
  const longer = Math.max(draft.draftLength, draft.sentLength);
  await db
    .insertInto('reply_drafts')
    .values({
      activity_id: draft.activityId,
      conversation_id: draft.conversationId,
      staff: draft.staff,
      item_id: draft.itemId,
      draft_length: draft.draftLength,
      sent_length: draft.sentLength,
      distance: draft.distance,
      similarity: longer === 0 ? 1 : 1 - draft.distance / longer,
      created_at: now,
    })
    .onConflict((conflict) => conflict.column('activity_id').doNothing())
    .execute();
}

/** How many drafts were sent since then, how many as they were, and the mean similarity of draft and message (null: none). */
export async function replyDraftFigures(db: Db, since: number): Promise<{ sent: number; unchanged: number; similarity: number | null }> {
  const rows = await db.selectFrom('reply_drafts').select(['distance', 'similarity']).where('created_at', '>=', since).execute();
  const total = rows.reduce((sum, { similarity }) => sum + similarity, 0);
  return {
    sent: rows.length,
    unchanged: rows.filter(({ distance }) => Number(distance) === 0).length,
    similarity: rows.length === 0 ? null : total / rows.length,
  };
}
