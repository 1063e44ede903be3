/** A guided flow as it is kept beside the entries of its pack: the words its author wrote, with the same life of versions. */
import { type KnowledgeItem, titleOf } from './item.ts';

export interface FlowItem {
  /** The flow's own id. */
  readonly id: string;
  readonly kind: 'flow';
  readonly name: string;
  /** The file as written, remarks included. */
  readonly yaml: string;
  /** Flows don't run out: the guides they tell of do. */
  readonly validTo?: undefined;
}

/** What versions are kept of. */
export type Kept = KnowledgeItem | FlowItem;

/** Under which pack the flows of a pack are kept: a flow and an entry may share an id. */
export const flowPackOf = (pack: string): string => `${pack}/flows`;

export const keptTitle = (kept: Kept): string => (kept.kind === 'flow' ? kept.name : titleOf(kept));
