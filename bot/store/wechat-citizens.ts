/** Who a citizen is at which WeChat account, and how many customer-service messages may still be sent to them. */
import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db } from './database.ts';
import { prepared } from './prepared.ts';
import type { WechatCitizensTable } from './tables.ts';

export interface WechatCitizen {
  readonly account: string;
  readonly openid: string;
  readonly unionId: string | null;
  /** E.164, where they agreed to be told by SMS. */
  readonly phone: string | null;
  readonly conversationId: string;
  readonly quotaLeft: number;
  /** Epoch milliseconds. */
  readonly quotaUntil: number;
  readonly lastSeenAt: number;
}

const toCitizen = (row: Selectable<WechatCitizensTable>): WechatCitizen => ({
  account: row.account,
  openid: row.openid,
  unionId: row.union_id,
  phone: row.phone,
  conversationId: row.conversation_id,
  quotaLeft: row.quota_left,
  quotaUntil: row.quota_until,
  lastSeenAt: row.last_seen_at,
});

/** A citizen who writes. */
export interface WechatWriter extends WechatCitizen {
  /** Something was kept for their next message. */
  readonly waiting: boolean;
}

/** The citizen with this openid, if they have been here. */
export async function findWechatCitizen(db: Db, account: string, openid: string): Promise<WechatWriter | undefined> {
  const row = await known.first(db, { account, openid });
  return row && { ...toCitizen(row), waiting: row.kept !== null };
}

const known = prepared((db, { account, openid }: { account: string; openid: string }) =>
  db
    .selectFrom('wechat_citizens')
    .selectAll()
    .select(({ selectFrom }) =>
      selectFrom('wechat_deliveries')
        .select('wechat_deliveries.seq')
        .whereRef('wechat_deliveries.conversation_id', '=', 'wechat_citizens.conversation_id')
        .where('state', '=', sql.lit('kept' as const))
        .limit(1)
        .as('kept'),
    )
    .where('wechat_citizens.account', '=', account)
    .where('openid', '=', openid),
);

/**
 * The citizen, made known with `conversationId` when they are new. Somebody whose union id is known from another account gets that
 * account's conversation. When several processes come first at once, all get the same one.
 */
export async function meetWechatCitizen(
  db: Db,
  who: { account: string; openid: string; unionId: string | null; conversationId: string },
  now: number,
): Promise<WechatWriter> {
  const elsewhere = who.unionId === null ? undefined : await latestOfUnion(db, who.unionId);
  const met = await newcomer.first(db, { ...who, conversationId: elsewhere?.conversation_id ?? who.conversationId, now });
  // Who goes on in a conversation of another account may have something waiting there.
  if (met && !elsewhere) return { ...toCitizen(met), waiting: false };
  const known = await findWechatCitizen(db, who.account, who.openid);
  if (!known) throw new Error('a WeChat citizen vanished while being stored');
  return known;
}

interface Newcomer {
  readonly account: string;
  readonly openid: string;
  readonly unionId: string | null;
  readonly conversationId: string;
  readonly now: number;
}

const newcomer = prepared((db, { account, openid, unionId, conversationId, now }: Newcomer) =>
  db
    .insertInto('wechat_citizens')
    .values({
      account,
      openid,
      union_id: unionId,
      phone: null,
      conversation_id: conversationId,
      quota_left: 0,
      quota_until: 0,
      last_seen_at: now,
      created_at: now,
    } satisfies Insertable<WechatCitizensTable>)
    .onConflict((conflict) => conflict.columns(['account', 'openid']).doNothing())
    .returningAll(),
);

function latestOfUnion(db: Db, unionId: string) {
  return db
    .selectFrom('wechat_citizens')
    .select('conversation_id')
    .where('union_id', '=', unionId)
    .orderBy('last_seen_at', 'desc')
    .executeTakeFirst();
}

/** Notes a union id that became known later; the citizen goes on in the conversation that union id has, if it has one. */
export async function bindWechatUnion(db: Db, account: string, openid: string, unionId: string): Promise<void> {
  const elsewhere = await latestOfUnion(db, unionId);
  await db
    .updateTable('wechat_citizens')
    .set({ union_id: unionId, ...(elsewhere ? { conversation_id: elsewhere.conversation_id } : {}) })
    .where('account', '=', account)
    .where('openid', '=', openid)
    .where('union_id', 'is', null)
    .execute();
}

/** Notes the phone (E.164) a citizen has shown to be theirs. */
export async function bindWechatPhone(db: Db, account: string, openid: string, phone: string): Promise<void> {
  await db.updateTable('wechat_citizens').set({ phone }).where('account', '=', account).where('openid', '=', openid).execute();
}

/** Begins a new conversation for everybody who shares the old one, once: a second caller changes nothing. */
export async function renewWechatConversation(db: Db, from: string, to: string): Promise<void> {
  await db.updateTable('wechat_citizens').set({ conversation_id: to }).where('conversation_id', '=', from).execute();
}

/** Everybody (one person at several accounts) who talks in a conversation, the last seen first. */
export async function wechatCitizensOf(db: Db, conversationId: string): Promise<WechatCitizen[]> {
  return (await talking.all(db, { conversationId })).map(toCitizen);
}

const talking = prepared((db, { conversationId }: { conversationId: string }) =>
  db.selectFrom('wechat_citizens').selectAll().where('conversation_id', '=', conversationId).orderBy('last_seen_at', 'desc'),
);

/** They were here at `now`; what they did allows `quota.left` messages until `quota.until` (an older allowance ends). */
export async function seeWechatCitizen(
  db: Db,
  account: string,
  openid: string,
  quota: { left: number; until: number } | undefined,
  now: number,
): Promise<void> {
  await seen.changed(db, { account, openid, left: quota?.left ?? null, until: quota?.until ?? null, now });
}

interface Seen {
  readonly account: string;
  readonly openid: string;
  /** Null: the allowance stays as it is. */
  readonly left: number | null;
  readonly until: number | null;
  readonly now: number;
}

const seen = prepared((db, { account, openid, left, until, now }: Seen) =>
  db
    .updateTable('wechat_citizens')
    .set(({ fn, val, ref }) => ({
      last_seen_at: now,
      quota_left: fn.coalesce(val(left), ref('quota_left')),
      quota_until: fn.coalesce(val(until), ref('quota_until')),
    }))
    .where('account', '=', account)
    .where('openid', '=', openid),
);

/** Takes one message from the allowance: how many are left after it, or undefined when there was none. */
export async function takeWechatQuota(db: Db, account: string, openid: string, now: number): Promise<number | undefined> {
  return (await allowed.first(db, { account, openid, now }))?.quota_left;
}

const allowed = prepared((db, { account, openid, now }: { account: string; openid: string; now: number }) =>
  db
    .updateTable('wechat_citizens')
    .set((eb) => ({ quota_left: eb('quota_left', '-', 1) }))
    .where('account', '=', account)
    .where('openid', '=', openid)
    .where('quota_left', '>', 0)
    .where('quota_until', '>', now)
    .returning('quota_left'),
);

/** The platform says that nothing may be sent any more. */
export async function endWechatQuota(db: Db, account: string, openid: string): Promise<void> {
  await db.updateTable('wechat_citizens').set({ quota_left: 0 }).where('account', '=', account).where('openid', '=', openid).execute();
}

/** Forgets who they are: their conversations stay without any name. */
export async function forgetWechatCitizen(db: Db, account: string, openid: string): Promise<void> {
  await db.deleteFrom('wechat_citizens').where('account', '=', account).where('openid', '=', openid).execute();
}
