/** What is known of a push that may come again: how often it was delivered, and the message it became. */
import type { Db } from './database.ts';

const keepMs = 60 * 60_000;

/** Counts one delivery; 1 is the first. */
export async function countWechatPush(db: Db, account: string, key: string, now: number): Promise<number> {
  const row = await db
    .insertInto('wechat_pushes')
    .values({ account, push_key: key, deliveries: 1, first_at: now })
    .onConflict((conflict) =>
      conflict.columns(['account', 'push_key']).doUpdateSet((eb) => ({ deliveries: eb('wechat_pushes.deliveries', '+', 1) })),
    )
    .returning('deliveries')
    .executeTakeFirstOrThrow();
  return row.deliveries;
}

/** Forgets pushes that can't be repeated any more. */
export async function pruneWechatPushes(db: Db, now: number): Promise<void> {
  await db
    .deleteFrom('wechat_pushes')
    .where('first_at', '<', now - keepMs)
    .execute();
}

/** The message of an earlier delivery, if there was one. */
export async function acceptedEarlier(
  db: Db,
  channels: readonly string[],
  messageId: string,
): Promise<{ conversationId: string; seq: number } | undefined> {
  const row = await db
    .selectFrom('inbox')
    .select(['conversation_id', 'seq'])
    .where('channel', 'in', channels)
    .where('message_id', '=', messageId)
    .executeTakeFirst();
  return row && { conversationId: row.conversation_id, seq: row.seq };
}

/** Whether the turn of the message at `seq` is over. */
export async function turnIsOver(db: Db, conversationId: string, seq: number): Promise<boolean> {
  const row = await db
    .selectFrom('inbox')
    .select('status')
    .where('conversation_id', '=', conversationId)
    .where('seq', '=', seq)
    .executeTakeFirst();
  return row !== undefined && row.status !== 'pending';
}
