/** Counters that every process of one store shares: so many uses of a key until its window ends. Keys are kept hashed. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from './database.ts';

export interface Allowance {
  readonly limit: number;
  /** From the first use on. */
  readonly windowMs: number;
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url');

/** Counts `amount` uses of a key. Answers the milliseconds to wait when that was too much, 0 when it may go on. */
export async function takeAllowance(db: Db, key: string, { limit, windowMs }: Allowance, now: number, amount = 1): Promise<number> {
  const { used, until } = await countUse(db, key, windowMs, now, amount);
  return used > limit ? until - now : 0;
}

/** Counts `amount` uses of a key: how many there are in its window, and when that ends. One statement: parallel uses all count. */
export async function countUse(db: Db, key: string, windowMs: number, now: number, amount = 1): Promise<{ used: number; until: number }> {
  const ends = now + windowMs;
  const { used, until } = await db
    .insertInto('rate_limits')
    .values({ key: hashOf(key), used: amount, until: ends })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        used: sql<number>`case when rate_limits.until <= ${now} then ${sql.lit(amount)} else rate_limits.used + ${sql.lit(amount)} end`,
        until: sql<number>`case when rate_limits.until <= ${now} then cast(${ends} as bigint) else rate_limits.until end`,
      }),
    )
    .returning(['used', 'until'])
    .executeTakeFirstOrThrow();
  return { used: Number(used), until: Number(until) };
}

/** What is used of a key in its running window. */
export async function usedOf(db: Db, key: string, now: number): Promise<number> {
  const row = await db.selectFrom('rate_limits').select('used').where('key', '=', hashOf(key)).where('until', '>', now).executeTakeFirst();
  return row === undefined ? 0 : Number(row.used);
}

/** Gives back one use of a key. */
export async function giveBack(db: Db, key: string): Promise<void> {
  await db
    .updateTable('rate_limits')
    .set((eb) => ({ used: eb('used', '-', 1) }))
    .where('key', '=', hashOf(key))
    .where('used', '>', 0)
    .execute();
}

/** Forgets a key. */
export async function forgetAllowance(db: Db, key: string): Promise<void> {
  await db.deleteFrom('rate_limits').where('key', '=', hashOf(key)).execute();
}

/** Removes counters whose window is over; answers how many. */
export async function pruneAllowances(db: Db, now: number): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('rate_limits').where('until', '<=', now).executeTakeFirst();
  return Number(numDeletedRows);
}
