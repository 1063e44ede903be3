/** How many SMS a second leave, all processes together: what was taken in the last second stands in one row. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from './database.ts';

export interface Rate {
  /** What is limited: `all`. */
  readonly name: string;
  /** SMS a second; may be below 1. */
  readonly perSecond: number;
}

/** When what was taken is free again, and how much it was. */
const takenSchema = z.array(z.tuple([z.number(), z.number()]));
const slowMs = 60_000;

/**
 * Takes `cost` SMS; false when there is no room now. No second, wherever it begins, has more than the rate, also after hours of waiting. A message
 * longer than the rate goes when nothing else did, and is paid for in the time after it. Call it in a transaction: whoever comes second waits for it.
 */
export async function takeRate(db: Db, { name, perSecond }: Rate, cost: number, now: number): Promise<boolean> {
  const { taken_json, slow_until } = await locked(db, name);
  const rate = now < slow_until ? perSecond / 2 : perSecond;
  const taken = takenSchema.parse(JSON.parse(taken_json)).filter(([freeAt]) => freeAt > now);
  const used = taken.reduce((sum, [, one]) => sum + one, 0);
  if (used > 0 && used + cost > rate) return false;
  taken.push([now + Math.max(1, cost / rate) * 1000, cost]);
  await db
    .updateTable('sms_rate')
    .set({ taken_json: JSON.stringify(taken) })
    .where('name', '=', name)
    .execute();
  return true;
}

/** A provider asked for less: half the rate for a minute, in all processes, and nothing in the next second. Call it in a transaction. */
export async function slowDownRate(db: Db, { name, perSecond }: Rate, now: number): Promise<void> {
  await locked(db, name);
  await db
    .updateTable('sms_rate')
    .set({ slow_until: now + slowMs, taken_json: JSON.stringify([[now + 1000, perSecond]]) })
    .where('name', '=', name)
    .execute();
}

/** The row, locked until the transaction ends. */
async function locked(db: Db, name: string): Promise<{ taken_json: string; slow_until: number }> {
  await db
    .insertInto('sms_rate')
    .values({ name, taken_json: '[]', slow_until: 0 })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  return db
    .updateTable('sms_rate')
    .set({ slow_until: sql<number>`slow_until` })
    .where('name', '=', name)
    .returning(['taken_json', 'slow_until'])
    .executeTakeFirstOrThrow();
}
