/** Tables of the outbound webhooks. */
import type { Generated } from 'kysely';
import type { Immutable } from './immutable.ts';

export interface WebhooksTable {
  id: Immutable<string>;
  url: Immutable<string>;
  /** |demand|order| */
  kinds: Immutable<string>;
  /** Only what belongs to this department; null: everything. */
  department: Immutable<string | null>;
  /** basic: no words of a citizen · matter: an order's words too, identifiers masked. */
  fields: Immutable<'basic' | 'matter'>;
  /** [{ secret, until }], the newest first; sealed. */
  secrets_json: string;
  state: 'on' | 'off';
  /** Why it is off. */
  note: string | null;
  created_by: Immutable<string>;
  created_at: Immutable<number>;
}
export interface WebhookDeliveriesTable {
  id: Generated<number>;
  webhook_id: Immutable<string>;
  /** The receiver's idempotency key, the same for every attempt. */
  event_id: Immutable<string>;
  /** order.dispatch … */
  type: Immutable<string>;
  /** What must stay in order: an order, a conversation. */
  subject: Immutable<string>;
  conversation_id: Immutable<string | null>;
  order_id: Immutable<string | null>;
  status: 'pending' | 'sent' | 'dead';
  attempts: number;
  next_at: number;
  /** Empty once it is delivered. */
  body_json: string;
  /** HTTP status of the last attempt. */
  code: number | null;
  error: string | null;
  created_at: Immutable<number>;
  done_at: number | null;
}

export interface WebhooksTables {
  webhooks: WebhooksTable;
  webhook_deliveries: WebhookDeliveriesTable;
}
