/** Every table, typed once for both engines. Times are epoch milliseconds, `*_json` columns hold JSON text. */
import type { ColumnType, Generated } from 'kysely';
import type { WebhooksTables } from './tables/webhooks.ts';

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
  /** The language the agent should speak: zh, en … */
  language: Generated<string>;
  /** Set when its agent was lost: it goes before all others of its urgency. */
  requeued_at: number | null;
  /** Who took it first. */
  first_owner: string | null;
  /** Who passes it on and stays responsible until somebody accepts, and since when. */
  passed_by: string | null;
  passed_at: number | null;
  /** The colleague it is offered to. */
  offered_to: string | null;
  /** Whom a supervisor took it from. */
  taken_from: string | null;
}
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
export type AccessKind = 'work_order' | 'conversation' | 'rating';
export interface StaffAccessTable {
  id: Generated<number>;
  staff: Immutable<string>;
  action: Immutable<string>;
  kind: Immutable<AccessKind>;
  target: Immutable<string>;
  at: Immutable<number>;
}
export interface StaffProfilesTable {
  name: Immutable<string>;
  skills_json: string;
  languages_json: string;
  /** Set for people of a department: they see its inbox only. */
  department: string | null;
  /** manual: takes from the queue · auto: gets conversations assigned · away. */
  presence: 'manual' | 'auto' | 'away';
  /** Conversations at once. */
  capacity: number;
  last_assigned_at: number;
  updated_at: number;
}
export interface StaffTable {
  name: Immutable<string>;
  role: 'agent' | 'editor' | 'analyst' | 'supervisor' | 'admin';
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

export interface WechatCitizensTable {
  /** accountKey of channels/wechat: `oa:<id>` or `mp:<id>`. */
  account: Immutable<string>;
  openid: Immutable<string>;
  union_id: string | null;
  /** E.164; they agreed to be told there when WeChat does not take a message. */
  phone: string | null;
  conversation_id: string;
  /** Customer-service messages that may still be sent, until `quota_until`. */
  quota_left: number;
  quota_until: number;
  last_seen_at: number;
  created_at: Immutable<number>;
}
export interface WechatPushesTable {
  account: Immutable<string>;
  push_key: Immutable<string>;
  /** How often the platform has delivered it. */
  deliveries: number;
  first_at: Immutable<number>;
}
export interface WechatDeliveriesTable {
  activity_id: Immutable<string>;
  conversation_id: Immutable<string>;
  seq: Immutable<number>;
  account: Immutable<string>;
  /** kept: waits for the citizen's next message. */
  state: 'queued' | 'sending' | 'sent' | 'kept' | 'failed';
  /** reply: in the response to a push · message: customer-service message · page: the mini-program's own chat page reads it. */
  route: 'reply' | 'message' | 'page' | 'follow-up' | null;
  /** Parts of a long message that were sent already. */
  part: number;
  attempts: number;
  /** The platform's error code of the last try. */
  code: number | null;
  error: string | null;
  /** The platform's id of a follow-up message: its outcome is reported later. */
  message_id: string | null;
  /** How the citizen was told that something waits. */
  told: 'template' | 'subscribe' | 'sms' | null;
  /** Until then the process that is sending has the row for itself. */
  lease_until: number;
  created_at: Immutable<number>;
  updated_at: number;
}
export interface WechatTokensTable {
  app_id: Immutable<string>;
  token: string;
  expires_at: number;
  /** Until then one process is fetching a new one. */
  refreshing_until: number;
}

export interface WechatyLoginsTable {
  account: Immutable<string>;
  state: 'starting' | 'scan' | 'online' | 'offline';
  /** What a QR code must carry while somebody has to scan it. */
  qrcode: string | null;
  /** The QR code as an SVG image, where it could be drawn. */
  image: string | null;
  updated_at: number;
}

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
export interface ConversationNotesTable {
  id: Generated<number>;
  conversation_id: Immutable<string>;
  staff_name: Immutable<string>;
  text: Immutable<string>;
  created_at: Immutable<number>;
}

export interface RateLimitsTable {
  /** sha256 of what is limited. */
  key: Immutable<string>;
  used: number;
  until: number;
}
export interface StaffIdentitiesTable {
  issuer: Immutable<string>;
  subject: Immutable<string>;
  staff_name: Immutable<string>;
  created_at: Immutable<number>;
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

export interface StaffNoticesTable {
  id: Generated<number>;
  staff: Immutable<string>;
  kind: Immutable<'offered' | 'returned' | 'taken_over' | 'whisper' | 'declined'>;
  conversation_id: Immutable<string>;
  text: Immutable<string>;
  created_at: Immutable<number>;
  seen_at: number | null;
}
export interface CannedRepliesTable {
  id: Immutable<string>;
  /** null: shared by everybody. */
  owner: Immutable<string | null>;
  title: string;
  body: string;
  /** Letters that find it; may be empty. */
  shortcut: string;
  updated_by: string;
  updated_at: number;
}
export interface StaffNamesTable {
  name: Immutable<string>;
  number: Immutable<number>;
  /** What citizens see; null: 人工客服 and the number. */
  shown: string | null;
}
export interface ReplyDraftsTable {
  activity_id: Immutable<string>;
  conversation_id: Immutable<string>;
  staff: Immutable<string>;
  /** The knowledge item the draft was made from. */
  item_id: Immutable<string | null>;
  /** Characters. */
  draft_length: Immutable<number>;
  sent_length: Immutable<number>;
  /** Characters inserted, removed or replaced between draft and message. */
  distance: Immutable<number>;
  /** 1 − distance ÷ the longer of the two. */
  similarity: Immutable<number>;
  created_at: Immutable<number>;
}

export interface Tables extends WebhooksTables {
  conversations: ConversationsTable;
  activities: ActivitiesTable;
  inbox: InboxTable;
  outbox: OutboxTable;
  bot_state: BotStateTable;
  turns: TurnsTable;
  knowledge_versions: KnowledgeVersionsTable;
  knowledge_events: KnowledgeEventsTable;
  ratings: RatingsTable;
  rating_facets: RatingFacetsTable;
  rating_refusals: RatingRefusalsTable;
  reminders: RemindersTable;
  demands: DemandsTable;
  handoffs: HandoffsTable;
  conversation_notes: ConversationNotesTable;
  staff_notices: StaffNoticesTable;
  canned_replies: CannedRepliesTable;
  staff_names: StaffNamesTable;
  reply_drafts: ReplyDraftsTable;
  evaluation_cases: EvaluationCasesTable;
  evaluation_runs: EvaluationRunsTable;
  work_orders: WorkOrdersTable;
  work_order_events: WorkOrderEventsTable;
  work_order_counters: WorkOrderCountersTable;
  work_order_follow_ups: WorkOrderFollowUpsTable;
  staff: StaffTable;
  staff_access: StaffAccessTable;
  staff_profiles: StaffProfilesTable;
  sessions: SessionsTable;
  uploads: UploadsTable;
  settings: SettingsTable;
  wechat_citizens: WechatCitizensTable;
  wechat_pushes: WechatPushesTable;
  wechat_deliveries: WechatDeliveriesTable;
  wechat_tokens: WechatTokensTable;
  wechaty_logins: WechatyLoginsTable;
  sms_sessions: SmsSessionsTable;
  sms_numbers: SmsNumbersTable;
  sms_messages: SmsMessagesTable;
  sms_pushes: SmsPushesTable;
  sms_rate: SmsRateTable;
  sms_receipts: SmsReceiptsTable;
  sms_parts: SmsPartsTable;
  sms_part_groups: SmsPartGroupsTable;
  sms_pages: SmsPagesTable;
  rate_limits: RateLimitsTable;
  staff_identities: StaffIdentitiesTable;
  switch_events: SwitchEventsTable;
  privacy_requests: PrivacyRequestsTable;
  privacy_holds: PrivacyHoldsTable;
}
