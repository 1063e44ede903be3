/** Whether an answer cites what it should. */
import type { Passage } from '../../knowledge/index/types.ts';

/** Right citations among all. `gold`: ids of items or of passages. NaN when nothing is cited. */
export function citationPrecision(citations: readonly Passage[], gold: ReadonlySet<string>): number {
  return citations.filter((passage) => gold.has(passage.itemId) || gold.has(passage.id)).length / citations.length;
}
