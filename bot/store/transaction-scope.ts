/** Notices when code inside a transaction callback reaches for a second connection of the same database. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** One per open database: says whether the running code is inside one of its transaction callbacks. */
export class TransactionScope {
  readonly #storage = new AsyncLocalStorage<{ active: boolean }>();

  /** Runs a transaction callback; everything it awaits counts as inside, work it leaves running does not once it has ended. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const mark = { active: true };
    try {
      return await this.#storage.run(mark, work);
    } finally {
      mark.active = false;
    }
  }

  /**
   * Errors: throws inside a transaction callback. On SQLite, waiting there for the one connection would never end; on
   * PostgreSQL the read would not see the transaction's own writes and a full pool would hang.
   */
  assertOutside(): void {
    if (this.#storage.getStore()?.active) {
      throw new Error('The database was used inside one of its own transactions: use the transaction handle (tx) instead');
    }
  }
}
