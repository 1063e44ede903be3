/** The inbox: every message a channel delivered, exactly once, until its turn is done. */
import { sql } from 'kysely';
import type { Activity, LoggedActivity } from '../activity.ts';
import { asLogged, insertActivities, toLogged } from './activities.ts';
import { type Conversation, findConversation } from './conversations.ts';
import type { Db } from './database.ts';
import { UnknownConversationError } from './errors.ts';
import { prepared } from './prepared.ts';

export interface InboxRow {
  id: number;
  conversationId: string;
  channel: string;
  attempts: number;
  activity: LoggedActivity;
}

export interface IncomingMessage {
  channel: string;
  /** The channel's own id, unique per channel. */
  messageId: string;
  conversationId: string;
  activity: Activity;
}

/** A message whose channel and author are those of its conversation. */
export interface SpokenMessage {
  messageId: string;
  conversationId: string;
  activity: (by: Pick<Conversation, 'channel' | 'userId'>) => Activity;
}

export interface Acceptance {
  duplicate: boolean;
  inboxId: number;
  activityId: string;
  seq: number;
  /** What its turn works on, as `pendingInbox` would give it; undefined for a second delivery. */
  row: InboxRow | undefined;
}

/** As a literal, not a bound value: SQLite uses a partial index only when it can see that its condition holds. */
export const pending = sql.lit('pending' as const);

/**
 * Logs a message and puts it into the inbox; call it in a transaction. A second delivery of the same (channel,
 * messageId), also at the same moment, appends nothing and returns the ids of the first. The activity's own `id` is
 * dropped: a client must not choose ids of the log.
 * Errors: UnknownConversationError.
 */
export async function acceptMessage(db: Db, message: IncomingMessage, now: number): Promise<Acceptance> {
  const { channel, messageId, conversationId } = message;
  const taken = await seqTaken.first(db, { channel, messageId, conversationId, now });
  return taken === undefined ? firstAcceptance(db, message) : kept(db, message, taken.last_seq, now);
}

/**
 * The same for what a citizen says: one statement finds the conversation and takes its next number. Undefined: there is no such conversation;
 * `ended`: it takes nothing new.
 */
export async function acceptSpoken(
  db: Db,
  { messageId, conversationId, activity }: SpokenMessage,
  now: number,
): Promise<Acceptance | 'ended' | undefined> {
  const taken = await seqSpoken.first(db, { messageId, conversationId, now });
  if (taken !== undefined) {
    const { channel, user_id: userId } = taken;
    return kept(db, { channel, messageId, conversationId, activity: activity({ channel, userId }) }, taken.last_seq, now);
  }
  const conversation = await findConversation(db, conversationId);
  if (conversation === undefined) return undefined;
  const first = await acceptedFirst(db, conversation.channel, messageId);
  if (first === undefined && conversation.mode === 'ended') return 'ended';
  if (first === undefined) throw new UnknownConversationError(conversationId);
  return first;
}

async function kept(db: Db, message: IncomingMessage, seq: number, now: number): Promise<Acceptance> {
  const { channel, messageId, conversationId } = message;
  const { id: _chosenByClient, ...activity } = message.activity;
  const logged = asLogged(activity, conversationId, seq, now);
  await insertActivities(db, [logged], now);
  const put = await putIn.first(db, { channel, messageId, conversationId, activityId: logged.id, seq, now });
  if (put === undefined) {
    await takeBack(db, logged);
    return firstAcceptance(db, message);
  }
  const row = { id: put.id, conversationId, channel, attempts: 0, activity: logged };
  return { duplicate: false, inboxId: put.id, activityId: logged.id, seq, row };
}

/** The next number of the conversation, unless the message is known. */
const seqTaken = prepared((db, message: { channel: string; messageId: string; conversationId: string; now: number }) =>
  db
    .updateTable('conversations')
    .set((eb) => ({ last_seq: eb('last_seq', '+', 1), updated_at: message.now }))
    .where('id', '=', message.conversationId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('inbox').select('inbox.id').where('inbox.channel', '=', message.channel).where('message_id', '=', message.messageId),
        ),
      ),
    )
    .returning('last_seq'),
);

/** The same, on the conversation's own channel. */
const seqSpoken = prepared((db, message: { messageId: string; conversationId: string; now: number }) =>
  db
    .updateTable('conversations')
    .set((eb) => ({ last_seq: eb('last_seq', '+', 1), updated_at: message.now }))
    .where('id', '=', message.conversationId)
    .where('mode', '!=', sql.lit('ended' as const))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('inbox')
            .select('inbox.id')
            .whereRef('inbox.channel', '=', 'conversations.channel')
            .where('message_id', '=', message.messageId),
        ),
      ),
    )
    .returning(['last_seq', 'channel', 'user_id']),
);

interface NewRow {
  readonly channel: string;
  readonly messageId: string;
  readonly conversationId: string;
  readonly activityId: string;
  readonly seq: number;
  readonly now: number;
}

const putIn = prepared((db, { channel, messageId, conversationId, activityId, seq, now }: NewRow) =>
  db
    .insertInto('inbox')
    .values({
      channel,
      message_id: messageId,
      conversation_id: conversationId,
      activity_id: activityId,
      seq,
      status: 'pending',
      attempts: 0,
      error: null,
      received_at: now,
      done_at: null,
    })
    .onConflict((conflict) => conflict.columns(['channel', 'message_id']).doNothing())
    .returning('id'),
);

/** Another process accepted the message between our statements; we still hold the conversation's row, so nobody saw our number. */
async function takeBack(db: Db, { conversation, seq }: LoggedActivity): Promise<void> {
  await db.deleteFrom('activities').where('conversation_id', '=', conversation.id).where('seq', '=', seq).execute();
  await db
    .updateTable('conversations')
    .set({ last_seq: seq - 1 })
    .where('id', '=', conversation.id)
    .execute();
}

async function firstAcceptance(db: Db, { channel, messageId, conversationId }: Omit<IncomingMessage, 'activity'>): Promise<Acceptance> {
  const first = await acceptedFirst(db, channel, messageId);
  if (first === undefined) throw new UnknownConversationError(conversationId);
  return first;
}

/** What became of the message when it came first; undefined: it never came. */
async function acceptedFirst(db: Db, channel: string, messageId: string): Promise<Acceptance | undefined> {
  const first = await db
    .selectFrom('inbox')
    .select(['id', 'activity_id', 'seq'])
    .where('channel', '=', channel)
    .where('message_id', '=', messageId)
    .executeTakeFirst();
  return first && { duplicate: true, inboxId: first.id, activityId: first.activity_id, seq: first.seq, row: undefined };
}

/** Messages of a conversation that wait for their turn, oldest first. */
export async function pendingInbox(db: Db, conversationId: string): Promise<InboxRow[]> {
  const rows = await pendingOf.all(db, { conversationId });
  return rows.map((row) => ({
    id: row.id,
    conversationId: row.conversation_id,
    channel: row.channel,
    attempts: row.attempts,
    activity: toLogged(row),
  }));
}

const pendingOf = prepared((db, { conversationId }: { conversationId: string }) =>
  db
    .selectFrom('inbox')
    .innerJoin('activities', (join) =>
      join.onRef('activities.conversation_id', '=', 'inbox.conversation_id').onRef('activities.seq', '=', 'inbox.seq'),
    )
    .select(['inbox.id', 'inbox.conversation_id', 'inbox.channel', 'inbox.attempts', 'inbox.seq', 'activities.body_json'])
    .where('inbox.conversation_id', '=', conversationId)
    .where('inbox.status', '=', pending)
    .orderBy('inbox.id'),
);

/** Whether a message of the conversation waits for its turn. */
export async function hasPendingInbox(db: Db, conversationId: string): Promise<boolean> {
  return (await anyPending.first(db, { conversationId })) !== undefined;
}

const anyPending = prepared((db, { conversationId }: { conversationId: string }) =>
  db.selectFrom('inbox').select('id').where('conversation_id', '=', conversationId).where('status', '=', pending).limit(1),
);

/** Conversations in which a message waits for its turn, the longest waiting first; at most `limit` of them. */
export async function conversationsWithPendingInbox(db: Db, limit?: number): Promise<string[]> {
  const query = db
    .selectFrom('inbox')
    .select('conversation_id')
    .where('status', '=', pending)
    .groupBy('conversation_id')
    .orderBy((eb) => eb.fn.min('id'));
  const rows = await (limit === undefined ? query : query.limit(limit)).execute();
  return rows.map((row) => row.conversation_id);
}

/** Marks a message's turn as done; false when it was not pending any more (somebody else finished or failed it). */
export async function finishInbox(db: Db, id: number, now: number): Promise<boolean> {
  return (await done.changed(db, { id, now })) === 1;
}

const done = prepared((db, { id, now }: { id: number; now: number }) =>
  db.updateTable('inbox').set({ status: 'done', done_at: now }).where('id', '=', id).where('status', '=', 'pending'),
);

/** Counts one more try at the message's turn. */
export async function countAttempt(db: Db, id: number): Promise<void> {
  await db
    .updateTable('inbox')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

/** Gives a pending message up for good, with the reason. */
export async function failInbox(db: Db, id: number, error: string, now: number): Promise<void> {
  await db
    .updateTable('inbox')
    .set({ status: 'failed', error, done_at: now })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute();
}
