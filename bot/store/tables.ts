/** Every table, typed once for both engines. Times are epoch milliseconds, `*_json` columns hold JSON text. */
import type { ColumnType, Generated } from 'kysely';

type Immutable<T> = ColumnType<T, T, never>;

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
export interface RatingsTable {
  conversation_id: Immutable<string>;
  score: number;
  tags_json: string;
  comment: string | null;
  channel: string;
  created_at: Immutable<number>;
}
export interface HandoffsTable {
  id: Immutable<string>;
  conversation_id: Immutable<string>;
  status: 'waiting' | 'active' | 'released' | 'closed';
  reason: string;
  skill: string;
  urgency: 'urgent' | 'sub_urgent' | 'general';
  summary: string;
  /** Name of the agent who has it. */
  agent: string | null;
  note: string | null;
  wrap_up: string | null;
  waiting_since: number;
  claimed_at: number | null;
  closed_at: number | null;
}
export interface StaffTable {
  name: Immutable<string>;
  role: 'agent' | 'editor' | 'analyst' | 'admin';
  password_hash: string;
  created_at: Immutable<number>;
}
export interface SessionsTable {
  /** sha256 of the cookie value: a stolen database opens no session. */
  token_hash: Immutable<string>;
  staff_name: Immutable<string>;
  expires_at: number;
  last_seen_at: number;
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
export interface SettingsTable {
  key: Immutable<string>;
  value: string;
}

export interface Tables {
  conversations: ConversationsTable;
  activities: ActivitiesTable;
  inbox: InboxTable;
  outbox: OutboxTable;
  bot_state: BotStateTable;
  turns: TurnsTable;
  knowledge_versions: KnowledgeVersionsTable;
  knowledge_events: KnowledgeEventsTable;
  ratings: RatingsTable;
  handoffs: HandoffsTable;
  staff: StaffTable;
  sessions: SessionsTable;
  uploads: UploadsTable;
  settings: SettingsTable;
}
