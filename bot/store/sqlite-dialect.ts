/** SQLite for Kysely: reads outside transactions on one connection, everything else on the writer; transactional migrations. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Runner } from './runner.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { SqliteWriter, type WriterTransaction } from './sqlite-writer.ts';
import type { TransactionScope } from './transaction-scope.ts';

export interface SqliteConnections {
  readonly writer: SqliteConnection;
  /** Sees what is committed, without waiting for writers. */
  readonly reader: SqliteConnection;
}

/** Runs compiled queries on their own, and in the transaction that has its turn. */
export interface Direct {
  readonly outside: Runner['run'];
  readonly inside: Runner['run'];
}

/** What may share a transaction with others. */
const changes: ReadonlySet<string> = new Set(['InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode']);

/** Runs a query that belongs to no transaction. */
function outside<R>(
  reader: SqliteConnection,
  writer: SqliteWriter,
  query: CompiledQuery,
  one?: boolean,
): QueryResult<R> | Promise<QueryResult<R>> {
  if (SelectQueryNode.is(query.query)) return reader.execute(query, one);
  return changes.has(query.query.kind) ? writer.executeTogether(query, one) : writer.executeAlone(query, one);
}

/** What Kysely holds while it runs a query or a transaction. */
class SqliteSession implements DatabaseConnection {
  readonly #reader: SqliteConnection;
  readonly #writer: SqliteWriter;
  transaction: WriterTransaction | undefined;

  constructor(reader: SqliteConnection, writer: SqliteWriter) {
    this.#reader = reader;
    this.#writer = writer;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.transaction !== undefined) return this.#writer.execute(query);
    return outside(this.#reader, this.#writer, query);
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery(query);
  }
}

class SqliteDriver implements Driver {
  readonly #connections: SqliteConnections;
  readonly #writer: SqliteWriter;
  readonly #scope: TransactionScope;

  constructor(connections: SqliteConnections, writer: SqliteWriter, scope: TransactionScope) {
    this.#connections = connections;
    this.#writer = writer;
    this.#scope = scope;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteSession> {
    this.#scope.assertOutside();
    return new SqliteSession(this.#connections.reader, this.#writer);
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(session: SqliteSession): Promise<void> {
    session.transaction = await this.#writer.begin();
  }

  async commitTransaction(session: SqliteSession): Promise<void> {
    if (session.transaction !== undefined) await this.#writer.commit(session.transaction);
    session.transaction = undefined;
  }

  async rollbackTransaction(session: SqliteSession): Promise<void> {
    if (session.transaction !== undefined) await this.#writer.rollback(session.transaction);
    session.transaction = undefined;
  }

  async destroy(): Promise<void> {
    const { reader, writer } = this.#connections;
    await this.#writer.flush();
    reader.close();
    // libsql keeps statements until they are collected, and SQLite then leaves the WAL: fold it in, so the file can be copied.
    try {
      await writer.command('pragma wal_checkpoint(truncate)');
    } catch {}
    writer.close();
  }
}

/** SQLite does roll back DDL; with it a killed or concurrent first start leaves no half-made schema. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

export class SqliteDialect implements Dialect {
  readonly #connections: SqliteConnections;
  readonly #scope: TransactionScope;
  readonly #writer: SqliteWriter;

  /** Takes two open connections to one file; they are closed with the Kysely instance. */
  constructor(connections: SqliteConnections, scope: TransactionScope) {
    this.#connections = connections;
    this.#scope = scope;
    this.#writer = new SqliteWriter(connections.writer);
  }

  /** The same without Kysely in between, for queries that are compiled already. */
  get direct(): Direct {
    const { reader } = this.#connections;
    return {
      outside: (query, one) => {
        this.#scope.assertOutside();
        return outside(reader, this.#writer, query, one);
      },
      inside: (query, one) => this.#writer.execute(query, one),
    };
  }

  createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }

  createDriver(): Driver {
    return new SqliteDriver(this.#connections, this.#writer, this.#scope) as Driver;
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }
}
