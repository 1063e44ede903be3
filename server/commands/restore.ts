/** `wenban restore`: a checked backup into a new data directory (and an empty PostgreSQL database). */
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { migrationNames } from '../../bot/store/migrations/migrate.ts';
import { checkSqlite } from '../../bot/store/snapshot.ts';
import { type Manifest, verified } from './backup-manifest.ts';
import { restorePostgres } from './backup-postgres.ts';

export interface RestoreOptions {
  readonly from: string;
  readonly into: string;
  /** The folder `backup --keys` made. */
  readonly keys?: string | undefined;
  /** Where a dump of PostgreSQL goes. */
  readonly databaseUrl?: string | undefined;
}

/**
 * Restores. Nothing is written before every sum has been checked. The index is not part of a backup: the server builds it from the store when
 * it starts. Errors: a damaged or newer backup, a target that is not empty, in words.
 */
export async function restore({ from, into, keys, databaseUrl }: RestoreOptions): Promise<Manifest> {
  const target = resolve(into);
  if (existsSync(target) && (await readdir(target)).length > 0) throw new Error(`${target} is not empty: restore into a new folder`);
  const manifest = await verified(from);
  const known = new Set<string>(migrationNames);
  const newer = manifest.migrations.filter((name) => !known.has(name));
  if (newer.length > 0)
    throw new Error(`the backup was made by a newer release (${manifest.version}, with ${newer.join(', ')}): install that one first`);
  if (manifest.engine === 'postgres' && !databaseUrl) throw new Error('the backup is of PostgreSQL: set DATABASE_URL to an empty database');
  await mkdir(target, { recursive: true, mode: 0o700 });
  for (const { path } of manifest.files) {
    if (path === 'database.dump') continue;
    await put(join(from, path), join(target, path.replace(/^files\//, '')));
  }
  if (keys !== undefined) await putKeys(keys, target);
  if (manifest.engine === 'sqlite') checkSqlite(join(target, 'wenban.sqlite'));
  else await restorePostgres(databaseUrl as string, join(from, 'database.dump'));
  return manifest;
}

async function putKeys(keys: string, target: string): Promise<void> {
  for (const key of await readdir(keys, { recursive: true, withFileTypes: true })) {
    const path = join(key.parentPath, key.name);
    if (key.isFile()) await put(path, join(target, relative(keys, path)));
  }
}

async function put(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await copyFile(source, target);
  await chmod(target, 0o600);
}
