/** What providers pushed and nobody has worked on yet: stored whole before it is acknowledged, gone when it is done. */
import { sql } from 'kysely';
import type { Db } from './database.ts';

export interface SmsPush {
  readonly id: number;
  /** Whose messages must stay in order; empty for a receipt. */
  readonly sender: string;
  /** Its shape is the channel's. */
  readonly item: unknown;
  readonly attempts: number;
  readonly nextAt: number;
  readonly receivedAt: number;
}

/** Rows of one statement: databases limit the values in it. */
const chunk = 200;

/** Stores what was pushed together, all or nothing. Call it in a transaction. */
export async function keepPushes(db: Db, pushes: readonly Pick<SmsPush, 'sender' | 'item'>[], now: number): Promise<void> {
  const rows = pushes.map(({ sender, item }) => ({ sender, item_json: JSON.stringify(item), attempts: 0, next_at: now, received_at: now }));
  for (let at = 0; at < rows.length; at += chunk) {
    await db
      .insertInto('sms_pushes')
      .values(rows.slice(at, at + chunk))
      .execute();
  }
}

/** What may be worked on now, messages before receipts, oldest first; nothing of a sender whose earlier message is not done. */
export async function duePushes(db: Db, now: number, limit: number): Promise<SmsPush[]> {
  const rows = await db
    .selectFrom('sms_pushes')
    .selectAll()
    .where('next_at', '<=', now)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sms_pushes as earlier')
            .select('earlier.id')
            .whereRef('earlier.sender', '=', 'sms_pushes.sender')
            .whereRef('earlier.id', '<', 'sms_pushes.id')
            .where('earlier.sender', '!=', '')
            .where('earlier.next_at', '>', now),
        ),
      ),
    )
    .orderBy(sql`case when sender = '' then 1 else 0 end`)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    sender: row.sender,
    item: JSON.parse(row.item_json),
    attempts: row.attempts,
    nextAt: row.next_at,
    receivedAt: row.received_at,
  }));
}

/** Takes a push until `until`; false when another process has it. */
export async function claimPush(db: Db, push: SmsPush, until: number): Promise<boolean> {
  const result = await db
    .updateTable('sms_pushes')
    .set((eb) => ({ next_at: until, attempts: eb('attempts', '+', 1) }))
    .where('id', '=', push.id)
    .where('next_at', '=', push.nextAt)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** It could not be worked on: again at `nextAt`. */
export async function deferPush(db: Db, id: number, nextAt: number): Promise<void> {
  await db.updateTable('sms_pushes').set({ next_at: nextAt }).where('id', '=', id).execute();
}

export async function dropPush(db: Db, id: number): Promise<void> {
  await db.deleteFrom('sms_pushes').where('id', '=', id).execute();
}
