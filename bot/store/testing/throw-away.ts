/** Databases for tests that vanish afterwards. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { DatabaseConfig } from '../database.ts';

export interface ThrowAway {
  /** For openDatabase: opening it again finds the same data. */
  readonly config: DatabaseConfig;
  /** Empties it for the next test, which is faster than making a new one; close what is open first. */
  clear(): Promise<void>;
  /** Removes it; close what is open first. */
  remove(): Promise<void>;
}

/** An empty folder for an SQLite database. */
export async function throwAwaySqlite(): Promise<ThrowAway> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wenban-store-'));
  const remove = async (): Promise<void> => rmSync(dataDir, { recursive: true, force: true });
  return { config: { dataDir }, clear: remove, remove };
}

/** A new, empty database on the server at `serverUrl`. */
export async function throwAwayPostgres(serverUrl: string): Promise<ThrowAway> {
  const name = `wenban_test_${randomBytes(8).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await execute(serverUrl, `create database ${name}`);
  return {
    config: { databaseUrl: url.href, dataDir: tmpdir() },
    clear: () => execute(url.href, truncateAll),
    remove: () => execute(serverUrl, `drop database if exists ${name} with (force)`),
  };
}

const truncateAll = `do $$ begin execute (
  select 'truncate ' || string_agg(format('%I', tablename), ', ') || ' restart identity cascade'
  from pg_tables where schemaname = 'public' and tablename not like 'kysely%'
); end $$`;

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
