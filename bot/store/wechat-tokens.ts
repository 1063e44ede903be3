/** Access tokens of the WeChat API, shared by all processes; one of them at a time fetches a new one. */
import type { Db } from './database.ts';

export interface StoredToken {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** The stored token of an app id, if there is one. */
export async function findWechatToken(db: Db, appId: string): Promise<StoredToken | undefined> {
  const row = await db.selectFrom('wechat_tokens').select(['token', 'expires_at']).where('app_id', '=', appId).executeTakeFirst();
  return row && row.token !== '' ? { token: row.token, expiresAt: row.expires_at } : undefined;
}

/** Whether the caller is the one who may fetch until `until`: nobody else is at it, and `seen` is still the stored token. */
export async function claimWechatRefresh(db: Db, appId: string, seen: string | undefined, now: number, until: number): Promise<boolean> {
  await db
    .insertInto('wechat_tokens')
    .values({ app_id: appId, token: '', expires_at: 0, refreshing_until: 0 })
    .onConflict((conflict) => conflict.column('app_id').doNothing())
    .execute();
  const claimed = await db
    .updateTable('wechat_tokens')
    .set({ refreshing_until: until })
    .where('app_id', '=', appId)
    .where('refreshing_until', '<=', now)
    .where('token', '=', seen ?? '')
    .executeTakeFirst();
  return claimed.numUpdatedRows === 1n;
}

/** Stores a fetched token and lets others fetch again. */
export async function saveWechatToken(db: Db, appId: string, fetched: StoredToken): Promise<void> {
  await db
    .updateTable('wechat_tokens')
    .set({ token: fetched.token, expires_at: fetched.expiresAt, refreshing_until: 0 })
    .where('app_id', '=', appId)
    .execute();
}

/** Fetching failed: others may try. */
export async function releaseWechatRefresh(db: Db, appId: string): Promise<void> {
  await db.updateTable('wechat_tokens').set({ refreshing_until: 0 }).where('app_id', '=', appId).execute();
}
