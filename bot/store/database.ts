/** The database of one process: SQLite in the data directory, or PostgreSQL, behind one typed handle. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { isRetryable } from './errors.ts';
import { migrate } from './migrations/migrate.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';
import type { Tables } from './tables.ts';
import { TransactionScope } from './transaction-scope.ts';

/** A database handle or a transaction of it: every store function takes one. */
export type Db = Kysely<Tables>;

export interface OpenDatabase {
  /**
   * For single statements outside transactions. Using it inside a `transaction` callback throws at once (it could wait
   * for ever, or miss the transaction's own writes): use the `tx` given to the callback.
   */
  readonly db: Db;
  readonly engine: 'sqlite' | 'postgres';
  /**
   * Runs `work` in one transaction: commits when it resolves, rolls back and rethrows when it throws. On SQLite
   * transactions run one after another; on PostgreSQL they are read committed, and one that lost to a deadlock or a
   * serialization failure is run again, so `work` must have no effects outside `tx`. Transactions don't nest.
   */
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>;
  /** Closes every connection; use after that fails. */
  close(): Promise<void>;
}

export interface DatabaseConfig {
  /** postgres://…; absent: SQLite in `dataDir`. */
  databaseUrl?: string | undefined;
  dataDir: string;
}

const RETRIES = 4;

/**
 * Opens the configured database and brings its schema up to date.
 * Errors: what could not be opened or migrated, in words; nothing stays open then.
 */
export async function openDatabase(config: DatabaseConfig): Promise<OpenDatabase> {
  const scope = new TransactionScope();
  const engine = config.databaseUrl ? 'postgres' : 'sqlite';
  const db = config.databaseUrl ? openPostgres(config.databaseUrl, scope) : openSqlite(config.dataDir, scope);
  try {
    await migrate(db, engine);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    engine,
    transaction: (work) => runTransaction(db, scope, work),
    close: () => db.destroy(),
  };
}

async function runTransaction<T>(db: Db, scope: TransactionScope, work: (tx: Db) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db
        .transaction()
        .setIsolationLevel('read committed')
        .execute((tx) => scope.run(() => work(tx)));
    } catch (error) {
      if (!isRetryable(error) || attempt > RETRIES) throw error;
      await delay(attempt * 10 + Math.random() * 20);
    }
  }
}
