/** Ratings counted: by channel, agent, flow, knowledge item and department; the same SQL on both engines. */
import type { Db } from './database.ts';
import type { RatingFacet } from './tables.ts';

export const ratingGroups = ['channel', 'agent', 'flow', 'item', 'department'] as const satisfies readonly ('channel' | RatingFacet)[];
export type RatingGroup = (typeof ratingGroups)[number];

export interface RatingFigures {
  readonly count: number;
  /** How many ratings of 1, 2, 3, 4 and 5. */
  readonly scores: readonly number[];
  /** Sum of the scores ÷ count; null without ratings. */
  readonly average: number | null;
  /** Ratings of 3 and more ÷ count; null without ratings. Source of the border: 好差评 levels, 基本满意 counts as good. */
  readonly satisfaction: number | null;
  /** Ratings of 1 and 2 ÷ count; null without ratings. */
  readonly bad: number | null;
}
export interface RatingPeriod {
  /** Epoch milliseconds; `until` is not part of it. */
  readonly since: number;
  readonly until: number;
}

/** The figures of all ratings of the period. */
export async function ratingTotals(db: Db, { since, until }: RatingPeriod): Promise<RatingFigures> {
  const rows = await db
    .selectFrom('ratings')
    .select('score')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('created_at', '>=', since)
    .where('created_at', '<', until)
    .groupBy('score')
    .execute();
  return figures(rows);
}

/** The figures of each channel, agent …, most rated first. A conversation counts once for everything it concerns. */
export async function ratingFigures(
  db: Db,
  by: RatingGroup,
  { since, until }: RatingPeriod,
): Promise<({ value: string } & RatingFigures)[]> {
  const byChannel = db
    .selectFrom('ratings')
    .select(['ratings.channel as value', 'ratings.score'])
    .select((eb) => eb.fn.countAll().as('count'))
    .where('ratings.created_at', '>=', since)
    .where('ratings.created_at', '<', until)
    .groupBy(['ratings.channel', 'ratings.score']);
  const byFacet = (facet: RatingFacet) =>
    db
      .selectFrom('ratings')
      .innerJoin('rating_facets', 'rating_facets.conversation_id', 'ratings.conversation_id')
      .select(['rating_facets.value', 'ratings.score'])
      .select((eb) => eb.fn.countAll().as('count'))
      .where('rating_facets.facet', '=', facet)
      .where('ratings.created_at', '>=', since)
      .where('ratings.created_at', '<', until)
      .groupBy(['rating_facets.value', 'ratings.score']);
  const rows = await (by === 'channel' ? byChannel : byFacet(by)).execute();
  return [...new Set(rows.map((row) => row.value))]
    .map((value) => ({ value, ...figures(rows.filter((row) => row.value === value)) }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

/** Ids of the conversations behind a figure, newest first. */
export async function ratedConversations(
  db: Db,
  by: RatingGroup,
  value: string,
  { since, until }: RatingPeriod,
  limit: number,
): Promise<{ conversationId: string; score: number }[]> {
  let query = db
    .selectFrom('ratings')
    .select(['ratings.conversation_id as conversationId', 'ratings.score'])
    .where('ratings.created_at', '>=', since)
    .where('ratings.created_at', '<', until);
  query =
    by === 'channel'
      ? query.where('ratings.channel', '=', value)
      : query.where((eb) =>
          eb.exists(
            eb
              .selectFrom('rating_facets')
              .select('rating_facets.value')
              .whereRef('rating_facets.conversation_id', '=', 'ratings.conversation_id')
              .where('rating_facets.facet', '=', by)
              .where('rating_facets.value', '=', value),
          ),
        );
  return query.orderBy('ratings.created_at', 'desc').orderBy('ratings.conversation_id').limit(limit).execute();
}

function figures(rows: readonly { score: number; count: number | string | bigint }[]): RatingFigures {
  const scores = [1, 2, 3, 4, 5].map((score) => Number(rows.find((row) => row.score === score)?.count ?? 0));
  const count = scores.reduce((sum, one) => sum + one, 0);
  const share = (part: readonly number[]) => (count === 0 ? null : part.reduce((sum, one) => sum + one, 0) / count);
  return {
    count,
    scores,
    average: share(scores.map((one, index) => one * (index + 1))),
    satisfaction: share(scores.slice(2)),
    bad: share(scores.slice(0, 2)),
  };
}
