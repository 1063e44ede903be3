/** One SQLite (libsql) connection: cached statements, and waiting for other processes without blocking this one. */
import { setTimeout as delay } from 'node:timers/promises';
import { CompiledQuery, type QueryResult } from 'kysely';
import type Database from 'libsql';
import { isSqliteBusy } from './errors.ts';

/** How long to wait for another process that holds the file, in milliseconds. */
const BUSY_TIMEOUT = 5000;
/** Distinct statements kept prepared; lists of varying length make new ones, so the oldest go. */
const STATEMENT_CACHE = 200;

/** Whether a statement gives rows is asked of SQLite once. */
interface Prepared {
  readonly statement: Database.Statement;
  readonly reads: boolean;
}

export class SqliteConnection {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Prepared>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** False also after an error that made SQLite roll back by itself (disk full, I/O error). */
  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  /** Runs one statement. Errors: SQLite's, with its code; SQLITE_BUSY only after five seconds of trying. */
  async execute<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const deadline = Date.now() + BUSY_TIMEOUT;
    for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
      try {
        return this.#executeNow(query);
      } catch (error) {
        // Waiting here, not in SQLite's own busy handler, keeps the event loop free: the holder may live in this process.
        if (!isSqliteBusy(error) || Date.now() + pause > deadline) throw error;
        await delay(pause);
      }
    }
  }

  /** Runs one statement without values, such as `commit`. */
  async command(text: string): Promise<void> {
    await this.execute(CompiledQuery.raw(text));
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #executeNow<R>(query: CompiledQuery): QueryResult<R> {
    const { statement, reads } = this.#prepare(query.sql);
    if (reads) return { rows: statement.all(query.parameters) as R[] };
    const { changes, lastInsertRowid } = statement.run(query.parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  #prepare(sql: string): Prepared {
    const cached = this.#statements.get(sql);
    if (cached !== undefined) return cached;
    const statement = this.#database.prepare(sql);
    const prepared = { statement, reads: statement.reader };
    const oldest = this.#statements.size >= STATEMENT_CACHE ? this.#statements.keys().next().value : undefined;
    if (oldest !== undefined) this.#statements.delete(oldest);
    this.#statements.set(sql, prepared);
    return prepared;
  }
}
