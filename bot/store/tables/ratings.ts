/** Tables: ratings and what they concern. Times are epoch milliseconds, `*_json` columns hold JSON text. */
import type { Immutable } from './immutable.ts';

export interface RatingsTable {
  conversation_id: Immutable<string>;
  score: number;
  tags_json: string;
  comment: string | null;
  channel: string;
  created_at: Immutable<number>;
  /** When the citizen thought better of it. */
  changed_at: number | null;
}

/** What a rating concerns besides its channel. */
export type RatingFacet = 'agent' | 'flow' | 'item' | 'department';

export interface RatingFacetsTable {
  conversation_id: Immutable<string>;
  facet: Immutable<RatingFacet>;
  value: Immutable<string>;
}

export interface RatingRefusalsTable {
  conversation_id: Immutable<string>;
  at: Immutable<number>;
}

export interface RatingsTables {
  ratings: RatingsTable;
  rating_facets: RatingFacetsTable;
  rating_refusals: RatingRefusalsTable;
}
