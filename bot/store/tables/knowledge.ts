/** Tables: knowledge, its life, and how it is evaluated. Times are epoch milliseconds, `*_json` columns hold JSON text. */
import type { Generated } from 'kysely';
import type { Immutable } from './immutable.ts';

export interface KnowledgeVersionsTable {
  pack: Immutable<string>;
  id: Immutable<string>;
  version: Immutable<number>;
  /** replaced: a newer version took its place · removed: taken out of the pack by an import. */
  status: 'draft' | 'reviewed' | 'published' | 'expired' | 'replaced' | 'removed';
  kind: Immutable<string>;
  title: Immutable<string>;
  body_json: Immutable<string>;
  digest: Immutable<string>;
  /** ISO date of the body's validTo, the last day it may be served. */
  valid_to: Immutable<string | null>;
  author: Immutable<string | null>;
  created_at: Immutable<number>;
  updated_at: number;
  /** When it was first served. */
  published_at: number | null;
}

export interface KnowledgeEventsTable {
  seq: Generated<number>;
  pack: Immutable<string>;
  id: Immutable<string>;
  version: Immutable<number>;
  action: Immutable<'import' | 'save' | 'review' | 'publish' | 'withdraw' | 'expire' | 'rollback' | 'remove'>;
  actor: Immutable<string | null>;
  note: Immutable<string | null>;
  at: Immutable<number>;
}

export interface EvaluationCasesTable {
  id: Generated<number>;
  pack: Immutable<string>;
  /** Masked. */
  question: Immutable<string>;
  /** Ids of the items that answer it; none: it must be refused. */
  item_ids_json: string;
  author: string;
  created_at: number;
}

export interface EvaluationRunsTable {
  /** 2026-Q4. */
  period: Immutable<string>;
  status: 'running' | 'done' | 'failed';
  started_at: number;
  finished_at: number | null;
  /** Where its report lies, inside the data folder. */
  folder: string | null;
  metrics_json: string;
  error: string | null;
}

export interface KnowledgeTables {
  knowledge_versions: KnowledgeVersionsTable;
  knowledge_events: KnowledgeEventsTable;
  evaluation_cases: EvaluationCasesTable;
  evaluation_runs: EvaluationRunsTable;
}
