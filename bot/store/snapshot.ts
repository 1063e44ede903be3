/** Copies of the embedded database while others write to it. Nothing is migrated here: a backup keeps what is there. */
import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

/** The database file of a data directory. */
export const sqliteFile = (dataDir: string): string => join(dataDir, 'wenban.sqlite');

/**
 * Writes everything committed by now into `target` (which must not exist) and puts it on the disk. Writers are not held up.
 * Source: https://sqlite.org/lang_vacuum.html, "VACUUM INTO". Errors: no database there, the disk is full …, in words.
 */
export function snapshotSqlite(dataDir: string, target: string): void {
  const source = sqliteFile(dataDir);
  if (!existsSync(source)) throw new Error(`there is no database ${source}`);
  const database = new Database(source);
  try {
    database.exec('pragma busy_timeout = 30000');
    database.exec(`vacuum into '${target.replaceAll("'", "''")}'`);
  } finally {
    database.close();
  }
  // VACUUM INTO does not wait for the disk.
  const file = openSync(target, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Names of the migrations a database file has had. Errors: the file is damaged or none of ours. */
export function checkSqlite(file: string): string[] {
  const database = new Database(file);
  try {
    const { integrity_check: verdict } = database.prepare('pragma integrity_check').get() as { integrity_check: string };
    if (verdict !== 'ok') throw new Error(`${file} is damaged: ${verdict}`);
    return (database.prepare('select name from kysely_migration order by name').all() as { name: string }[]).map(({ name }) => name);
  } finally {
    database.close();
  }
}
