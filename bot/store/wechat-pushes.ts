/** What is known of a push that may come again: how often it was delivered, and the message it became. */
import { sql } from 'kysely';
import type { Db } from './database.ts';
import { prepared } from './prepared.ts';

const keepMs = 60 * 60_000;

/** Counts one delivery; 1 is the first. */
export async function countWechatPush(db: Db, account: string, key: string, now: number): Promise<number> {
  return (await counted.first(db, { account, key, now }))?.deliveries ?? 1;
}

const counted = prepared((db, { account, key, now }: { account: string; key: string; now: number }) =>
  db
    .insertInto('wechat_pushes')
    .values({ account, push_key: key, deliveries: 1, first_at: now })
    .onConflict((conflict) =>
      conflict.columns(['account', 'push_key']).doUpdateSet((eb) => ({ deliveries: eb('wechat_pushes.deliveries', '+', 1) })),
    )
    .returning('deliveries'),
);

/** Forgets pushes that can't be repeated any more. */
export async function pruneWechatPushes(db: Db, now: number): Promise<void> {
  await db
    .deleteFrom('wechat_pushes')
    .where('first_at', '<', now - keepMs)
    .execute();
}

/** The message of an earlier delivery, if there was one; `channels` are the two it may have come in by. */
export async function acceptedEarlier(
  db: Db,
  channels: readonly [string, string],
  messageId: string,
): Promise<{ conversationId: string; seq: number } | undefined> {
  const row = await accepted.first(db, { one: channels[0], other: channels[1], messageId });
  return row && { conversationId: row.conversation_id, seq: row.seq };
}

const accepted = prepared((db, { one, other, messageId }: { one: string; other: string; messageId: string }) =>
  db.selectFrom('inbox').select(['conversation_id', 'seq']).where('channel', 'in', [one, other]).where('message_id', '=', messageId),
);

/** Whether the turn of the message at `seq`, which stands in the inbox, is over. */
export async function turnIsOver(db: Db, conversationId: string, seq: number): Promise<boolean> {
  return (await awaited.first(db, { conversationId, seq })) === undefined;
}

/** Asked of what is pending, with a literal: of that there is an index, and little. */
const awaited = prepared((db, { conversationId, seq }: { conversationId: string; seq: number }) =>
  db
    .selectFrom('inbox')
    .select('id')
    .where('conversation_id', '=', conversationId)
    .where('seq', '=', seq)
    .where('status', '=', sql.lit('pending' as const)),
);
