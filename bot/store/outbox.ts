/** The outbox: what push channels still have to be sent, in order, with retries. */
import { sql } from 'kysely';
import type { LoggedActivity } from '../activity.ts';
import { toLogged } from './activities.ts';
import type { Db } from './database.ts';
import { prepared, preparedRows } from './prepared.ts';

export interface OutboxRow {
  id: number;
  channel: string;
  conversationId: string;
  /** Also the idempotency key towards the channel. */
  activityId: string;
  seq: number;
  attempts: number;
  activity: LoggedActivity;
}

export interface OutboxEntry {
  channel: string;
  conversationId: string;
  activityId: string;
  seq: number;
}

/**
 * No delay and no lease is longer. What claims to be due later was written before the clock was set back, and is due now: deliveries must
 * not stand still for as long as the clock was wrong.
 */
const longestWaitMs = 10 * 60_000;

/** As a literal, not a bound value: SQLite uses a partial index only when it can see that its condition holds. */
const pending = sql.lit('pending' as const);

/** Queues logged activities for sending, due at once; one that is queued already stays as it is. */
export async function enqueueOutbox(db: Db, rows: readonly OutboxEntry[], now: number): Promise<void> {
  if (rows.length === 0) return;
  await queued.changed(
    db,
    rows.map((row) => ({ ...row, now })),
  );
}

const queued = preparedRows((db, rows: readonly (OutboxEntry & { now: number })[]) =>
  db
    .insertInto('outbox')
    .values(
      rows.map((row) => ({
        channel: row.channel,
        conversation_id: row.conversationId,
        activity_id: row.activityId,
        seq: row.seq,
        status: 'pending' as const,
        attempts: 0,
        next_at: row.now,
        error: null,
        created_at: row.now,
        sent_at: null,
      })),
    )
    .onConflict((conflict) => conflict.column('activity_id').doNothing()),
);

/**
 * What may be sent now, oldest first: of each conversation only its first unsent activity, and only when that one is
 * due, so that order is kept while one is being retried.
 */
export async function dueOutbox(db: Db, now: number, limit: number): Promise<OutboxRow[]> {
  const rows = await due.all(db, { now, wrong: now + longestWaitMs, limit });
  return rows.map((row) => ({
    id: row.id,
    channel: row.channel,
    conversationId: row.conversation_id,
    activityId: row.activity_id,
    seq: row.seq,
    attempts: row.attempts,
    activity: toLogged(row),
  }));
}

const due = prepared((db, { now, wrong, limit }: { now: number; wrong: number; limit: number }) =>
  db
    .selectFrom('outbox')
    .innerJoin('activities', (join) =>
      join.onRef('activities.conversation_id', '=', 'outbox.conversation_id').onRef('activities.seq', '=', 'outbox.seq'),
    )
    .select(['outbox.id', 'outbox.channel', 'outbox.conversation_id', 'outbox.activity_id', 'outbox.seq', 'outbox.attempts'])
    .select('activities.body_json')
    .where('outbox.status', '=', pending)
    .where(({ or, eb }) => or([eb('outbox.next_at', '<=', now), eb('outbox.next_at', '>', wrong)]))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('outbox as earlier')
            .select('earlier.id')
            .whereRef('earlier.conversation_id', '=', 'outbox.conversation_id')
            .whereRef('earlier.seq', '<', 'outbox.seq')
            .where('earlier.status', '=', pending),
        ),
      ),
    )
    .orderBy('outbox.id')
    .limit(limit),
);

/**
 * Takes a due row for sending until `until`: of any number of callers, in any process, one gets true. A lease that ran out belongs to a
 * process that died, and the row is due again.
 */
export async function claimOutbox(db: Db, id: number, times: { now: number; until: number }): Promise<boolean> {
  const { now, until } = times;
  return (await claimed.changed(db, { id, now, wrong: now + longestWaitMs, until })) === 1;
}

const claimed = prepared((db, { id, now, wrong, until }: { id: number; now: number; wrong: number; until: number }) =>
  db
    .updateTable('outbox')
    .set({ next_at: until })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .where(({ or, eb }) => or([eb('next_at', '<=', now), eb('next_at', '>', wrong)])),
);

/** Holds a claimed row longer, while its delivery goes on. */
export async function holdOutbox(db: Db, id: number, until: number): Promise<void> {
  await db.updateTable('outbox').set({ next_at: until }).where('id', '=', id).where('status', '=', 'pending').execute();
}

/** The channel has it. */
export async function markSent(db: Db, id: number, now: number): Promise<void> {
  await sent.changed(db, { id, now });
}

const sent = prepared((db, { id, now }: { id: number; now: number }) =>
  db.updateTable('outbox').set({ status: 'sent', sent_at: now, error: null }).where('id', '=', id),
);

/** A try failed: the next one is at `nextAt`. */
export async function deferOutbox(db: Db, id: number, failure: { error: string; nextAt: number }): Promise<void> {
  await deferred.changed(db, { id, ...failure });
}

const deferred = prepared((db, { id, error, nextAt }: { id: number; error: string; nextAt: number }) =>
  db
    .updateTable('outbox')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), error, next_at: nextAt }))
    .where('id', '=', id)
    .where('status', '=', 'pending'),
);

/** Gives an activity up for good; the conversation's next one may go. */
export async function failOutbox(db: Db, id: number, error: string): Promise<void> {
  await givenUp.changed(db, { id, error });
}

const givenUp = prepared((db, { id, error }: { id: number; error: string }) =>
  db
    .updateTable('outbox')
    .set((eb) => ({ status: 'failed', attempts: eb('attempts', '+', 1), error }))
    .where('id', '=', id)
    .where('status', '=', 'pending'),
);
