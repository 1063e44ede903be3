/** The desk: who stays responsible while a conversation is passed on, what staff are told, canned replies, drafts, names citizens see. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

export async function desk<T>(db: Kysely<T>, { text, int, real, serial }: ColumnTypes): Promise<void> {
  await sql`alter table handoffs add column first_owner ${text}`.execute(db);
  await sql`alter table handoffs add column passed_by ${text}`.execute(db);
  await sql`alter table handoffs add column passed_at ${int}`.execute(db);
  await sql`alter table handoffs add column offered_to ${text}`.execute(db);
  await sql`alter table handoffs add column taken_from ${text}`.execute(db);
  await sql`update handoffs set first_owner = agent`.execute(db);
  await sql`create index handoffs_passed_on on handoffs (passed_at) where status in ('waiting', 'active') and passed_at is not null`.execute(
    db,
  );
  await sql`create index handoffs_of_conversation on handoffs (conversation_id, waiting_since)`.execute(db);
  await sql`create index conversations_of_user on conversations (user_id, channel)`.execute(db);
  await sql`create table staff_notices (
    id ${serial}, staff ${text} not null references staff (name) on delete cascade, kind ${text} not null, conversation_id ${text} not null,
    text ${text} not null, created_at ${int} not null, seen_at ${int}
  )`.execute(db);
  await sql`create index staff_notices_unseen on staff_notices (staff, id) where seen_at is null`.execute(db);
  await sql`create table canned_replies (
    id ${text} primary key, owner ${text} references staff (name) on delete cascade, title ${text} not null, body ${text} not null,
    shortcut ${text} not null, updated_by ${text} not null, updated_at ${int} not null
  )`.execute(db);
  await sql`create index canned_replies_of_owner on canned_replies (owner)`.execute(db);
  await sql`create table staff_names (
    name ${text} primary key references staff (name) on delete cascade, number ${int} not null unique, shown ${text}
  )`.execute(db);
  await sql`create table reply_drafts (
    activity_id ${text} primary key, conversation_id ${text} not null references conversations (id), staff ${text} not null,
    item_id ${text}, draft_length ${int} not null, sent_length ${int} not null, distance ${int} not null, similarity ${real} not null,
    created_at ${int} not null
  )`.execute(db);
  await sql`create index reply_drafts_by_time on reply_drafts (created_at)`.execute(db);
}
