/** What every knowledge index offers, embedded or on a server: passages to quote and names to recognise. */
import type { Audience, KnowledgeItem } from '../item.ts';

/** Element of a guide, or the one part of a FAQ, policy clause or contact. */
export type PassageElement =
  | 'summary'
  | 'conditions'
  | 'materials'
  | 'process'
  | 'online'
  | 'time'
  | 'fee'
  | 'place'
  | 'phone'
  | 'complaint'
  | 'result'
  | 'basis'
  | 'visits'
  | 'answer'
  | 'clause'
  | 'contact';

/** The unit that is searched, quoted and cited. `text` is shown word for word. */
export interface Passage {
  readonly id: string;
  readonly itemId: string;
  readonly kind: KnowledgeItem['kind'];
  /** Name of the guide, document or office: shown as the source. */
  readonly title: string;
  /** Heading inside the source, e.g. 申请材料 or 第三条. */
  readonly heading: string;
  readonly element: PassageElement;
  /** For scenario-bound material lists. */
  readonly scenarioId?: string;
  readonly text: string;
  readonly url?: string;
  /** 文号 of a policy document. */
  readonly docNo?: string;
  readonly department?: string;
  readonly region?: string;
  readonly audience: readonly Audience[];
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly updatedAt?: string;
  readonly sample: boolean;
}

/** A way people call an item; matched as a whole, never quoted. */
export interface Name {
  readonly itemId: string;
  readonly text: string;
}

export interface SearchFilter {
  /** ISO date: passages not valid on that day are never returned. */
  readonly on: string;
  readonly region?: string;
  readonly audience?: Audience;
}

export interface PassageHit {
  readonly passage: Passage;
  /** BM25 score as a share (0..1) of the highest this query could reach: comparable between queries. */
  readonly share: number;
  /** Share (0..1) of the query's idf weight that the passage covers. */
  readonly coverage: number;
}

/** A whole item, all its names and passages together: finds what is spread over several passages. */
export interface ItemHit {
  readonly itemId: string;
  /** As in `PassageHit`, for the words that say what the matter is. */
  readonly share: number;
  /** Share (0..1) of those words' idf weight that the item covers: low when the question speaks of something else. */
  readonly coverage: number;
}

export interface NameHit {
  readonly itemId: string;
  /** The name nearest by its characters; undefined where only the meaning is near. */
  readonly name: string | undefined;
  /** Cosine similarity 0..1 of the core words' characters or sounds. */
  readonly similarity: number;
  /** Cosine −1..1 of the embeddings of the core words and of the nearest name; 0 without embeddings. */
  readonly cosine: number;
}

export interface SearchResult {
  readonly passages: readonly PassageHit[];
  readonly items: readonly ItemHit[];
  readonly names: readonly NameHit[];
  /** Share (0..1) of the query's terms that occur anywhere in the index: low for gibberish. */
  readonly known: number;
}

export interface KnowledgeIndex {
  /** Changes with every `replace`; stored with each answer. */
  readonly revision: string;
  /** Puts a whole new content in place at once: searches see all of the old or all of the new. */
  replace(content: { revision: string; items: readonly KnowledgeItem[] }): Promise<void>;
  /** At most `limit` passages, items and names, best first, ties broken by id. */
  search(query: string, filter: SearchFilter, limit: number): Promise<SearchResult>;
  item(itemId: string): KnowledgeItem | undefined;
  /** Everything the index holds. */
  items(): readonly KnowledgeItem[];
  passagesOf(itemId: string): readonly Passage[];
}
