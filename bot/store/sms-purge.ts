/** Forgetting: a phone number may belong to somebody else by now, and nobody needs the words any more. */
import { sql } from 'kysely';
import type { Db } from './database.ts';

export interface Purged {
  readonly messages: number;
  readonly consents: number;
}

/**
 * Removes messages queued before `before`, with their receipts, at most `limit` at a time; those still to be sent stay. Consents given before
 * it end for numbers that have not written since. Running it again, or in two processes, does no harm.
 */
export async function purgeSms(db: Db, before: number, limit: number, now: number): Promise<Purged> {
  const old = await db
    .selectFrom('sms_messages')
    .select('id')
    .where('created_at', '<', before)
    .where('status', 'in', ['accepted', 'sent', 'delivered', 'failed', 'suppressed'])
    .orderBy('created_at')
    .limit(limit)
    .execute();
  const ids = old.map((row) => row.id);
  if (ids.length > 0) {
    await db.deleteFrom('sms_receipts').where('message_id', 'in', ids).execute();
    await db.deleteFrom('sms_messages').where('id', 'in', ids).execute();
  }
  // Receipts of messages that were never ours.
  await db.deleteFrom('sms_receipts').where('message_id', 'is', null).where('at', '<', before).execute();
  const dropped = await db
    .updateTable('sms_numbers')
    .set({ consent_at: null, consent_source: null, updated_at: now })
    .where('consent_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sms_sessions')
            .select(sql`1`.as('one'))
            .whereRef('sms_sessions.phone', '=', 'sms_numbers.phone')
            .where('sms_sessions.last_in_at', '>=', before),
        ),
      ),
    )
    .executeTakeFirst();
  return { messages: ids.length, consents: Number(dropped.numUpdatedRows) };
}
