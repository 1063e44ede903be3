/** Opens the embedded database file. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import Database from 'libsql';
import { SqliteConnection } from './sqlite-connection.ts';
import { type Direct, SqliteDialect } from './sqlite-dialect.ts';
import type { Tables } from './tables.ts';
import type { TransactionScope } from './transaction-scope.ts';

/**
 * Opens (or creates) `<dataDir>/wenban.sqlite`: WAL, every commit on disk before it is reported, foreign keys on.
 * Errors: says which file could not be opened, and why.
 */
export function openSqlite(dataDir: string, scope: TransactionScope): { db: Kysely<Tables>; direct: Direct } {
  const file = join(dataDir, 'wenban.sqlite');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const connections = { writer: connect(file), reader: connect(file, 'query_only = ON') };
    const dialect = new SqliteDialect(connections, scope);
    return { db: new Kysely<Tables>({ dialect }), direct: dialect.direct };
  } catch (error) {
    throw new Error(`Cannot open the database file ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function connect(file: string, ...more: string[]): SqliteConnection {
  const database = new Database(file);
  database.exec('pragma busy_timeout = 5000');
  database.exec('pragma journal_mode = WAL');
  database.exec('pragma synchronous = FULL');
  database.exec('pragma foreign_keys = ON');
  for (const setting of more) database.exec(`pragma ${setting}`);
  // From here on SqliteConnection waits by itself: SQLite's own waiting would stop every other conversation.
  database.exec('pragma busy_timeout = 0');
  return new SqliteConnection(database);
}
