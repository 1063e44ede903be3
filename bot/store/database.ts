/** The database of one process: SQLite in the data directory, or PostgreSQL, behind one typed handle. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { isRetryable } from './errors.ts';
import { migrate } from './migrations/migrate.ts';
import { Running } from './running.ts';
import type { KeyTexts } from './sealing/key-ring.ts';
import { type Sealing, sealDatabase } from './sealing/open.ts';
import type { Signals } from './signals.ts';
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
  /** To other processes on the same database; undefined on SQLite, which belongs to one process. Nothing happens before its `start`. */
  readonly signals?: Signals | undefined;
  /** The keys of sealed columns; undefined where nothing is sealed. */
  readonly sealing?: Sealing | undefined;
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
  /** The same database without a pooler in between, for what processes tell each other; default: `databaseUrl`. */
  directUrl?: string | undefined;
  dataDir: string;
  /** What personal data is sealed with; absent: a key file in `dataDir` for SQLite, nothing for PostgreSQL. */
  dataKeys?: KeyTexts | undefined;
}

const RETRIES = 4;

/**
 * Opens the configured database and brings its schema up to date.
 * Errors: what could not be opened or migrated, in words; nothing stays open then.
 */
export async function openDatabase(config: DatabaseConfig): Promise<OpenDatabase> {
  const scope = new TransactionScope();
  const engine = config.databaseUrl ? 'postgres' : 'sqlite';
  // A start on SQLite does not wait for a driver it has no use for.
  const postgres = config.databaseUrl ? await import('./postgres.ts') : undefined;
  const { db: plain, direct } =
    postgres && config.databaseUrl
      ? { db: postgres.openPostgres(config.databaseUrl, scope), direct: undefined }
      : openSqlite(config.dataDir, scope);
  let sealed: Awaited<ReturnType<typeof sealDatabase>>;
  try {
    await migrate(plain, engine);
    sealed = await sealDatabase(plain, engine, config);
  } catch (error) {
    await plain.destroy();
    throw error;
  }
  const { db, plugin, sealing } = sealed;
  const running = new Running(db, direct, plugin);
  const signals = config.databaseUrl
    ? new (await import('./postgres-signals.ts')).PostgresSignals(config.directUrl ?? config.databaseUrl)
    : undefined;
  return {
    db,
    engine,
    signals,
    sealing,
    transaction: (work) => runTransaction(db, scope, (tx) => running.inside(tx, work)),
    close: async () => {
      await signals?.close();
      await plain.destroy();
    },
  };
}

/** Whether the database answers at all. */
export const answers = (db: Db): Promise<boolean> =>
  sql`select 1`.execute(db).then(
    () => true,
    () => false,
  );

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
