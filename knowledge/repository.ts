/** Where knowledge is kept: the interface the importer writes to and the answering parts read from. */
import type { KnowledgeItem } from './item.ts';

export interface StoredItem {
  pack: string;
  item: KnowledgeItem;
  digest: string;
  version: number;
  status: 'draft' | 'reviewed' | 'published' | 'expired';
  updatedAt: number;
}

export interface ImportCounts {
  added: number;
  changed: number;
  unchanged: number;
  removed: number;
}

export interface KnowledgeRepository {
  /** All stored items, or those of one pack or status. */
  list(filter?: { pack?: string; status?: StoredItem['status'] }): Promise<StoredItem[]>;
  /**
   * Puts `items` into `pack` in one transaction: new ids are added, other digests make a new version, same digests are left
   * alone; ids not given are removed only with `removeMissing`.
   */
  replacePack(
    pack: string,
    items: readonly { item: KnowledgeItem; digest: string }[],
    options: { status: StoredItem['status']; now: number; removeMissing: boolean },
  ): Promise<ImportCounts>;
  /** Grows whenever anything changes. */
  revision(): Promise<string>;
}
