/** Table of what was out of order. */
import type { Generated } from 'kysely';
import type { Immutable } from './immutable.ts';

export interface IncidentsTable {
  id: Generated<number>;
  /** A part of the server (database, qdrant …), or `channel:<name>`. One of a kind is open at a time. */
  kind: Immutable<string>;
  /** What was seen first, in the server's words. */
  detail: string;
  begun_at: number;
  /** When some process last saw it. */
  seen_at: number;
  due_at: number;
  ended_at: number | null;
  /** Whoever closed it; null with `ended_at`: it ended by itself. */
  ended_by: string | null;
  /** Found out afterwards, written by `noted_by`. */
  cause: string | null;
  noted_by: string | null;
}

export interface IncidentsTables {
  incidents: IncidentsTable;
}
