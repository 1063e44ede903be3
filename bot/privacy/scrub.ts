/** SQLite leaves the bytes of deleted rows in its file until that is written anew (VACUUM), which stops every writer meanwhile: about 7 ms a megabyte. */
import { sql } from 'kysely';
import type { Db, OpenDatabase } from '../store/database.ts';
import { findSetting, putSetting } from '../store/settings.ts';

/** Since when (epoch ms) deleted bytes wait to be overwritten. */
const DUE = 'privacy.scrub_due';
const DAY_MS = 86_400_000;
/** Up to here nobody notices: half a second. */
const SMALL_BYTES = 64 * 1024 * 1024;
/** Hours of the night in China, when hardly anybody writes. */
const NIGHT = { from: 2, until: 5, offsetMs: 8 * 3_600_000 };

/** Notes that deleted rows wait to be overwritten. Call it in the transaction that deletes them. */
export async function noteScrub(tx: Db, now: number): Promise<void> {
  if ((await findSetting(tx, DUE)) === undefined) await putSetting(tx, DUE, String(now));
}

/**
 * Overwrites what deleted rows left, once for all deletions so far: a small file at once, a large one at night, after a day in any case.
 * Answers whether it did. With `atOnce` it doesn't wait. PostgreSQL takes care of its files by itself.
 */
export async function scrub({ engine, db }: OpenDatabase, now: number, { atOnce = false } = {}): Promise<boolean> {
  const since = await findSetting(db, DUE);
  if (since === undefined) return false;
  if (engine === 'sqlite') {
    const hour = Math.floor(((now + NIGHT.offsetMs) % DAY_MS) / 3_600_000);
    const night = hour >= NIGHT.from && hour < NIGHT.until;
    if (!atOnce && !night && now - Number(since) < DAY_MS && (await sizeOf(db)) > SMALL_BYTES) return false;
  }
  // Before the work: what is deleted in the midst of it waits for the next time.
  await db.deleteFrom('settings').where('key', '=', DUE).execute();
  if (engine !== 'sqlite') return true;
  try {
    await sql`vacuum`.execute(db);
    await sql`pragma wal_checkpoint(truncate)`.execute(db);
  } catch (error) {
    await putSetting(db, DUE, since);
    throw error;
  }
  return true;
}

async function sizeOf(db: Db): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()`.execute(db);
  return Number(rows[0]?.bytes ?? 0);
}
