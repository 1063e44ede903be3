/** Tables: SMS. Times are epoch milliseconds, `*_json` columns hold JSON text. */
import type { Generated } from 'kysely';
import type { Immutable } from './immutable.ts';

export interface SmsSessionsTable {
  /** E.164. */
  phone: Immutable<string>;
  /** The service number or its extension the citizen wrote to; replies come from it. */
  port: Immutable<string>;
  conversation_id: string;
  /** Counts the conversations this number has had: the next one gets another id. */
  generation: number;
  locale: string;
  last_in_at: number;
  /** When the idle session was closed; null while it is open. */
  ended_at: number | null;
  rating_asked_at: number | null;
}

export interface SmsNumbersTable {
  phone: Immutable<string>;
  opted_out_at: number | null;
  consent_at: number | null;
  consent_source: string | null;
  updated_at: number;
}

export interface SmsMessagesTable {
  id: Generated<number>;
  /** Idempotency key: the activity's id, or what made the channel speak by itself. */
  key: Immutable<string>;
  phone: Immutable<string>;
  port: Immutable<string>;
  conversation_id: Immutable<string | null>;
  /** reply: answers the citizen · notice: our own idea, needs consent and daytime. */
  class: Immutable<'reply' | 'notice'>;
  draft_json: Immutable<string>;
  /** What digits mean once the citizen has this message; null: it leaves the earlier menu as it is. */
  menu_json: Immutable<string | null>;
  /** What 更多 brings next. */
  rest_json: Immutable<string | null>;
  segments: Immutable<number>;
  /** uncertain: sent, but the answer was lost · accepted: the provider has it · sent: the network has it. */
  status: 'pending' | 'sending' | 'uncertain' | 'accepted' | 'sent' | 'delivered' | 'failed' | 'suppressed';
  provider: string | null;
  progress_json: string | null;
  /** The provider's last code. */
  code: string | null;
  attempts: number;
  next_at: number;
  /** It is not sent before; 0: at once. */
  due_at: Immutable<number>;
  expires_at: Immutable<number>;
  created_at: Immutable<number>;
  accepted_at: number | null;
  done_at: number | null;
}

export interface SmsPushesTable {
  id: Generated<number>;
  /** Whose messages must stay in order; empty for a receipt. */
  sender: Immutable<string>;
  item_json: Immutable<string>;
  attempts: number;
  next_at: number;
  received_at: Immutable<number>;
}

export interface SmsRateTable {
  name: Immutable<string>;
  /** [free again at, SMS] of what was taken. */
  taken_json: string;
  /** Until then a provider wants less. */
  slow_until: number;
}

export interface SmsReceiptsTable {
  provider: Immutable<string>;
  /** The provider's id of one part. */
  provider_id: Immutable<string>;
  /** null: the receipt came before we knew whose it is. */
  message_id: number | null;
  state: 'accepted' | 'sent' | 'delivered' | 'failed';
  code: string | null;
  at: number;
}

export interface SmsPartsTable {
  group_key: Immutable<string>;
  number: Immutable<number>;
  total: Immutable<number>;
  body_hex: Immutable<string>;
  fmt: Immutable<number>;
  message_id: Immutable<string>;
  received_at: Immutable<number>;
}

export interface SmsPartGroupsTable {
  group_key: Immutable<string>;
  state: 'open' | 'done' | 'expired';
  started_at: Immutable<number>;
}

export interface SmsPagesTable {
  code: Immutable<string>;
  message_key: Immutable<string>;
  phone: Immutable<string>;
  body_json: Immutable<string>;
  created_at: Immutable<number>;
  expires_at: Immutable<number>;
}

export interface SmsTables {
  sms_sessions: SmsSessionsTable;
  sms_numbers: SmsNumbersTable;
  sms_messages: SmsMessagesTable;
  sms_pushes: SmsPushesTable;
  sms_rate: SmsRateTable;
  sms_receipts: SmsReceiptsTable;
  sms_parts: SmsPartsTable;
  sms_part_groups: SmsPartGroupsTable;
  sms_pages: SmsPagesTable;
}
