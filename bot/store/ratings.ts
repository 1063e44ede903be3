/** The one rating of a conversation, what it concerns, and whether the citizen would rather not rate. */
import type { Selectable } from 'kysely';
import type { Db } from './database.ts';
import type { RatingFacet, RatingsTable } from './tables.ts';

export interface Rating {
  conversationId: string;
  /** 1 (very dissatisfied) to 5 (very satisfied). */
  score: number;
  tags: string[];
  comment: string | null;
  channel: string;
  createdAt: number;
  /** When the citizen changed it last; absent when never. */
  changedAt?: number;
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
      changed_at: null,
    })
    .onConflict((conflict) => conflict.column('conversation_id').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Changes a rating given at or after `since`; false when there is none that young. The first moment and the channel stay. */
export async function changeRating(
  db: Db,
  conversationId: string,
  change: Pick<Rating, 'score' | 'tags' | 'comment'>,
  times: { since: number; now: number },
): Promise<boolean> {
  const result = await db
    .updateTable('ratings')
    .set({ score: change.score, tags_json: JSON.stringify(change.tags), comment: change.comment, changed_at: times.now })
    .where('conversation_id', '=', conversationId)
    .where('created_at', '>=', times.since)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
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

/** Writes down that the citizen does not want to rate: nobody asks again. */
export async function refuseRating(db: Db, conversationId: string, now: number): Promise<void> {
  await db
    .insertInto('rating_refusals')
    .values({ conversation_id: conversationId, at: now })
    .onConflict((conflict) => conflict.column('conversation_id').doNothing())
    .execute();
}

export async function ratingRefused(db: Db, conversationId: string): Promise<boolean> {
  const row = await db.selectFrom('rating_refusals').select('at').where('conversation_id', '=', conversationId).executeTakeFirst();
  return row !== undefined;
}

/** Whether there is nothing left to ask: the conversation was rated, or the citizen would rather not. */
export async function ratingSettled(db: Db, conversationId: string): Promise<boolean> {
  return (await findRating(db, conversationId)) !== undefined || ratingRefused(db, conversationId);
}

export interface Facet {
  readonly facet: RatingFacet;
  readonly value: string;
}

/** Writes down what a rating concerns, in place of what was written before. */
export async function replaceFacets(tx: Db, conversationId: string, facets: readonly Facet[]): Promise<void> {
  await tx.deleteFrom('rating_facets').where('conversation_id', '=', conversationId).execute();
  if (facets.length === 0) return;
  await tx
    .insertInto('rating_facets')
    .values(facets.map(({ facet, value }) => ({ conversation_id: conversationId, facet, value })))
    .onConflict((conflict) => conflict.columns(['facet', 'value', 'conversation_id']).doNothing())
    .execute();
}

/** What a rating concerns. */
export async function facetsOf(db: Db, conversationId: string): Promise<Facet[]> {
  return db
    .selectFrom('rating_facets')
    .select(['facet', 'value'])
    .where('conversation_id', '=', conversationId)
    .orderBy('facet')
    .orderBy('value')
    .execute();
}

function toRating(row: Selectable<RatingsTable>): Rating {
  return {
    conversationId: row.conversation_id,
    score: row.score,
    tags: JSON.parse(row.tags_json) as string[],
    comment: row.comment,
    channel: row.channel,
    createdAt: row.created_at,
    ...(row.changed_at !== null && { changedAt: row.changed_at }),
  };
}
