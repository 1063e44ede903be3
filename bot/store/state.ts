/** Bot state in the database, behind botbuilder's Storage interface, with eTags against lost updates. */
import { randomUUID } from 'node:crypto';
import type { Storage, StoreItem, StoreItems } from 'botbuilder-core';
import type { Db } from './database.ts';
import { StateConflictError } from './errors.ts';
import { prepared } from './prepared.ts';

/** A stored item with its tag. */
export type StoredState = StoreItem & { eTag: string };

/** A stored row as the item it holds. */
export const toState = (row: { value_json: string; etag: string }): StoredState => ({
  ...(JSON.parse(row.value_json) as StoreItem),
  eTag: row.etag,
});

export class StateStorage implements Storage {
  readonly #db: Db;
  readonly #now: () => number;
  readonly #newTag: () => string;

  /** Works on a database as on one of its transactions. */
  constructor(db: Db, now: () => number = Date.now, newTag: () => string = randomUUID) {
    this.#db = db;
    this.#now = now;
    this.#newTag = newTag;
  }

  /** The items that exist of `keys`, each with its `eTag`. */
  async read(keys: string[]): Promise<StoreItems> {
    if (keys.length === 0) return {};
    const [key = '', ...more] = keys;
    const rows =
      more.length === 0
        ? await one.all(this.#db, { key })
        : await this.#db.selectFrom('bot_state').select(['key', 'value_json', 'etag']).where('key', 'in', keys).execute();
    return Object.fromEntries(rows.map((row) => [row.key, toState(row)]));
  }

  /**
   * Writes all items or none; each gets a new `eTag`, also on the object given. An item without `eTag`, or with `*`,
   * overwrites.
   * Errors: StateConflictError when an item's `eTag` is not the stored one, or the item is gone.
   */
  async write(changes: StoreItems): Promise<void> {
    const items = Object.entries(changes) as [string, StoreItem][];
    const tags =
      items.length < 2 || this.#db.isTransaction
        ? await this.#writeAll(this.#db, items)
        : await this.#db.transaction().execute((tx) => this.#writeAll(tx, items));
    for (const [index, [, item]] of items.entries()) item.eTag = tags[index] as string;
  }

  /** Removes the items; keys that don't exist are fine. */
  async delete(keys: string[]): Promise<void> {
    if (keys.length > 0) await this.#db.deleteFrom('bot_state').where('key', 'in', keys).execute();
  }

  async #writeAll(db: Db, items: [string, StoreItem][]): Promise<string[]> {
    const tags: string[] = [];
    for (const [key, item] of items) tags.push(await this.#writeOne(db, key, item));
    return tags;
  }

  async #writeOne(db: Db, key: string, { eTag, ...value }: StoreItem): Promise<string> {
    const etag = this.#newTag();
    const fields = { value_json: JSON.stringify(value), etag, updated_at: this.#now() };
    if (eTag === undefined || eTag === null || eTag === '*') {
      await put.changed(db, { key, ...fields });
      return etag;
    }
    if ((await replaced.changed(db, { key, eTag: eTag as string, ...fields })) === 0) throw new StateConflictError(key);
    return etag;
  }
}

interface Fields {
  readonly key: string;
  readonly value_json: string;
  readonly etag: string;
  readonly updated_at: number;
}

const one = prepared((db, { key }: { key: string }) =>
  db.selectFrom('bot_state').select(['key', 'value_json', 'etag']).where('key', '=', key),
);

const put = prepared((db, { key, value_json, etag, updated_at }: Fields) =>
  db
    .insertInto('bot_state')
    .values({ key, value_json, etag, updated_at })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((eb) => ({
        value_json: eb.ref('excluded.value_json'),
        etag: eb.ref('excluded.etag'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    ),
);

const replaced = prepared((db, { key, eTag, value_json, etag, updated_at }: Fields & { eTag: string }) =>
  db.updateTable('bot_state').set({ value_json, etag, updated_at }).where('key', '=', key).where('etag', '=', eTag),
);

export { StateConflictError };
