/** The shortest way a database, or a transaction of it, runs compiled queries. */
import type { CompiledQuery, QueryResult } from 'kysely';
import type { Db } from './database.ts';

export interface Runner {
  /** The prepared queries of this database; its transactions use the same ones. */
  readonly compiled: WeakMap<object, CompiledQuery>;
  /** Runs a query whose values are filled in; sealed columns come back opened. `one`: nobody asks for more than the first row. */
  run(query: CompiledQuery, one: boolean): QueryResult<unknown> | Promise<QueryResult<unknown>>;
}

const runners = new WeakMap<Db, Runner>();

/** From now on prepared queries on this handle go to `runner`; without one they are built as any other query. */
export function runsBy(db: Db, runner: Runner): void {
  runners.set(db, runner);
}

/** The transaction has ended: what still uses it hears that from Kysely. */
export function runsNoMore(db: Db): void {
  runners.delete(db);
}

export const runnerOf = (db: Db): Runner | undefined => runners.get(db);
