/** Knowledge items in the database. */
import { type Selectable, sql } from 'kysely';
import { type KnowledgeItem, titleOf } from '../../knowledge/item.ts';
import type { ImportCounts, KnowledgeRepository, StoredItem } from '../../knowledge/repository.ts';
import type { Db, OpenDatabase } from './database.ts';
import type { KnowledgeItemsTable } from './tables.ts';

/** Rows of one statement: 9 values each stay far below the engines' limits of bound values. */
const CHUNK = 200;
const REVISION_KEY = 'knowledge.revision';

type Row = Selectable<KnowledgeItemsTable>;
type Entry = { readonly item: KnowledgeItem; readonly digest: string };

export class SqlKnowledgeRepository implements KnowledgeRepository {
  readonly #database: OpenDatabase;

  constructor(database: OpenDatabase) {
    this.#database = database;
  }

  /** Stored items by pack and id. */
  async list(filter: { pack?: string; status?: StoredItem['status'] } = {}): Promise<StoredItem[]> {
    let query = this.#database.db.selectFrom('knowledge_items').selectAll();
    if (filter.pack !== undefined) query = query.where('pack', '=', filter.pack);
    if (filter.status !== undefined) query = query.where('status', '=', filter.status);
    const rows = await query.orderBy('pack').orderBy('id').execute();
    return rows.map(toStored);
  }

  /** See KnowledgeRepository. Errors: an id given twice; whatever fails, the pack stays as it was. */
  async replacePack(
    pack: string,
    items: readonly Entry[],
    options: { status: StoredItem['status']; now: number; removeMissing: boolean },
  ): Promise<ImportCounts> {
    assertNoDuplicates(pack, items);
    return this.#database.transaction(async (tx) => {
      const revision = await lockRevision(tx);
      const stored = await tx.selectFrom('knowledge_items').select(['id', 'digest', 'version']).where('pack', '=', pack).execute();
      const before = new Map(stored.map((row) => [row.id, row]));
      const writes = items.filter((entry) => before.get(entry.item.id)?.digest !== entry.digest);
      const added = writes.filter((entry) => !before.has(entry.item.id)).length;
      const rows = writes.map((entry) => toRow(pack, entry, (before.get(entry.item.id)?.version ?? 0) + 1, options));
      for (const chunk of chunks(rows)) await upsert(tx, chunk);
      const removed = options.removeMissing ? await removeMissing(tx, pack, [...before.keys()], items) : 0;
      if (writes.length + removed > 0) await saveRevision(tx, revision + 1);
      return { added, changed: writes.length - added, unchanged: items.length - writes.length, removed };
    });
  }

  /** A counter of fixed width, so that it also grows as text. */
  async revision(): Promise<string> {
    const row = await this.#database.db.selectFrom('settings').select('value').where('key', '=', REVISION_KEY).executeTakeFirst();
    return row?.value ?? asRevision(0);
  }
}

function assertNoDuplicates(pack: string, items: readonly Entry[]): void {
  const seen = new Set<string>();
  for (const { item } of items) {
    if (seen.has(item.id)) throw new Error(`Knowledge pack ${pack}: the id ${item.id} is given twice`);
    seen.add(item.id);
  }
}

/** Reads the revision and keeps every other import waiting until this transaction ends. */
async function lockRevision(tx: Db): Promise<number> {
  const row = await tx
    .insertInto('settings')
    .values({ key: REVISION_KEY, value: asRevision(0) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({ value: eb.ref('settings.value') })))
    .returning('value')
    .executeTakeFirstOrThrow();
  return Number(row.value);
}

async function saveRevision(tx: Db, revision: number): Promise<void> {
  await tx
    .updateTable('settings')
    .set({ value: asRevision(revision) })
    .where('key', '=', REVISION_KEY)
    .execute();
}

const asRevision = (revision: number): string => String(revision).padStart(12, '0');

function toRow(pack: string, { item, digest }: Entry, version: number, options: { status: StoredItem['status']; now: number }): Row {
  return {
    pack,
    id: item.id,
    kind: item.kind,
    title: titleOf(item),
    body_json: JSON.stringify(item),
    digest,
    version,
    status: options.status,
    updated_at: options.now,
  };
}

async function upsert(tx: Db, rows: Row[]): Promise<void> {
  await tx
    .insertInto('knowledge_items')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['pack', 'id']).doUpdateSet({
        kind: sql.ref('excluded.kind'),
        title: sql.ref('excluded.title'),
        body_json: sql.ref('excluded.body_json'),
        digest: sql.ref('excluded.digest'),
        version: sql.ref('excluded.version'),
        status: sql.ref('excluded.status'),
        updated_at: sql.ref('excluded.updated_at'),
      }),
    )
    .execute();
}

async function removeMissing(tx: Db, pack: string, storedIds: readonly string[], items: readonly Entry[]): Promise<number> {
  const given = new Set(items.map((entry) => entry.item.id));
  const missing = storedIds.filter((id) => !given.has(id));
  for (const ids of chunks(missing)) await tx.deleteFrom('knowledge_items').where('pack', '=', pack).where('id', 'in', ids).execute();
  return missing.length;
}

function* chunks<T>(all: readonly T[]): Generator<T[]> {
  for (let start = 0; start < all.length; start += CHUNK) yield all.slice(start, start + CHUNK);
}

function toStored(row: Row): StoredItem {
  return {
    pack: row.pack,
    item: JSON.parse(row.body_json) as KnowledgeItem,
    digest: row.digest,
    version: row.version,
    status: row.status,
    updatedAt: row.updated_at,
  };
}
