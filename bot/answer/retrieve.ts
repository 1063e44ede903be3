/** From a question to the few knowledge items that may answer it, each with a score that says how well it fits. */

import type { ItemHit, KnowledgeIndex, NameHit, PassageHit, SearchFilter, SearchResult } from '../../knowledge/index/types.ts';
import type { KnowledgeItem, Policy } from '../../knowledge/item.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import { normalise } from '../../knowledge/text/normalise.ts';
import { confidenceOf, signalsOf } from './confidence.ts';
import { askedElements } from './elements.ts';

export interface Candidate {
  readonly item: KnowledgeItem;
  /** Ranks candidates of one question; see `weights`. */
  readonly score: number;
  /** Similarity to the best of the item's names by characters or sound, 0..1. */
  readonly nameSimilarity: number;
  readonly bestName: string | undefined;
  /** Nearness in meaning of the best of the item's names, −1..1; 0 without embeddings. */
  readonly meaning: number;
  /** Share of the question's own words that the item covers anywhere, 0..1. */
  readonly coverage: number;
  readonly passages: readonly PassageHit[];
}

export interface Retrieved {
  readonly candidates: readonly Candidate[];
  /** Share of the question's words known to the whole knowledge base. */
  readonly known: number;
  /** How likely the first candidate answers the question, 0..1; 0 without one. */
  readonly confidence: number;
}

/** Nothing was looked for. */
export const nothingFound: Retrieved = { candidates: [], known: 1, confidence: 0 };

const noPassages: readonly PassageHit[] = [];
const noTitles: ReadonlySet<string> = new Set();

const searchDepth = 60;
const kept = 10;

/**
 * Score = best passage + whole item (both as shares of what the question could reach) + what the item is called. Nearness in meaning
 * counts where an item has names people say; policy documents are found by their words alone, which a paired test showed to rank
 * better. A long document holds something of every question: its length is held against it. Measured in docs/retrieval.md.
 */
const weights = { item: 0.65, name: 0.3, clearName: 0.9, meaning: 0.6, length: 0.042, title: 0.3 } as const;
/** A name that is all but said word for word settles the matter. */
const clearName = 0.5;
/** A document called by something like its title is likely meant … */
const calledByTitle = 0.7;
/** … and one whose whole title is said, with or without the place before it, surely. Shorter titles prove nothing. */
const saidTitle = { bonus: 1, shortest: 6 } as const;
/** A question for an element (材料, 费用 …) is a question to a guide. */
const elementBonus = 0.12;

/** What was found of one item. */
interface Evidence {
  readonly item: KnowledgeItem;
  name: NameHit | undefined;
  whole: ItemHit | undefined;
  passages: PassageHit[] | undefined;
}

/** Ranks knowledge items for a question, best first (ties by id). Errors of the index propagate. */
export async function retrieve(index: KnowledgeIndex, lexicon: Lexicon, text: string, filter: SearchFilter): Promise<Retrieved> {
  const result = await index.search(text, filter, searchDepth);
  const asksElement = askedElements(lexicon.plain(text)).length > 0;
  const evidence = evidenceIn(result, index);
  const titles = titlesIn(text, evidence.values());
  const best: Candidate[] = [];
  for (const [itemId, { item, name, whole, passages = noPassages }] of evidence) {
    const said = titles.has(itemId);
    const nameSimilarity = said ? 1 : (name?.similarity ?? 0);
    const meaning = name?.cosine ?? 0;
    const bonus = asksElement && item.kind === 'guide' && nameSimilarity > 0.3 ? elementBonus : 0;
    const named = item.kind === 'policy' ? titled(nameSimilarity, said) : spoken(nameSimilarity, meaning);
    const most = (passages[0]?.share ?? 0) + weights.item * (whole?.share ?? 0) + named + bonus;
    const last = best.length === kept ? best[kept - 1] : undefined;
    if (last && most < last.score) continue;
    const score = most - weights.length * Math.log(1 + lengthOf(index, itemId));
    if (last && score < last.score) continue;
    const candidate = { item, score, nameSimilarity, bestName: name?.name, meaning, coverage: whole?.coverage ?? 0, passages };
    const at = best.findIndex((other) => score > other.score || (score === other.score && item.id < other.item.id));
    if (at >= 0) best.splice(at, 0, candidate);
    else best.push(candidate);
    if (best.length > kept) best.pop();
  }
  const [first, second] = best;
  const confidence = first ? confidenceOf(signalsOf(text, first, second?.score, result.known, lexicon), first.item.kind) : 0;
  return { candidates: best, known: result.known, confidence };
}

/** By item; items that the index does not hold any more are left out. */
function evidenceIn({ names, passages, items }: SearchResult, index: KnowledgeIndex): Map<string, Evidence> {
  const evidence = new Map<string, Evidence>();
  const of = (itemId: string): Evidence | undefined => {
    const known = evidence.get(itemId);
    if (known) return known;
    const item = index.item(itemId);
    if (!item) return undefined;
    const fresh = { item, name: undefined, whole: undefined, passages: undefined };
    evidence.set(itemId, fresh);
    return fresh;
  };
  for (const hit of names) {
    const found = of(hit.itemId);
    if (found) found.name = hit;
  }
  for (const hit of passages) {
    const found = of(hit.passage.itemId);
    if (found?.passages) found.passages.push(hit);
    else if (found) found.passages = [hit];
  }
  for (const hit of items) {
    const found = of(hit.itemId);
    if (found) found.whole = hit;
  }
  return evidence;
}

function spoken(nameSimilarity: number, meaning: number): number {
  return (
    weights.meaning * Math.max(0, meaning) + weights.name * nameSimilarity + weights.clearName * Math.max(0, nameSimilarity - clearName)
  );
}

const titled = (nameSimilarity: number, said: boolean): number =>
  said ? saidTitle.bonus : nameSimilarity >= calledByTitle ? weights.title : 0;

const placeBefore = /^[^省市区县州]{1,8}(?:省|市|区|县|州)(?=.{4})/;
const bareText = (text: string): string => normalise(text).replace(/[^\p{L}\p{N}]/gu, '');

const bareTitles = new WeakMap<KnowledgeItem, string>();
function bareTitle(item: Policy): string {
  const title = bareTitles.get(item) ?? bareText(item.title).replace(placeBefore, '');
  bareTitles.set(item, title);
  return title;
}

/** Ids of the documents whose whole title the question says; of titles that hold one another the longest is meant. */
function titlesIn(text: string, evidence: Iterable<Evidence>): ReadonlySet<string> {
  const question = bareText(text);
  if (question.length < saidTitle.shortest) return noTitles;
  const said: { readonly id: string; readonly title: string }[] = [];
  for (const { item, name, whole } of evidence) {
    if (item.kind !== 'policy' || !(name || whole)) continue;
    const title = bareTitle(item);
    if (title.length >= saidTitle.shortest && question.includes(title)) said.push({ id: item.id, title });
  }
  if (said.length === 0) return noTitles;
  return new Set(
    said.filter(({ title }) => !said.some((other) => other.title !== title && other.title.includes(title))).map(({ id }) => id),
  );
}

const lengths = new WeakMap<object, number>();

/** Characters of all passages of an item; counted once. */
function lengthOf(index: KnowledgeIndex, itemId: string): number {
  const passages = index.passagesOf(itemId);
  const known = lengths.get(passages);
  if (known !== undefined) return known;
  const length = passages.reduce((sum, { text }) => sum + text.length, 0);
  lengths.set(passages, length);
  return length;
}
