/** Puts the seals before a database that has just been opened: finds the keys, checks that they are the right ones, seals what was there before. */
import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { findSetting, putSetting } from '../settings.ts';
import { KeyRing, type KeyTexts, keyFileRing, LostKeyError, type KeyRing as Ring } from './key-ring.ts';
import { SealingPlugin } from './plugin.ts';
import { resealAll, sealPretenders } from './reseal.ts';

/** What the seals need besides the database handle. */
export interface Sealing {
  readonly ring: Ring;
  /** The database without the plugin: shows envelopes as they are. */
  readonly plain: Db;
}

const CHECK = 'sealing.check';
const SAMPLE = 'wenban';
const BATCH = 500;

/**
 * Keys come from `dataKeys`, else for SQLite from the key file of `dataDir` (made at the first start), else there are none.
 * Errors: LostKeyError where sealed data has no key, in words.
 */
export async function sealDatabase(
  plain: Db,
  engine: 'sqlite' | 'postgres',
  config: { readonly dataDir: string; readonly dataKeys?: KeyTexts | undefined },
): Promise<{ db: Db; plugin?: SealingPlugin; sealing: Sealing | undefined }> {
  const check = await findSetting(plain, CHECK);
  if (config.dataKeys === undefined && engine === 'postgres') {
    if (check !== undefined) throw new LostKeyError('of DATA_KEYS');
    return { db: plain, sealing: undefined };
  }
  const ring = config.dataKeys ? new KeyRing(config.dataKeys) : keyFileRing(config.dataDir, () => check === undefined);
  if (check === undefined) {
    await sealPretenders(plain, ring, BATCH);
    const done = await resealAll(plain, ring, BATCH);
    // What was readable before still stands in the free places of the file.
    if (engine === 'sqlite' && done.some(({ rows }) => rows > 0)) await sql`vacuum`.execute(plain);
    await noteKeys(plain, ring);
  } else checkKeys(ring, check);
  const plugin = new SealingPlugin(ring);
  return { db: plain.withPlugin(plugin), plugin, sealing: { ring, plain } };
}

/** Notes with which keys the data is sealed, so that a start with others says so at once. */
export async function noteKeys(plain: Db, ring: Ring): Promise<void> {
  await putSetting(plain, CHECK, JSON.stringify([ring.seal(SAMPLE), ring.sealForLookup(SAMPLE)]));
}

function checkKeys(ring: Ring, check: string): void {
  const [sealed = '', lookup] = JSON.parse(check) as string[];
  ring.open(sealed);
  if (ring.sealForLookup(SAMPLE) !== lookup) throw new LostKeyError('lookup');
}
