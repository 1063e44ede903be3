/** `wenban backup`: database, uploads and what else is in the data directory into a folder with sums, while the server runs. */
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { checkSqlite, snapshotSqlite } from '../../bot/store/snapshot.ts';
import packageFile from '../../package.json' with { type: 'json' };
import type { Config } from '../config.ts';
import { type BackupFile, described, MANIFEST, type Manifest } from './backup-manifest.ts';
import { dumpPostgres, postgresMigrations } from './backup-postgres.ts';

export interface BackupOptions {
  readonly out: string;
  /** A folder of its own for the key files; absent: they are left out, and named. */
  readonly keys?: string | undefined;
  readonly now?: () => number;
}

/** What opens stored data lies apart from it. */
const isKey = (path: string): boolean => /(^|[._-])keys?([._-]|$)/i.test(path.split('/')[0] ?? '');
/** The database is copied its own way; the others are made anew. */
const leftOut = /^(wenban\.sqlite.*|embeddings\.bin|learnt-\w+\.bin|sounds\.json|flows\.json)$/;

/**
 * Writes the backup. Everything the server acknowledged before `takenAt` of the manifest is in it. The folder gets its name at the end: one
 * with that name is whole. Errors: what is in the way, in words; nothing stays behind then.
 */
export async function backUp(config: Pick<Config, 'dataDir' | 'databaseUrl'>, options: BackupOptions): Promise<Manifest> {
  const { now = Date.now } = options;
  const out = resolve(options.out);
  if (existsSync(out)) throw new Error(`${out} exists already: name a new folder`);
  if (`${out}${sep}`.startsWith(`${config.dataDir}${sep}`))
    throw new Error('a backup inside the data directory would be lost with it: name a folder elsewhere');
  const partial = `${out}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(join(partial, 'files'), { recursive: true, mode: 0o700 });
  try {
    const copied = new Set<string>();
    // Most files before the snapshot, those that came meanwhile after it: no row of the snapshot misses its file.
    await copyFiles(config.dataDir, partial, copied);
    const takenAt = new Date(now()).toISOString();
    const { path, migrations } = await database(config, partial);
    await copyFiles(config.dataDir, partial, copied);
    const keys = await filesOf(config.dataDir, isKey);
    if (options.keys !== undefined) await copyKeys(config.dataDir, resolve(options.keys), keys);
    const files: BackupFile[] = [];
    for (const one of [path, ...[...copied].sort().map((file) => `files/${file}`)]) files.push(await described(partial, one));
    const manifest: Manifest = {
      format: 1,
      version: packageFile.version,
      takenAt,
      engine: config.databaseUrl ? 'postgres' : 'sqlite',
      migrations,
      files,
      keysLeftOut: options.keys === undefined ? keys : [],
    };
    await writeFile(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    await rename(partial, out);
    return manifest;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function database(
  { databaseUrl, dataDir }: Pick<Config, 'dataDir' | 'databaseUrl'>,
  folder: string,
): Promise<{ path: string; migrations: string[] }> {
  const path = databaseUrl ? 'database.dump' : 'wenban.sqlite';
  const target = join(folder, path);
  if (databaseUrl) await dumpPostgres(databaseUrl, target);
  else snapshotSqlite(dataDir, target);
  await chmod(target, 0o600);
  return { path, migrations: databaseUrl ? await postgresMigrations(databaseUrl) : checkSqlite(target) };
}

/** Copies what is not in `copied` yet, and notes it. A file that vanished meanwhile was discarded by the server. */
async function copyFiles(dataDir: string, folder: string, copied: Set<string>): Promise<void> {
  for (const path of await filesOf(dataDir, (one) => !isKey(one) && !leftOut.test(one))) {
    if (copied.has(path)) continue;
    const target = join(folder, 'files', path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    try {
      await copyFile(join(dataDir, path), target);
      copied.add(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

async function copyKeys(dataDir: string, folder: string, keys: readonly string[]): Promise<void> {
  if (existsSync(folder) && (await readdir(folder)).length > 0) throw new Error(`${folder} is not empty: name a new folder for the keys`);
  for (const key of keys) {
    await mkdir(dirname(join(folder, key)), { recursive: true, mode: 0o700 });
    await copyFile(join(dataDir, key), join(folder, key));
    await chmod(join(folder, key), 0o600);
  }
}

/** Paths of files below a folder, with `/`. */
async function filesOf(folder: string, wanted: (path: string) => boolean): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter(wanted)
    .sort();
}
