/**
 * The one writing connection of a SQLite file: writers run one after another, in the order they came, and those that come before the event
 * loop turns share one COMMIT. A commit costs a disk flush, by far the slowest step of a turn; nobody is told "committed"
 * before the flush that holds their work.
 */
import { setImmediate } from 'node:timers';
import { setImmediate as nextTick } from 'node:timers/promises';
import type { CompiledQuery, QueryResult } from 'kysely';
import { TransactionLostError } from './errors.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/**
 * A group that is older commits even if more writers wait, in milliseconds: bounds what the first of it waits. The turns that begin in one
 * round of the event loop (bot/rounds.ts) are done within it.
 */
const GROUP_AGE = 25;

interface Group {
  readonly since: number;
  readonly members: { resolve: () => void; reject: (error: unknown) => void }[];
}

/** A transaction in progress. The first of a group is the real one, the others are savepoints in it. */
export interface WriterTransaction {
  readonly first: boolean;
  /** One statement: SQLite undoes it by itself when it fails, and it needs no savepoint. */
  readonly single: boolean;
  ended: boolean;
}

export class SqliteWriter {
  readonly #connection: SqliteConnection;
  readonly #waiting: (() => void)[] = [];
  #taken = false;
  #group: Group | undefined;
  #ending = false;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /** Waits for its turn, then begins. BEGIN IMMEDIATE: a second process can't get in between a read and a write. */
  async begin(single = false): Promise<WriterTransaction> {
    if (this.#taken) await this.#turn();
    this.#taken = true;
    const first = this.#group === undefined;
    try {
      const begun = first ? this.#connection.command('begin immediate') : single ? undefined : this.#connection.command('savepoint member');
      if (begun) await begun;
    } catch (error) {
      void this.#pass();
      throw error;
    }
    this.#group ??= { since: Date.now(), members: [] };
    return { first, single, ended: false };
  }

  /** Runs a statement of the transaction that has its turn. `one`: only its first row is wanted. */
  execute<R>(query: CompiledQuery, one = false): QueryResult<R> | Promise<QueryResult<R>> {
    // After such an error (disk full) a callback that carries on would write outside any transaction.
    if (!this.#connection.inTransaction) throw new TransactionLostError('SQLite has rolled this transaction back');
    return this.#connection.execute<R>(query, one);
  }

  /** Runs one change as a transaction of its own; like every other it shares the flush of those it came with. */
  async executeTogether<R>(query: CompiledQuery, one = false): Promise<QueryResult<R>> {
    const transaction = await this.begin(true);
    try {
      const result = await this.execute<R>(query, one);
      await this.commit(transaction);
      return result;
    } catch (error) {
      await this.rollback(transaction);
      throw error;
    }
  }

  /** Runs one statement that SQLite allows in no transaction (a pragma, vacuum), alone and durable. */
  async executeAlone<R>(query: CompiledQuery, one = false): Promise<QueryResult<R>> {
    if (this.#taken) await this.#turn();
    this.#taken = true;
    try {
      await this.#commitGroup();
      return await this.#connection.execute<R>(query, one);
    } finally {
      void this.#pass();
    }
  }

  /** Resolves when the transaction's work is on disk. */
  async commit(transaction: WriterTransaction): Promise<void> {
    const released = transaction.first || transaction.single ? undefined : this.#connection.command('release member');
    if (released) await released;
    transaction.ended = true;
    const onDisk = new Promise<void>((resolve, reject) => this.#group?.members.push({ resolve, reject }));
    void this.#pass();
    await onDisk;
  }

  /** Undoes the transaction; after a failed commit there is nothing left to undo. */
  async rollback(transaction: WriterTransaction): Promise<void> {
    if (transaction.ended) return;
    transaction.ended = true;
    try {
      if (!this.#connection.inTransaction)
        this.#endGroup(new TransactionLostError('SQLite gave up the transaction this one was committed with'));
      else if (transaction.first) await this.#rollbackAll();
      else if (!transaction.single) {
        await this.#connection.command('rollback to member');
        await this.#connection.command('release member');
      }
    } finally {
      void this.#pass();
    }
  }

  #turn(): Promise<void> {
    return new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Commits what nobody was told of yet; before the connection is closed. */
  async flush(): Promise<void> {
    if (this.#taken) await this.#turn();
    this.#taken = true;
    await this.#commitGroup();
    this.#handOver();
  }

  /** Ends a turn: commits the group when it is old enough, lets the next one in, or lets the group wait for whoever comes now. */
  async #pass(): Promise<void> {
    const group = this.#group;
    if (group !== undefined && Date.now() - group.since >= GROUP_AGE) {
      await this.#commitGroup();
      // SQLite works synchronously: without this pause a long queue of writers would keep the network waiting.
      if (this.#waiting.length > 0) await nextTick();
    }
    this.#handOver();
  }

  #handOver(): void {
    const next = this.#waiting.shift();
    // Handed over directly, still taken: nobody who comes just now can overtake the queue.
    if (next !== undefined) {
      next();
      return;
    }
    this.#taken = false;
    if (this.#group !== undefined) this.#endSoon();
  }

  /** Requests that arrived together are all read before this; an idle server commits at once all the same. */
  #endSoon(): void {
    if (this.#ending) return;
    this.#ending = true;
    setImmediate(() => {
      this.#ending = false;
      // Whoever has the turn now is of the group, and ends it in its place.
      if (!this.#taken) void this.flush();
    });
  }

  async #commitGroup(): Promise<void> {
    if (this.#group === undefined) return;
    try {
      await this.#connection.command('commit');
      this.#endGroup();
    } catch (error) {
      await this.#undo();
      this.#endGroup(error);
    }
  }

  /** What can't even be rolled back is gone already. */
  async #undo(): Promise<void> {
    try {
      if (this.#connection.inTransaction) await this.#connection.command('rollback');
    } catch {}
  }

  async #rollbackAll(): Promise<void> {
    this.#group = undefined;
    await this.#connection.command('rollback');
  }

  #endGroup(error?: unknown): void {
    const members = this.#group?.members ?? [];
    this.#group = undefined;
    for (const member of members) error === undefined ? member.resolve() : member.reject(error);
  }
}
