/** Where knowledge is kept: the interface the importer writes to and the answering parts read from. */
import type { Kept } from './flow-item.ts';
import type { KnowledgeItem } from './item.ts';

/** draft → reviewed → published → expired (withdrawn, or past its validTo). */
export type ItemStatus = 'draft' | 'reviewed' | 'published' | 'expired';

export interface StoredItem<T extends Kept = KnowledgeItem> {
  pack: string;
  item: T;
  digest: string;
  version: number;
  status: ItemStatus;
  updatedAt: number;
}

export interface ImportCounts {
  added: number;
  changed: number;
  unchanged: number;
  removed: number;
}

export interface KnowledgeRepository<T extends Kept = KnowledgeItem> {
  /**
   * The newest version of each stored item; with `status` the version in that status, if there is one: an item with a published
   * version and a newer draft is found under both.
   */
  list(filter?: { pack?: string; status?: StoredItem['status'] }): Promise<StoredItem<T>[]>;
  /**
   * Puts `items` into `pack` in one transaction: new ids are added, other digests make a new version, same digests are left
   * alone (so what was withdrawn stays withdrawn, but a draft of the same content is published when `status` says so); ids not
   * given are removed only with `removeMissing`. `actor` and `note` go into the history.
   */
  replacePack(
    pack: string,
    items: readonly { item: T; digest: string }[],
    options: { status: StoredItem['status']; now: number; removeMissing: boolean; actor?: string; note?: string },
  ): Promise<ImportCounts>;
  /** Grows whenever what is published changes. */
  revision(): Promise<string>;
}
