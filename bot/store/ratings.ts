/** The one rating of a conversation. */
import type { Selectable } from 'kysely';
import type { Db } from './database.ts';
import type { RatingsTable } from './tables.ts';

export interface Rating {
  conversationId: string;
  /** 1 (very dissatisfied) to 5 (very satisfied). */
  score: number;
  tags: string[];
  comment: string | null;
  channel: string;
  createdAt: number;
}

/** Stores the rating; false when the conversation has one already, which stays as it is. */
export async function saveRating(db: Db, rating: Rating): Promise<boolean> {
  const result = await db
    .insertInto('ratings')
    .values({
      conversation_id: rating.conversationId,
      score: rating.score,
      tags_json: JSON.stringify(rating.tags),
      comment: rating.comment,
      channel: rating.channel,
      created_at: rating.createdAt,
    })
    .onConflict((conflict) => conflict.column('conversation_id').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** The rating of a conversation, if it has been given. */
export async function findRating(db: Db, conversationId: string): Promise<Rating | undefined> {
  const row = await db.selectFrom('ratings').selectAll().where('conversation_id', '=', conversationId).executeTakeFirst();
  return row && toRating(row);
}

/** Ratings, newest first. */
export async function listRatings(db: Db, filter: { conversationId?: string | undefined; limit: number }): Promise<Rating[]> {
  let query = db.selectFrom('ratings').selectAll();
  if (filter.conversationId !== undefined) query = query.where('conversation_id', '=', filter.conversationId);
  const rows = await query.orderBy('created_at', 'desc').orderBy('conversation_id').limit(filter.limit).execute();
  return rows.map(toRating);
}

function toRating(row: Selectable<RatingsTable>): Rating {
  return {
    conversationId: row.conversation_id,
    score: row.score,
    tags: JSON.parse(row.tags_json) as string[],
    comment: row.comment,
    channel: row.channel,
    createdAt: row.created_at,
  };
}
