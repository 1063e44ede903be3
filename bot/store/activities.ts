/** The append-only log of a conversation. `seq` counts from 1 without gaps and is the watermark. */
import type { Insertable } from 'kysely';
import type { Activity, LoggedActivity } from '../activity.ts';
import type { Db } from './database.ts';
import { UnknownConversationError } from './errors.ts';
import { prepared, preparedRows } from './prepared.ts';
import type { ActivitiesTable } from './tables.ts';

/** Rows of one INSERT: 7 values each stay far below the engines' limits of bound values. */
const CHUNK = 500;

/**
 * Appends activities in order; call it in a transaction. Each keeps its `id` (which must then be made by the server: ids
 * are unique over all conversations) or gets one; `timestamp`, `conversation` and `seq` are set.
 * Errors: UnknownConversationError.
 */
export async function appendActivities(
  db: Db,
  conversationId: string,
  activities: readonly Activity[],
  now: number,
): Promise<LoggedActivity[]> {
  if (activities.length === 0) return [];
  const last = await takeSeqs(db, conversationId, activities.length, now);
  const first = last - activities.length + 1;
  const logged = activities.map((activity, index) => asLogged(activity, conversationId, first + index, now));
  await insertActivities(db, logged, now);
  return logged;
}

const lastSeqTaken = prepared((db, { conversationId, count, now }: { conversationId: string; count: number; now: number }) =>
  db
    .updateTable('conversations')
    .set((eb) => ({ last_seq: eb('last_seq', '+', count), updated_at: now }))
    .where('id', '=', conversationId)
    .returning('last_seq'),
);

/** Reserves the next `count` numbers of a conversation and returns the last; also the lock that orders its writers. */
async function takeSeqs(db: Db, conversationId: string, count: number, now: number): Promise<number> {
  const row = await lastSeqTaken.first(db, { conversationId, count, now });
  if (row === undefined) throw new UnknownConversationError(conversationId);
  return row.last_seq;
}

/** Times come in runs of the same millisecond, and writing one out takes longer than most of what is done with it. */
let lastWritten = { at: Number.NaN, text: '' };
function written(at: number): string {
  if (lastWritten.at !== at) lastWritten = { at, text: new Date(at).toISOString() };
  return lastWritten.text;
}

/** The activity as it stands in the log at `seq`. */
export function asLogged(activity: Activity, conversationId: string, seq: number, now: number): LoggedActivity {
  return {
    ...activity,
    id: activity.id ?? `${conversationId}|${String(seq).padStart(7, '0')}`,
    timestamp: written(now),
    conversation: { id: conversationId },
    seq,
  };
}

/** Writes activities whose numbers are already taken. */
export async function insertActivities(db: Db, logged: readonly LoggedActivity[], now: number): Promise<void> {
  for (let start = 0; start < logged.length; start += CHUNK) {
    const rows = logged.slice(start, start + CHUNK).map(({ seq, ...activity }) => ({
      conversation_id: activity.conversation.id,
      seq,
      id: activity.id,
      type: activity.type,
      from_role: activity.from.role ?? 'user',
      body_json: JSON.stringify(activity),
      created_at: now,
    }));
    await inserted.changed(db, rows);
  }
}

const inserted = preparedRows((db, rows: readonly Insertable<ActivitiesTable>[]) =>
  db.insertInto('activities').values(
    rows.map(({ conversation_id, seq, id, type, from_role, body_json, created_at }) => ({
      conversation_id,
      seq,
      id,
      type,
      from_role,
      body_json,
      created_at,
    })),
  ),
);

/** Activities with seq > `afterSeq`, ascending, at most `limit`. */
export async function readActivities(db: Db, conversationId: string, afterSeq: number, limit: number): Promise<LoggedActivity[]> {
  return (await after.all(db, { conversationId, afterSeq, limit })).map(toLogged);
}

const after = prepared((db, { conversationId, afterSeq, limit }: { conversationId: string; afterSeq: number; limit: number }) =>
  db
    .selectFrom('activities')
    .select(['seq', 'body_json'])
    .where('conversation_id', '=', conversationId)
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit),
);

/** The newest `count` activities, ascending. */
export async function lastActivities(db: Db, conversationId: string, count: number): Promise<LoggedActivity[]> {
  return (await newest.all(db, { conversationId, count })).map(toLogged).reverse();
}

const newest = prepared((db, { conversationId, count }: { conversationId: string; count: number }) =>
  db
    .selectFrom('activities')
    .select(['seq', 'body_json'])
    .where('conversation_id', '=', conversationId)
    .orderBy('seq', 'desc')
    .limit(count),
);

/** A stored row as the activity it holds. */
export function toLogged(row: { seq: number; body_json: string }): LoggedActivity {
  return { ...(JSON.parse(row.body_json) as Omit<LoggedActivity, 'seq'>), seq: row.seq } as LoggedActivity;
}
