/**
 * What the two halves of retrieval (sparse, dense) are kept in: embedded or in Qdrant, with the same meaning of every number.
 * A unit is a passage, a whole item (all its names and passages), or a name (alias, title or example of an item), each with its terms
 * and, where there is a model, its vector.
 */
import type { Filtered } from './filter.ts';
import type { SearchFilter } from './types.ts';

export const unitLevels = ['passage', 'item', 'name'] as const;
export type UnitLevel = (typeof unitLevels)[number];

export interface Unit {
  readonly id: string;
  readonly itemId: string;
  readonly level: UnitLevel;
  /** Index terms, with repetitions: what `bigrams` gives for the normalised text. */
  readonly terms: readonly string[];
  /** Unit vector of the embedder, if there is one. */
  readonly vector?: Float32Array;
  readonly filter: Filtered & { readonly department?: string | undefined };
}

export interface UnitQuery {
  readonly terms: readonly string[];
  readonly vector?: Float32Array | undefined;
  /** Weight of the cosine beside the sparse share; 0 = sparse only. */
  readonly denseWeight: number;
}

export interface UnitHit {
  readonly id: string;
  readonly itemId: string;
  /** `share + denseWeight * max(0, cosine)`: comparable between queries. */
  readonly score: number;
  /**
   * BM25 score divided by the ideal of the query (every distinct term found with full weight `idf * (k1 + 1)`, unseen terms
   * included with the idf of df = 0), 0..1.
   */
  readonly share: number;
  /** Share (0..1) of the query's idf weight, unseen terms included with the idf of df = 0, that the unit's terms cover. */
  readonly coverage: number;
  /** Cosine to the query vector; 0 where either has none. */
  readonly cosine: number;
}

/** Meaning of BM25 everywhere: idf = ln(1 + (N - df + 0.5) / (df + 0.5)) over the units of one level, k1 and b as given. */
export interface UnitStoreOptions {
  readonly k1: number;
  readonly b: number;
}

export interface UnitStore {
  readonly revision: string;
  /**
   * Puts a whole new content in place at once: searches see all of the old or all of the new. `embedderId` names the model of the
   * vectors (undefined: none); vectors of another model are never mixed in.
   */
  replace(content: { revision: string; units: readonly Unit[]; embedderId: string | undefined }): Promise<void>;
  /** Best `limit` units of a level that the filter admits: those leading in either half, ranked by `score`, ties by id. */
  search(
    query: UnitQuery,
    level: UnitLevel,
    filter: SearchFilter & { readonly department?: string | undefined },
    limit: number,
  ): Promise<UnitHit[]>;
  /** The same at once, where the units are in this process: a search then waits for nothing. */
  searchNow?(
    query: UnitQuery,
    level: UnitLevel,
    filter: SearchFilter & { readonly department?: string | undefined },
    limit: number,
  ): UnitHit[];
  /** Share (0..1) of distinct terms that occur in any unit of the level. */
  known(terms: readonly string[], level: UnitLevel): number;
  close(): Promise<void>;
}
