/** Opens a PostgreSQL database through a pool. */
import { type DatabaseConnection, type Driver, Kysely, PostgresDialect, type PostgresDialectConfig, PostgresDriver } from 'kysely';
import pg from 'pg';
import type { Tables } from './tables.ts';
import type { TransactionScope } from './transaction-scope.ts';

class ScopedPostgresDriver extends PostgresDriver {
  readonly #scope: TransactionScope;

  constructor(config: PostgresDialectConfig, scope: TransactionScope) {
    super(config);
    this.#scope = scope;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    this.#scope.assertOutside();
    return super.acquireConnection();
  }
}

class ScopedPostgresDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;
  readonly #scope: TransactionScope;

  constructor(config: PostgresDialectConfig, scope: TransactionScope) {
    super(config);
    this.#config = config;
    this.#scope = scope;
  }

  override createDriver(): Driver {
    return new ScopedPostgresDriver(this.#config, this.#scope);
  }
}

/** int8 arrives as text because it may exceed a double; Wenban's are times and counters far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

/**
 * Opens a pool of at most ten connections to `databaseUrl` (postgres://…).
 * Errors: a URL of another kind is refused; an unreachable server shows at the first query.
 */
export function openPostgres(databaseUrl: string, scope: TransactionScope): Kysely<Tables> {
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) throw new Error('DATABASE_URL must start with postgres:// or postgresql://');
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 10_000,
    application_name: 'wenban',
    keepAlive: true,
    types,
  });
  // An idle connection that breaks (server restart) is dropped by the pool; unheard, the event would end the process.
  pool.on('error', () => undefined);
  // The same for one that breaks while it is in use: its query rejects, which is what callers hear of.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return new Kysely<Tables>({ dialect: new ScopedPostgresDialect({ pool }, scope) });
}
