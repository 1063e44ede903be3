/** Tables: evaluations of the service, measured indicators, raised topics. Times are epoch milliseconds, `*_json` columns hold JSON text. */
import type { Generated } from 'kysely';
import type { Immutable } from './immutable.ts';

export interface ServiceEvaluationsTable {
  id: Generated<number>;
  kind: Immutable<'self' | 'satisfaction' | 'third_party'>;
  /** 2026-Q4, or 2026. */
  period: Immutable<string>;
  /** The body that evaluated. */
  evaluator: Immutable<string>;
  result_json: Immutable<string>;
  created_by: Immutable<string>;
  created_at: Immutable<number>;
  published_by: string | null;
  published_at: number | null;
}

export interface IndicatorInputsTable {
  /** The newest of a leaf and hall counts; older ones stay. */
  id: Generated<number>;
  period: Immutable<string>;
  leaf: Immutable<string>;
  /** Empty: the whole city. */
  hall: Immutable<string>;
  value: Immutable<number>;
  source: Immutable<string>;
  author: Immutable<string>;
  created_at: Immutable<number>;
}

export interface RaisedTopicsTable {
  item: Immutable<string>;
  /** ISO date in China. */
  day: Immutable<string>;
  order_number: string;
  recent: Immutable<number>;
  usual: Immutable<number>;
  raised_at: Immutable<number>;
}

export interface EvaluationsTables {
  service_evaluations: ServiceEvaluationsTable;
  indicator_inputs: IndicatorInputsTable;
  raised_topics: RaisedTopicsTable;
}
