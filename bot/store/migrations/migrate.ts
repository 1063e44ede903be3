/** Brings a database to the newest schema. Migrations live in code, so a bundle carries them. */
import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { start } from './0001-start.ts';
import { knowledgeLife } from './0002-knowledge-life.ts';
import { wechat } from './0003-wechat.ts';
import { sms } from './0004-sms.ts';
import { patterns } from './0006-patterns.ts';
import { wechatWays } from './0008-wechat-ways.ts';
import { smsLimits } from './0009-sms-limits.ts';
import { people } from './0010-people.ts';
import { conversationNotes } from './0011-conversation-notes.ts';
import { desk } from './0012-desk.ts';
import { work } from './0013-work.ts';
import { security } from './0014-security.ts';
import { webhooks } from './0015-webhooks.ts';
import { incidents } from './0016-incidents.ts';
import { windowCodes } from './0017-window-codes.ts';
import { evaluations } from './0018-evaluations.ts';
import { columnTypes, type Engine } from './column-types.ts';

/** Every migration by name, oldest release first; for one engine. */
export function migrationsOf(engine: Engine): Record<string, Migration> {
  const types = columnTypes(engine);
  return {
    '0001-start': { up: (tx) => start(tx, types) },
    '0002-knowledge-life': { up: (tx) => knowledgeLife(tx, types) },
    '0003-wechat': { up: (tx) => wechat(tx, types) },
    '0004-sms': { up: (tx) => sms(tx, types) },
    '0006-patterns': { up: (tx) => patterns(tx, types) },
    '0008-wechat-ways': { up: (tx) => wechatWays(tx, types) },
    '0009-sms-limits': { up: (tx) => smsLimits(tx, types) },
    '0010-people': { up: (tx) => people(tx, types, engine) },
    '0011-conversation-notes': { up: (tx) => conversationNotes(tx, types) },
    '0012-desk': { up: (tx) => desk(tx, types) },
    '0013-work': { up: (tx) => work(tx, types) },
    '0014-security': { up: (tx) => security(tx, types) },
    '0015-webhooks': { up: (tx) => webhooks(tx, types) },
    '0016-incidents': { up: (tx) => incidents(tx, types) },
    '0017-window-codes': { up: (tx) => windowCodes(tx, types) },
    '0018-evaluations': { up: (tx) => evaluations(tx, types) },
  };
}

/** What a database of this release has had. */
export const migrationNames: readonly string[] = Object.keys(migrationsOf('sqlite'));

/**
 * Runs the migrations that have not run yet, all or none; safe when several processes start at once.
 * Errors: the name of the migration that failed, and why; that the database belongs to a newer release.
 */
export async function migrate<T>(db: Kysely<T>, engine: Engine): Promise<void> {
  const migrations = migrationsOf(engine);
  // Migrations touch tables of their own: one that was finished later may carry a lower number.
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations }, allowUnorderedMigrations: true });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const newer = await unknownMigrations(db);
  if (newer.length > 0)
    throw new Error(
      `The database was made by a newer release of Wenban (it has ${newer.join(', ')}): start that release, or restore a backup made before the upgrade`,
    );
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  const reason = error instanceof Error ? error.message : String(error);
  throw new Error(failed ? `Database migration ${failed} failed: ${reason}` : `Cannot prepare the database: ${reason}`, { cause: error });
}

/** Migrations the database has had and this release doesn't know. */
async function unknownMigrations<T>(db: Kysely<T>): Promise<string[]> {
  try {
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
    return rows.map(({ name }) => name).filter((name) => !migrationNames.includes(name));
  } catch {
    // The error that brought us here says more than that there is no such table.
    return [];
  }
}
