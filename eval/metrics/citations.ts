/** Whether what an answer cites holds up what it says. */
import { criticalTokens, unsupportedTokens } from '../../bot/answer/ground.ts';
import type { Passage } from '../../knowledge/index/types.ts';

/** Share of the answer's amounts, dates, durations, numbers, links and documents found in the passages it cites; 1 without any. */
export function criticalConsistency(text: string, citations: readonly Passage[]): { share: number; unsupported: readonly string[] } {
  const tokens = criticalTokens(text);
  const unsupported = unsupportedTokens({ text, citations, quickReplies: [], origin: 'guide' });
  return { share: tokens.length === 0 ? 1 : 1 - unsupported.length / tokens.length, unsupported };
}

/** Right citations among all. `gold`: ids of items or of passages. NaN when nothing is cited. */
export function citationPrecision(citations: readonly Passage[], gold: ReadonlySet<string>): number {
  return citations.filter((passage) => gold.has(passage.itemId) || gold.has(passage.id)).length / citations.length;
}
