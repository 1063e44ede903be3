/** The life of knowledge: who wrote, reviewed, published and withdrew which version of an item, and when. */
import type { Kept } from '../flow-item.ts';
import type { KnowledgeItem } from '../item.ts';
import type { ItemStatus, KnowledgeRepository, StoredItem } from '../repository.ts';

/** replaced: a newer version took its place · removed: taken out of the pack by an import. */
export type VersionStatus = ItemStatus | 'replaced' | 'removed';

export type LifeAction = 'import' | 'save' | 'review' | 'publish' | 'withdraw' | 'expire' | 'rollback' | 'remove';

/** One step in the life of a version. */
export interface LifeEvent {
  readonly action: LifeAction;
  /** Who did it; null: the operator at the command line, or Wenban itself (expire). */
  readonly actor: string | null;
  readonly note: string | null;
  readonly at: number;
}

/** A version with everything that happened to it. */
export interface ItemVersion<T extends Kept = KnowledgeItem> extends Omit<StoredItem<T>, 'status'> {
  readonly status: VersionStatus;
  /** Who wrote this version. */
  readonly author: string | null;
  readonly createdAt: number;
  /** When it was first served; null: never. */
  readonly publishedAt: number | null;
  readonly events: readonly LifeEvent[];
}

/** Where an item stands. */
export interface ItemLife<T extends Kept = KnowledgeItem> {
  /** What is answered from. */
  readonly published?: StoredItem<T>;
  /** The newer draft or reviewed version that is being worked on. */
  readonly open?: StoredItem<T>;
  /** The newest version, whatever its status. */
  readonly head: StoredItem<T>;
}

/** Who does something, why, and when. */
export interface By {
  readonly actor?: string | undefined;
  readonly note?: string | undefined;
  readonly now: number;
}

/** Why a step is not possible, in words an editor can act on. */
export interface Refusal {
  readonly id: string;
  readonly message: string;
}

/**
 * A step taken for all of them, or for none. `skipped` appears only when 'all' was asked for: those that could not take the step.
 */
export type StepResult =
  | { readonly ok: true; readonly done: readonly { id: string; version: number }[]; readonly skipped: readonly Refusal[] }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** What the desk and the command line work with. Every method is one transaction; what is not allowed comes back in words. */
export interface KnowledgeLife<T extends Kept = KnowledgeItem> extends KnowledgeRepository<T> {
  /** Where an item stands; undefined when the pack doesn't have it. */
  get(pack: string, id: string): Promise<ItemLife<T> | undefined>;
  /** Every version ever, oldest first, also of removed items; empty when there never was one. */
  history(pack: string, id: string): Promise<ItemVersion<T>[]>;
  /**
   * Keeps `item` as a new draft; what is published stays in force. The content that is there already makes no version. With
   * `basedOn`, refused when somebody saved another version since.
   */
  save(pack: string, item: T, by: By & { basedOn?: number }): Promise<StepResult>;
  /** draft → reviewed, by somebody else than the author. */
  review(pack: string, ids: readonly string[] | 'all', by: By): Promise<StepResult>;
  /** reviewed → published: everything selected is served from the same moment on, the revision grows once. */
  publish(pack: string, ids: readonly string[] | 'all', by: By): Promise<StepResult>;
  /** Takes the published version (or, when nothing is published, the draft) out of service. */
  withdraw(pack: string, ids: readonly string[], by: By): Promise<StepResult>;
  /**
   * Makes a new version with the content of an old one: reviewed when the old one was ever published (its words were approved
   * once), else a draft. With `publish` it is served at once.
   */
  rollback(pack: string, id: string, version: number, by: By & { publish?: boolean }): Promise<StepResult>;
  /** Marks what is past its validTo as expired, in every pack or in one. Nothing is ever answered from it meanwhile. */
  expire(by: { now: number; pack?: string | undefined }): Promise<{ pack: string; id: string; version: number }[]>;
}
