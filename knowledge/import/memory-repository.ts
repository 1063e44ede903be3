/** A KnowledgeRepository and a SourceIndex in memory, for tests and for throw-away indexes. */
import type { ImportCounts, KnowledgeRepository, StoredItem } from '../repository.ts';
import type { SourceIndex, SourceManifest } from './source-index.ts';

/** Same counts and versions as the SQL repository; nothing outlives the process. */
export class MemoryKnowledgeRepository implements KnowledgeRepository {
  private packs = new Map<string, Map<string, StoredItem>>();
  private changes = 0;

  async list(filter: { pack?: string; status?: StoredItem['status'] } = {}): Promise<StoredItem[]> {
    const all = [...this.packs].filter(([pack]) => filter.pack === undefined || pack === filter.pack);
    const items = all.flatMap(([, stored]) => [...stored.values()]);
    return items.filter(({ status }) => filter.status === undefined || status === filter.status);
  }

  async replacePack(
    pack: string,
    items: Parameters<KnowledgeRepository['replacePack']>[1],
    { status, now, removeMissing }: Parameters<KnowledgeRepository['replacePack']>[2],
  ): Promise<ImportCounts> {
    const before = this.packs.get(pack) ?? new Map<string, StoredItem>();
    const after = new Map(removeMissing ? [] : before);
    const counts: ImportCounts = { added: 0, changed: 0, unchanged: 0, removed: 0 };
    for (const { item, digest } of items) {
      const old = before.get(item.id);
      const same = old !== undefined && old.digest === digest && old.status === status;
      counts[old === undefined ? 'added' : same ? 'unchanged' : 'changed'] += 1;
      after.set(item.id, same ? old : { pack, item, digest, version: (old?.version ?? 0) + 1, status, updatedAt: now });
    }
    counts.removed = [...before.keys()].filter((id) => !after.has(id)).length;
    if (counts.added + counts.changed + counts.removed > 0) this.changes += 1;
    this.packs.set(pack, after);
    return counts;
  }

  async revision(): Promise<string> {
    return String(this.changes);
  }
}

/** Keeps manifests as text, as a database would. */
export class MemorySourceIndex implements SourceIndex {
  private readonly packs = new Map<string, string>();

  async get(pack: string): Promise<SourceManifest> {
    return JSON.parse(this.packs.get(pack) ?? '{}') as SourceManifest;
  }

  async put(pack: string, manifest: SourceManifest): Promise<void> {
    this.packs.set(pack, JSON.stringify(manifest));
  }
}
