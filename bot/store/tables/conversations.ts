/** Tables: conversations and what happens in them. Times are epoch milliseconds, `*_json` columns hold JSON text. */
import type { Generated } from 'kysely';
import type { Immutable } from './immutable.ts';

export interface ConversationsTable {
  id: Immutable<string>;
  channel: Immutable<string>;
  user_id: string;
  locale: string;
  /** bot: the bot answers · waiting: in the queue, bot still answers · agent: a person answers · ended. */
  mode: 'bot' | 'waiting' | 'agent' | 'ended';
  last_seq: number;
  profile_json: string;
  created_at: Immutable<number>;
  updated_at: number;
}

export interface ActivitiesTable {
  conversation_id: Immutable<string>;
  seq: Immutable<number>;
  id: Immutable<string>;
  type: Immutable<string>;
  from_role: Immutable<string>;
  body_json: Immutable<string>;
  created_at: Immutable<number>;
}

export interface InboxTable {
  /** Ascending order of arrival. */
  id: Generated<number>;
  channel: Immutable<string>;
  message_id: Immutable<string>;
  conversation_id: Immutable<string>;
  activity_id: Immutable<string>;
  seq: Immutable<number>;
  status: 'pending' | 'done' | 'failed';
  attempts: number;
  error: string | null;
  received_at: Immutable<number>;
  done_at: number | null;
}

export interface OutboxTable {
  id: Generated<number>;
  channel: Immutable<string>;
  conversation_id: Immutable<string>;
  /** Also the idempotency key towards the channel. */
  activity_id: Immutable<string>;
  seq: Immutable<number>;
  status: 'pending' | 'sent' | 'failed';
  attempts: number;
  next_at: number;
  error: string | null;
  created_at: Immutable<number>;
  sent_at: number | null;
}

export interface BotStateTable {
  key: Immutable<string>;
  value_json: string;
  etag: string;
  updated_at: number;
}

export interface TurnsTable {
  id: Immutable<string>;
  conversation_id: Immutable<string>;
  inbox_id: Immutable<number>;
  outcome: Immutable<string>;
  reason: Immutable<string | null>;
  commands_json: Immutable<string>;
  /** Ids of the knowledge items cited. */
  citations_json: Immutable<string>;
  confidence: Immutable<number | null>;
  /** Milliseconds per step. */
  timings_json: Immutable<string>;
  created_at: Immutable<number>;
}

export interface RemindersTable {
  conversation_id: Immutable<string>;
  kind: 'remind' | 'end';
  due_at: number;
}

export interface DemandsTable {
  id: Generated<number>;
  conversation_id: Immutable<string>;
  inbox_id: Immutable<number>;
  type: Immutable<string>;
  domain: Immutable<string>;
  /** Name of the department it belongs to. */
  department: Immutable<string | null>;
  /** 0..1 */
  confidence: Immutable<number>;
  created_at: Immutable<number>;
}

export interface UploadsTable {
  id: Immutable<string>;
  conversation_id: Immutable<string>;
  name: Immutable<string>;
  content_type: Immutable<string>;
  size: Immutable<number>;
  sha256: Immutable<string>;
  created_at: Immutable<number>;
}

export interface ConversationNotesTable {
  id: Generated<number>;
  conversation_id: Immutable<string>;
  staff_name: Immutable<string>;
  text: Immutable<string>;
  created_at: Immutable<number>;
}

export interface ConversationsTables {
  conversations: ConversationsTable;
  activities: ActivitiesTable;
  inbox: InboxTable;
  outbox: OutboxTable;
  bot_state: BotStateTable;
  turns: TurnsTable;
  reminders: RemindersTable;
  demands: DemandsTable;
  conversation_notes: ConversationNotesTable;
  uploads: UploadsTable;
}
