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
  readonly rows: Rows | undefined;
  /** The same statement for its first row only, made when it is asked for: after all rows were read, libsql gives an old one for none. */
  single?: Rows;
}

type Row = Record<string, unknown>;

/** Reads the rows of a statement: as lists of values they cost half of what libsql takes to make objects of them. */
class Rows {
  readonly #statement: Database.Statement;
  #names: readonly string[] = [];

  constructor(statement: Database.Statement) {
    this.#statement = statement.raw();
  }

  first(parameters: readonly unknown[]): Row | undefined {
    const values = this.#statement.get(parameters) as unknown[] | undefined;
    return values && this.#named(values);
  }

  all(parameters: readonly unknown[]): Row[] {
    const rows = this.#statement.all(parameters) as unknown[];
    for (let i = 0; i < rows.length; i++) rows[i] = this.#named(rows[i] as unknown[]);
    return rows as Row[];
  }

  #named(values: readonly unknown[]): Row {
    // Also after a migration that added a column under `select *`.
    if (values.length !== this.#names.length) this.#names = this.#statement.columns().map(({ name }) => name);
    const names = this.#names;
    const row: Row = {};
    for (let i = 0; i < names.length; i++) row[names[i] as string] = values[i];
    return row;
  }
}

export class SqliteConnection {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Prepared>();
  readonly #commands = new Map<string, CompiledQuery>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** False also after an error that made SQLite roll back by itself (disk full, I/O error). */
  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  /**
   * Runs one statement: at once, or, while another process holds the file, as soon as it lets go. `one`: only the first row is wanted.
   * Errors: SQLite's, with its code; SQLITE_BUSY only after five seconds of trying.
   */
  execute<R>(query: CompiledQuery, one = false): QueryResult<R> | Promise<QueryResult<R>> {
    try {
      return this.#executeNow(query, one);
    } catch (error) {
      if (isSqliteBusy(error)) return this.#insist(query, one);
      throw error;
    }
  }

  /** Runs one statement without values, such as `commit`. */
  command(text: string): void | Promise<void> {
    const known = this.#commands.get(text);
    const command = known ?? CompiledQuery.raw(text);
    if (known === undefined) this.#commands.set(text, command);
    const done = this.execute(command);
    return done instanceof Promise ? done.then(() => undefined) : undefined;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  async #insist<R>(query: CompiledQuery, one: boolean): Promise<QueryResult<R>> {
    const deadline = Date.now() + BUSY_TIMEOUT;
    for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
      // Waiting here, not in SQLite's own busy handler, keeps the event loop free: the holder may live in this process.
      await delay(pause);
      try {
        return this.#executeNow(query, one);
      } catch (error) {
        if (!isSqliteBusy(error) || Date.now() > deadline) throw error;
      }
    }
  }

  #executeNow<R>(query: CompiledQuery, one: boolean): QueryResult<R> {
    const prepared = this.#prepare(query.sql);
    const { statement, rows } = prepared;
    if (rows && one) {
      prepared.single ??= new Rows(this.#database.prepare(query.sql));
      const row = prepared.single.first(query.parameters);
      return { rows: row === undefined ? [] : [row as R] };
    }
    if (rows) return { rows: rows.all(query.parameters) as R[] };
    const { changes, lastInsertRowid } = statement.run(query.parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  #prepare(sql: string): Prepared {
    const cached = this.#statements.get(sql);
    if (cached !== undefined) return cached;
    const statement = this.#database.prepare(sql);
    const prepared: Prepared = { statement, rows: statement.reader ? new Rows(statement) : undefined };
    const oldest = this.#statements.size >= STATEMENT_CACHE ? this.#statements.keys().next().value : undefined;
    if (oldest !== undefined) this.#statements.delete(oldest);
    this.#statements.set(sql, prepared);
    return prepared;
  }
}
