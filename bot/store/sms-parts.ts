/** Parts of long incoming SMS. They are in the store because each may come over another connection, to another process. */
import type { Db } from './database.ts';

export interface SmsPart {
  readonly number: number;
  readonly total: number;
  /** Hex of the content without its header. */
  readonly body: string;
  readonly fmt: number;
  /** The gateway's id of this part. */
  readonly messageId: string;
}

export type GroupState = 'open' | 'done' | 'expired';

/**
 * Keeps a part and gives all parts known with the group's state, ascending. The same part again changes nothing; a different
 * message under a reused reference starts its group anew. Call it in a transaction.
 */
export async function keepPart(db: Db, groupKey: string, part: SmsPart, now: number): Promise<{ parts: SmsPart[]; state: GroupState }> {
  await db
    .insertInto('sms_part_groups')
    .values({ group_key: groupKey, state: 'open', started_at: now })
    .onConflict((conflict) => conflict.column('group_key').doNothing())
    .execute();
  // Also the lock that lets two connections see each other's part.
  const { state } = await db
    .updateTable('sms_part_groups')
    .set((eb) => ({ state: eb.ref('state') }))
    .where('group_key', '=', groupKey)
    .returning('state')
    .executeTakeFirstOrThrow();
  const known = await partsOf(db, groupKey);
  const same = known.find((one) => one.number === part.number);
  if (same && (same.body !== part.body || (state === 'done' && same.messageId !== part.messageId))) {
    await db.deleteFrom('sms_parts').where('group_key', '=', groupKey).execute();
    await db.deleteFrom('sms_part_groups').where('group_key', '=', groupKey).execute();
    return keepPart(db, groupKey, part, now);
  }
  if (same) return { parts: known, state };
  await db
    .insertInto('sms_parts')
    .values({
      group_key: groupKey,
      number: part.number,
      total: part.total,
      body_hex: part.body,
      fmt: part.fmt,
      message_id: part.messageId,
      received_at: now,
    })
    .execute();
  return { parts: [...known, part].sort((a, b) => a.number - b.number), state };
}

/** Changes a group's state from `from`; false when it was in another one. */
export async function moveGroup(db: Db, groupKey: string, from: readonly GroupState[], to: GroupState): Promise<boolean> {
  const result = await db
    .updateTable('sms_part_groups')
    .set({ state: to })
    .where('group_key', '=', groupKey)
    .where('state', 'in', from)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Groups begun before `before` that are still waiting for a part. */
export async function overdueGroups(db: Db, before: number): Promise<string[]> {
  const rows = await db
    .selectFrom('sms_part_groups')
    .select('group_key')
    .where('state', '=', 'open')
    .where('started_at', '<', before)
    .execute();
  return rows.map((row) => row.group_key);
}

/** Forgets groups begun before `before`: their references are used again by then. */
export async function forgetGroups(db: Db, before: number): Promise<void> {
  const old = db.selectFrom('sms_part_groups').select('group_key').where('started_at', '<', before);
  await db.deleteFrom('sms_parts').where('group_key', 'in', old).execute();
  await db.deleteFrom('sms_part_groups').where('started_at', '<', before).execute();
}

async function partsOf(db: Db, groupKey: string): Promise<SmsPart[]> {
  const rows = await db.selectFrom('sms_parts').selectAll().where('group_key', '=', groupKey).orderBy('number').execute();
  return rows.map((row) => ({ number: row.number, total: row.total, body: row.body_hex, fmt: row.fmt, messageId: row.message_id }));
}
