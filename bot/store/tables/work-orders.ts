/** Tables: work orders. Times are epoch milliseconds, `*_json` columns hold JSON text. */
import type { Immutable } from './immutable.ts';

export interface WorkOrdersTable {
  id: Immutable<string>;
  number: Immutable<string>;
  kind: Immutable<string>;
  state: string;
  demand_type: string;
  urgency: 'urgent' | 'sub_urgent' | 'general';
  department: string | null;
  handler: string | null;
  citizen_key: string | null;
  conversation_id: string | null;
  channel: string | null;
  title: string;
  received_at: Immutable<number>;
  due_at: number;
  next_check_at: number | null;
  overdue_at: number | null;
  /** 0 or 1. */
  supervised: number;
  closed_at: number | null;
  updated_at: number;
  /** Number of events: whoever changes the order must have seen them all. */
  version: number;
  /** The whole order; the columns beside it are for finding it. */
  order_json: string;
  /** Wrong proofs in a row, and until when no proof is looked at. */
  proof_failures: number;
  proof_locked_until: number;
  /** Departments that help: |a|b|. */
  co_departments: string;
}

export interface WorkOrderEventsTable {
  order_id: Immutable<string>;
  seq: Immutable<number>;
  action: Immutable<string>;
  actor_kind: Immutable<string>;
  actor_name: Immutable<string>;
  at: Immutable<number>;
  note: Immutable<string | null>;
  data_json: Immutable<string>;
}

export interface WorkOrderCountersTable {
  year: Immutable<number>;
  last: number;
}

export interface WorkOrderFollowUpsTable {
  order_id: Immutable<string>;
  /** How often the order had been reopened: each ending is followed up at most once. */
  round: Immutable<number>;
  conversation_id: Immutable<string>;
  channel: Immutable<string>;
  /** silent: no answer in time · refused: the channel or the citizen allows none. */
  status: 'planned' | 'sent' | 'answered' | 'silent' | 'refused';
  send_at: number;
  /** Until when it must be done: three days after the order was closed. */
  due_at: Immutable<number>;
  sent_at: number | null;
  answered_at: number | null;
  answer: string | null;
  verdict: string | null;
}

export interface WorkOrdersTables {
  work_orders: WorkOrdersTable;
  work_order_events: WorkOrderEventsTable;
  work_order_counters: WorkOrderCountersTable;
  work_order_follow_ups: WorkOrderFollowUpsTable;
}
