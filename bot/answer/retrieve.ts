/** From a question to the few knowledge items that may answer it, each with a score that says how sure we are. */

import type { KnowledgeIndex, PassageHit, SearchFilter } from '../../knowledge/index/types.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';
import { askedElements } from './elements.ts';

export interface Candidate {
  readonly item: KnowledgeItem;
  /** 0..1: how well the question fits the item's names and words. */
  readonly score: number;
  /** Similarity to the best of the item's names, 0..1. */
  readonly nameSimilarity: number;
  readonly bestName: string | undefined;
  /** Share of the question covered by its best passage, 0..1. */
  readonly coverage: number;
  readonly passages: readonly PassageHit[];
}

export interface Retrieved {
  readonly candidates: readonly Candidate[];
  /** Share of the question's words known to the whole knowledge base. */
  readonly known: number;
}

const searchDepth = 30;
/** Weights found on the sample pack's own questions: names decide, passages break ties and carry long documents. */
const nameWeight = 0.8;
const coverageWeight = 0.2;
/** A question for an element (材料, 费用 …) is a question to a guide. */
const elementBonus = 0.06;

/** Ranks knowledge items for a question, best first (ties by id). Errors of the index propagate. */
export async function retrieve(index: KnowledgeIndex, query: { text: string; plain: string }, filter: SearchFilter): Promise<Retrieved> {
  const result = await index.search(query.text, filter, searchDepth);
  const asksElement = askedElements(query.plain).length > 0;
  const passagesByItem = groupByItem(result.passages);
  const names = new Map(result.names.map((hit) => [hit.itemId, hit]));
  const topScore = result.passages[0]?.score ?? 0;
  const candidates: Candidate[] = [];
  for (const itemId of new Set([...names.keys(), ...passagesByItem.keys()])) {
    const item = index.item(itemId);
    if (!item) continue;
    const passages = passagesByItem.get(itemId) ?? [];
    const name = names.get(itemId);
    const coverage = Math.max(0, ...passages.map((hit) => hit.coverage));
    const relative = topScore > 0 ? (passages[0]?.score ?? 0) / topScore : 0;
    const nameSimilarity = name?.similarity ?? 0;
    const bonus = asksElement && item.kind === 'guide' && nameSimilarity > 0.3 ? elementBonus : 0;
    const score = Math.min(1, nameWeight * nameSimilarity + coverageWeight * coverage * (0.5 + 0.5 * relative) + bonus);
    candidates.push({ item, score, nameSimilarity, bestName: name?.name, coverage, passages });
  }
  candidates.sort((a, b) => b.score - a.score || (a.item.id < b.item.id ? -1 : 1));
  return { candidates: candidates.slice(0, 10), known: result.known };
}

function groupByItem(hits: readonly PassageHit[]): Map<string, PassageHit[]> {
  const groups = new Map<string, PassageHit[]>();
  for (const hit of hits) groups.set(hit.passage.itemId, [...(groups.get(hit.passage.itemId) ?? []), hit]);
  return groups;
}
