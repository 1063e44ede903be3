/** Knowledge items in the database: every version of each, and where each stands. */
import type { FlowItem, Kept } from '../../knowledge/flow-item.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';
import type { By, ItemLife, ItemVersion, KnowledgeLife, StepResult } from '../../knowledge/life/life.ts';
import type { ImportCounts, KnowledgeRepository, StoredItem } from '../../knowledge/repository.ts';
import type { OpenDatabase } from './database.ts';
import { importItems } from './knowledge-import.ts';
import { expireItems, publishReviewed, reviewDrafts, rollBack, saveDraft, withdrawItems } from './knowledge-life.ts';
import { living, readRevision, toStored } from './knowledge-rows.ts';

/** The life of one sort of things: entries, or flows. */
class SqlLife<T extends Kept> implements KnowledgeLife<T> {
  readonly #database: OpenDatabase;
  readonly #sort: 'entries' | 'flows';

  constructor(database: OpenDatabase, sort: 'entries' | 'flows') {
    this.#database = database;
    this.#sort = sort;
  }

  /** Stored items by pack and id. */
  async list(filter: { pack?: string; status?: StoredItem['status'] } = {}): Promise<StoredItem<T>[]> {
    let query = this.#database.db
      .selectFrom('knowledge_versions')
      .selectAll()
      .where('kind', this.#sort === 'flows' ? '=' : '<>', 'flow');
    if (filter.pack !== undefined) query = query.where('pack', '=', filter.pack);
    query = query.where('status', 'in', filter.status === undefined ? living : [filter.status]);
    const rows = await query.orderBy('pack').orderBy('id').orderBy('version').execute();
    const newest = rows.filter((row, i) => rows[i + 1]?.pack !== row.pack || rows[i + 1]?.id !== row.id);
    return newest.map(toStored<T>);
  }

  /** See KnowledgeRepository. Errors: an id given twice; whatever fails, the pack stays as it was. */
  replacePack(
    pack: string,
    items: readonly { item: T; digest: string }[],
    options: Parameters<KnowledgeRepository['replacePack']>[2],
  ): Promise<ImportCounts> {
    return this.#database.transaction((tx) => importItems(tx, pack, items, options));
  }

  revision(): Promise<string> {
    return readRevision(this.#database.db);
  }

  async get(pack: string, id: string): Promise<ItemLife<T> | undefined> {
    const rows = await this.#database.db
      .selectFrom('knowledge_versions')
      .selectAll()
      .where('pack', '=', pack)
      .where('id', '=', id)
      .where('status', 'in', living)
      .orderBy('version')
      .execute();
    const versions = rows.map(toStored<T>);
    const head = versions.at(-1);
    if (!head) return undefined;
    const published = versions.find(({ status }) => status === 'published');
    const open = versions.find(({ status }) => status === 'draft' || status === 'reviewed');
    return { ...(published ? { published } : {}), ...(open ? { open } : {}), head };
  }

  async history(pack: string, id: string): Promise<ItemVersion<T>[]> {
    const { db } = this.#database;
    const rows = await db
      .selectFrom('knowledge_versions')
      .selectAll()
      .where('pack', '=', pack)
      .where('id', '=', id)
      .orderBy('version')
      .execute();
    const events = await db
      .selectFrom('knowledge_events')
      .select(['version', 'action', 'actor', 'note', 'at'])
      .where('pack', '=', pack)
      .where('id', '=', id)
      .orderBy('seq')
      .execute();
    return rows.map((row) => ({
      ...toStored<T>(row),
      status: row.status,
      author: row.author,
      createdAt: row.created_at,
      publishedAt: row.published_at,
      events: events.filter(({ version }) => version === row.version).map(({ version: _version, ...event }) => event),
    }));
  }

  save(pack: string, item: T, by: By & { basedOn?: number }): Promise<StepResult> {
    return this.#database.transaction((tx) => saveDraft(tx, pack, item, by));
  }

  review(pack: string, ids: readonly string[] | 'all', by: By): Promise<StepResult> {
    return this.#database.transaction((tx) => reviewDrafts(tx, pack, ids, by));
  }

  publish(pack: string, ids: readonly string[] | 'all', by: By): Promise<StepResult> {
    return this.#database.transaction((tx) => publishReviewed(tx, pack, ids, by));
  }

  withdraw(pack: string, ids: readonly string[], by: By): Promise<StepResult> {
    return this.#database.transaction((tx) => withdrawItems(tx, pack, ids, by));
  }

  rollback(pack: string, id: string, version: number, by: By & { publish?: boolean }): Promise<StepResult> {
    return this.#database.transaction((tx) => rollBack(tx, pack, id, version, by));
  }

  expire(by: { now: number; pack?: string | undefined }): Promise<{ pack: string; id: string; version: number }[]> {
    return this.#database.transaction((tx) => expireItems(tx, by));
  }
}

/** Guides, FAQs, policies and contacts. */
export class SqlKnowledgeRepository extends SqlLife<KnowledgeItem> {
  constructor(database: OpenDatabase) {
    super(database, 'entries');
  }
}

/** Flows, kept under `flowPackOf` of their pack. */
export class SqlFlowRepository extends SqlLife<FlowItem> {
  constructor(database: OpenDatabase) {
    super(database, 'flows');
  }
}
