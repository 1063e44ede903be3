/** Tables: staff, what they hand to each other, and what they looked at. Times are epoch milliseconds, `*_json` columns hold JSON text. */
import type { Generated } from 'kysely';
import type { Immutable } from './immutable.ts';

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

export interface StaffIdentitiesTable {
  issuer: Immutable<string>;
  subject: Immutable<string>;
  staff_name: Immutable<string>;
  created_at: Immutable<number>;
}

export interface StaffNoticesTable {
  id: Generated<number>;
  staff: Immutable<string>;
  kind: Immutable<'offered' | 'returned' | 'taken_over' | 'whisper' | 'declined' | 'abuse'>;
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

export interface StaffTables {
  handoffs: HandoffsTable;
  staff_notices: StaffNoticesTable;
  canned_replies: CannedRepliesTable;
  staff_names: StaffNamesTable;
  reply_drafts: ReplyDraftsTable;
  staff: StaffTable;
  staff_access: StaffAccessTable;
  staff_profiles: StaffProfilesTable;
  sessions: SessionsTable;
  staff_identities: StaffIdentitiesTable;
}
