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
  /** Share of the question's own words that the item covers anywhere, 0..1. */
  readonly coverage: number;
  readonly passages: readonly PassageHit[];
}

export interface Retrieved {
  readonly candidates: readonly Candidate[];
  /** Share of the question's words known to the whole knowledge base. */
  readonly known: number;
}

const searchDepth = 40;
/**
 * One absolute score: the best passage and half the whole item, both as shares of what the question could reach, and a quarter of the
 * name. Chosen on the service items' aliases, the policy questions and the sample pack's held-out wordings together.
 */
const itemWeight = 0.5;
const nameWeight = 0.25;
/** A name that is all but said word for word settles the matter. */
const clearName = 0.5;
const clearNameWeight = 0.6;
/** A question for an element (材料, 费用 …) is a question to a guide. */
const elementBonus = 0.04;

/** Ranks knowledge items for a question, best first (ties by id). Errors of the index propagate. */
export async function retrieve(index: KnowledgeIndex, query: { text: string; plain: string }, filter: SearchFilter): Promise<Retrieved> {
  const result = await index.search(query.text, filter, searchDepth);
  const asksElement = askedElements(query.plain).length > 0;
  const passagesByItem = groupByItem(result.passages);
  const names = new Map(result.names.map((hit) => [hit.itemId, hit]));
  const wholes = new Map(result.items.map((hit) => [hit.itemId, hit]));
  const candidates: Candidate[] = [];
  for (const itemId of new Set([...names.keys(), ...passagesByItem.keys(), ...wholes.keys()])) {
    const item = index.item(itemId);
    if (!item) continue;
    const passages = passagesByItem.get(itemId) ?? [];
    const name = names.get(itemId);
    const whole = wholes.get(itemId);
    const coverage = whole?.coverage ?? 0;
    const nameSimilarity = name?.similarity ?? 0;
    const bonus = asksElement && item.kind === 'guide' && nameSimilarity > 0.3 ? elementBonus : 0;
    const lexical = ((passages[0]?.share ?? 0) + itemWeight * (whole?.share ?? 0)) / (1 + itemWeight);
    const named = nameWeight * nameSimilarity + clearNameWeight * Math.max(0, nameSimilarity - clearName);
    const score = lexical + named + bonus;
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
