/**
 * Queries of constant shape: built, sealed and compiled once for each database, afterwards only filled in. Building a query costs many times
 * what SQLite takes to answer it, and a turn runs a dozen.
 */
import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import type { Db } from './database.ts';
import { Placeholder, placeholders } from './placeholder.ts';
import { runnerOf } from './runner.ts';

export interface Prepared<Values, Row> {
  all(db: Db, values: Values): Promise<Row[]>;
  /** The first row; the others are not read. */
  first(db: Db, values: Values): Promise<Row | undefined>;
  /** For statements that return no rows: how many they changed. */
  changed(db: Db, values: Values): Promise<number>;
}

/** What a query looks like; `values` are placeholders then, to be handed to the query as they are. */
type Build<Values, Row> = (db: Db, values: Values) => Compilable<Row>;

/**
 * Prepares a query whose text never depends on its values: no lists of varying length, no column that is sometimes left out.
 * Works on a database as on its transactions, on both engines. Errors: the engine's, as from any other query.
 */
export function prepared<Values extends object, Row>(build: Build<Values, Row>): Prepared<Values, Row> {
  const key = {};
  const blank = placeholders<Values>();
  return runs((db, values, one) => run<Row>(db, { key, build: () => build(db, blank), plain: () => build(db, values) }, values, one));
}

/** Most rows of one statement that are prepared: each number of rows is a statement of its own. */
const MOST_ROWS = 8;

/** The same for a query over one or more rows, such as an insert. */
export function preparedRows<Values extends object, Row>(build: Build<readonly Values[], Row>): Prepared<readonly Values[], Row> {
  const keys = Array.from({ length: MOST_ROWS + 1 }, () => ({}));
  const blanks = Array.from({ length: MOST_ROWS }, (_, index) => placeholders<Values>((rows) => (rows as readonly Values[])[index]));
  return runs((db, rows, one) =>
    run<Row>(db, { key: keys[rows.length], build: () => build(db, blanks.slice(0, rows.length)), plain: () => build(db, rows) }, rows, one),
  );
}

interface Way<Row> {
  /** Undefined: not to be prepared. */
  readonly key: object | undefined;
  readonly build: () => Compilable<Row>;
  readonly plain: () => Compilable<Row>;
}

function run<Row>(db: Db, { key, build, plain }: Way<Row>, values: unknown, one: boolean): QueryResult<Row> | Promise<QueryResult<Row>> {
  const runner = key && runnerOf(db);
  if (!runner) return db.executeQuery(plain().compile());
  let compiled = runner.compiled.get(key);
  if (!compiled) {
    compiled = build().compile();
    runner.compiled.set(key, compiled);
  }
  return runner.run(filled(compiled, values), one) as QueryResult<Row> | Promise<QueryResult<Row>>;
}

/** The query with its values in their places; a list made here is nobody else's. */
function filled(query: CompiledQuery, values: unknown): CompiledQuery {
  const { parameters } = query;
  const bound = new Array<unknown>(parameters.length);
  for (let i = 0; i < bound.length; i++) {
    const one = parameters[i];
    bound[i] = one instanceof Placeholder ? one.read(values) : one;
  }
  return { query: query.query, queryId: query.queryId, sql: query.sql, parameters: bound };
}

type Execute<Values, Row> = (db: Db, values: Values, one: boolean) => QueryResult<Row> | Promise<QueryResult<Row>>;

function runs<Values, Row>(execute: Execute<Values, Row>): Prepared<Values, Row> {
  return {
    all: (db, values) => given(execute, db, values, false, ({ rows }) => rows),
    first: (db, values) => given(execute, db, values, true, ({ rows }) => rows[0]),
    changed: (db, values) => given(execute, db, values, false, ({ numAffectedRows = 0n }) => Number(numAffectedRows)),
  };
}

/** What `taken` takes of a result. SQLite has it at once: an async function would wait for it all the same, some thirty times a turn. */
function given<Values, Row, T>(
  execute: Execute<Values, Row>,
  db: Db,
  values: Values,
  one: boolean,
  taken: (result: QueryResult<Row>) => T,
): Promise<T> {
  try {
    const result = execute(db, values, one);
    return result instanceof Promise ? result.then(taken) : Promise.resolve(taken(result));
  } catch (error) {
    return Promise.reject(error);
  }
}
