/** How much waits where: for metrics, alerts and the operator's screen. All but the work orders' come from partial or time indexes. */
import { sql } from 'kysely';
import type { Db } from './database.ts';

export interface Waiting {
  readonly count: number;
  /** Epoch milliseconds; undefined when nothing waits. */
  readonly oldest: number | undefined;
}
export interface Backlog {
  /** Messages whose turn has not been recorded. */
  readonly inbox: Waiting;
  /** Answers that a push channel has not been sent. */
  readonly outbox: Waiting;
  /** Conversations that wait for a person. */
  readonly queue: Waiting;
  /** Conversations a person has. */
  readonly withAgents: number;
  readonly openWorkOrders: number;
  readonly overdueWorkOrders: number;
}

/** What waits at `now` (epoch milliseconds). */
export async function backlog(db: Db, now: number): Promise<Backlog> {
  // As literals, not bound values: SQLite uses a partial index only when it can see that its condition holds.
  const pending = sql.lit('pending' as const);
  const waiting = db
    .selectFrom('handoffs')
    .select(({ fn }) => [fn.countAll().as('count'), fn.min('waiting_since').as('oldest')])
    .where('status', '=', sql.lit('waiting' as const));
  const inbox = db
    .selectFrom('inbox')
    .select(({ fn }) => [fn.countAll().as('count'), fn.min('received_at').as('oldest')])
    .where('status', '=', pending);
  const outbox = db
    .selectFrom('outbox')
    .select(({ fn }) => [fn.countAll().as('count'), fn.min('created_at').as('oldest')])
    .where('status', '=', pending);
  const active = db
    .selectFrom('handoffs')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('status', '=', sql.lit('active' as const));
  const open = db
    .selectFrom('work_orders')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('closed_at', 'is', null);
  return {
    inbox: waitingOf(await inbox.executeTakeFirst()),
    outbox: waitingOf(await outbox.executeTakeFirst()),
    queue: waitingOf(await waiting.executeTakeFirst()),
    withAgents: Number((await active.executeTakeFirst())?.count ?? 0),
    openWorkOrders: Number((await open.executeTakeFirst())?.count ?? 0),
    overdueWorkOrders: Number((await open.where('due_at', '<', now).executeTakeFirst())?.count ?? 0),
  };
}

/** Ratings by score (1–5) since `since`. */
export async function ratingsSince(db: Db, since: number): Promise<ReadonlyMap<number, number>> {
  const rows = await db
    .selectFrom('ratings')
    .select(({ fn }) => ['score', fn.countAll().as('count')])
    .where('created_at', '>=', since)
    .groupBy('score')
    .execute();
  return new Map(rows.map(({ score, count }) => [Number(score), Number(count)]));
}

function waitingOf(row: { count: unknown; oldest: unknown } | undefined): Waiting {
  const count = Number(row?.count ?? 0);
  return { count, oldest: count === 0 ? undefined : Number(row?.oldest) };
}

/** Push channels whose oldest unsent answer is older than a moment, and since when it waits. */
export async function stuckChannels(db: Db, before: number): Promise<{ channel: string; since: number }[]> {
  const rows = await db
    .selectFrom('outbox')
    .select(({ fn }) => ['channel' as const, fn.min('created_at').as('since')])
    .where('status', '=', sql.lit('pending' as const))
    .groupBy('channel')
    .execute();
  return rows.flatMap(({ channel, since }) => (Number(since) < before ? [{ channel, since: Number(since) }] : []));
}
