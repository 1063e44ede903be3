/** Small values an installation makes once and keeps, such as its secrets. */
import type { Db } from './database.ts';

/** The stored value of `key`, or `make()` stored now; when several processes come first at once, all get the same. */
export async function settingOrCreate(db: Db, key: string, make: () => string): Promise<string> {
  const existing = await findSetting(db, key);
  if (existing !== undefined) return existing;
  const value = make();
  await db
    .insertInto('settings')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  return (await findSetting(db, key)) ?? value;
}

/** The stored value of `key`, if there is one. */
export async function findSetting(db: Db, key: string): Promise<string | undefined> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value;
}

/** Stores `value` under `key`, whatever was there. */
export async function putSetting(db: Db, key: string, value: string): Promise<void> {
  await db
    .insertInto('settings')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}
