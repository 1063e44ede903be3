/** One database is one city's: conversations, staff, queues and work orders know no pack, so a second pack on it would see them all. */

import type { OpenDatabase } from '../bot/store/database.ts';
import { findSetting, putSetting, settingOrCreate } from '../bot/store/settings.ts';
import type { PackManifest } from '../knowledge/pack.ts';

type Owner = Pick<PackManifest, 'name' | 'region'>;

const KEY = 'tenant';
const wordsOf = ({ name, region }: Owner): string => `${name} ${region}`;

/** Refuses a start, in words that say how to go on. */
export class ForeignPackError extends Error {
  constructor(owner: string, { name, region }: Owner) {
    super(
      `this database belongs to the pack and region “${owner}”, not to “${name} ${region}”: a city has a database of its own. ` +
        `Start with the pack ${owner.split(' ')[0]}, or give ${name} its own DATABASE_URL (or DATA_DIR). ` +
        'If the same city only changed its pack, stop every server and run: wenban knowledge adopt --yes',
    );
  }
}

/** Makes a database that is nobody's yet the pack's own. Throws ForeignPackError when it is another one's; several starts at once agree. */
export async function claimStore({ db }: Pick<OpenDatabase, 'db'>, owner: Owner): Promise<void> {
  let kept = await findSetting(db, KEY);
  if (kept === undefined) {
    const packs = await packsOf(db);
    // Made by a release that did not ask whose it is.
    const [other] = packs.includes(owner.name) ? [] : packs;
    if (other !== undefined) throw new ForeignPackError(other, owner);
    kept = await settingOrCreate(db, KEY, () => wordsOf(owner));
  }
  if (kept !== wordsOf(owner)) throw new ForeignPackError(kept, owner);
}

/** Gives a database, with everything in it, to this pack. Answers whose it was; undefined: nobody's. */
export async function adoptStore({ db }: Pick<OpenDatabase, 'db'>, owner: Owner): Promise<string | undefined> {
  const before = (await findSetting(db, KEY)) ?? (await packsOf(db))[0];
  await putSetting(db, KEY, wordsOf(owner));
  return before;
}

/** Packs that knowledge was imported into; flows are kept beside them under their name and a slash. */
async function packsOf(db: OpenDatabase['db']): Promise<string[]> {
  const rows = await db
    .selectFrom('knowledge_versions')
    .select('pack')
    .distinct()
    .where('pack', 'not like', '%/%')
    .orderBy('pack')
    .execute();
  return rows.map(({ pack }) => pack);
}
