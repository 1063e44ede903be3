/** Tables: settings, limits, switches, and people's rights over their data. Times are epoch milliseconds, `*_json` columns hold JSON text. */
import type { Generated } from 'kysely';
import type { Immutable } from './immutable.ts';

export interface SettingsTable {
  key: Immutable<string>;
  value: string;
}

export interface RateLimitsTable {
  /** sha256 of what is limited. */
  key: Immutable<string>;
  used: number;
  until: number;
}

export interface SwitchEventsTable {
  id: Generated<number>;
  /** model, or channel:<name>. */
  name: Immutable<string>;
  state: Immutable<'on' | 'off'>;
  reason: Immutable<string>;
  actor: Immutable<string>;
  at: Immutable<number>;
}

export interface PrivacyRequestsTable {
  id: Immutable<string>;
  kind: Immutable<'export' | 'delete'>;
  /** Keyed hash of whose data it was: the ledger names nobody. */
  subject: Immutable<string>;
  channel: Immutable<string>;
  actor: Immutable<string>;
  asked_at: Immutable<number>;
  done_at: number | null;
  counts_json: string | null;
}

export interface PrivacyHoldsTable {
  conversation_id: Immutable<string>;
  reason: string;
  actor: string;
  at: number;
}

export interface OperationTables {
  settings: SettingsTable;
  rate_limits: RateLimitsTable;
  switch_events: SwitchEventsTable;
  privacy_requests: PrivacyRequestsTable;
  privacy_holds: PrivacyHoldsTable;
}
