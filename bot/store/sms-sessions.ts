/** SMS sessions: which conversation a phone number is in at a service number. */
import type { Selectable } from 'kysely';
import type { Db } from './database.ts';
import type { SmsSessionsTable } from './tables.ts';

export interface SmsSession {
  readonly phone: string;
  readonly port: string;
  readonly conversationId: string;
  readonly generation: number;
  readonly locale: string;
  readonly lastInAt: number;
  readonly endedAt: number | null;
  readonly ratingAskedAt: number | null;
}

export async function findSmsSession(db: Db, phone: string, port: string): Promise<SmsSession | undefined> {
  const row = await db.selectFrom('sms_sessions').selectAll().where('phone', '=', phone).where('port', '=', port).executeTakeFirst();
  return row && toSession(row);
}

export async function smsSessionOf(db: Db, conversationId: string): Promise<SmsSession | undefined> {
  const row = await db.selectFrom('sms_sessions').selectAll().where('conversation_id', '=', conversationId).executeTakeFirst();
  return row && toSession(row);
}

/** The number a citizen last wrote from, and to; undefined when nobody wrote by SMS under this id. */
export async function smsAddressOf(db: Db, userId: string): Promise<{ phone: string; port: string } | undefined> {
  return db
    .selectFrom('sms_sessions')
    .innerJoin('conversations', 'conversations.id', 'sms_sessions.conversation_id')
    .select(['sms_sessions.phone', 'sms_sessions.port'])
    .where('conversations.user_id', '=', userId)
    .where('conversations.channel', '=', 'sms')
    .orderBy('sms_sessions.last_in_at', 'desc')
    .executeTakeFirst();
}

/** Stores where the number is now; the citizen has just written, so the session is open. */
export async function saveSmsSession(db: Db, session: Omit<SmsSession, 'endedAt' | 'ratingAskedAt'>): Promise<void> {
  const { phone, port, conversationId, generation, locale, lastInAt } = session;
  const values = { conversation_id: conversationId, generation, locale, last_in_at: lastInAt, ended_at: null };
  await db
    .insertInto('sms_sessions')
    .values({ phone, port, rating_asked_at: null, ...values })
    .onConflict((conflict) => conflict.columns(['phone', 'port']).doUpdateSet(values))
    .execute();
}

/** Open sessions nobody wrote in since `before`, longest silent first. */
export async function silentSmsSessions(db: Db, before: number, limit: number): Promise<SmsSession[]> {
  const rows = await db
    .selectFrom('sms_sessions')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('last_in_at', '<', before)
    .orderBy('last_in_at')
    .limit(limit)
    .execute();
  return rows.map(toSession);
}

/** Ends a session that is still as silent as it was read; false when the citizen wrote meanwhile or somebody else ended it. */
export async function endSmsSession(db: Db, session: SmsSession, now: number): Promise<boolean> {
  const result = await db
    .updateTable('sms_sessions')
    .set({ ended_at: now })
    .where('phone', '=', session.phone)
    .where('port', '=', session.port)
    .where('last_in_at', '=', session.lastInAt)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Notes that this number was asked for a rating, at whichever service number. */
export async function noteRatingAsked(db: Db, session: SmsSession, now: number): Promise<void> {
  await db
    .updateTable('sms_sessions')
    .set({ rating_asked_at: now })
    .where('phone', '=', session.phone)
    .where('port', '=', session.port)
    .execute();
}

/** When a number was last asked for a rating. */
export async function lastRatingAsked(db: Db, phone: string): Promise<number | null> {
  const row = await db
    .selectFrom('sms_sessions')
    .select((eb) => eb.fn.max('rating_asked_at').as('at'))
    .where('phone', '=', phone)
    .executeTakeFirst();
  return row?.at ?? null;
}

function toSession(row: Selectable<SmsSessionsTable>): SmsSession {
  return {
    phone: row.phone,
    port: row.port,
    conversationId: row.conversation_id,
    generation: row.generation,
    locale: row.locale,
    lastInAt: row.last_in_at,
    endedAt: row.ended_at,
    ratingAskedAt: row.rating_asked_at,
  };
}
