/** SMS: sessions by number, what a number allows, messages to be sent and what became of them, parts of long messages, full texts. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

export async function sms<T>(db: Kysely<T>, { text, int, serial }: ColumnTypes): Promise<void> {
  await sql`create table sms_sessions (
    phone ${text} not null, port ${text} not null, conversation_id ${text} not null references conversations (id),
    generation ${int} not null, locale ${text} not null, last_in_at ${int} not null, ended_at ${int}, rating_asked_at ${int},
    primary key (phone, port)
  )`.execute(db);
  await sql`create index sms_sessions_of_conversation on sms_sessions (conversation_id)`.execute(db);
  await sql`create index sms_sessions_open on sms_sessions (last_in_at) where ended_at is null`.execute(db);
  await sql`create table sms_numbers (
    phone ${text} primary key, opted_out_at ${int}, consent_at ${int}, consent_source ${text}, updated_at ${int} not null
  )`.execute(db);
  await sql`create table sms_messages (
    id ${serial}, key ${text} not null unique, phone ${text} not null, port ${text} not null, conversation_id ${text},
    class ${text} not null check (class in ('reply', 'notice')), draft_json ${text} not null, menu_json ${text}, rest_json ${text},
    segments ${int} not null,
    status ${text} not null check (status in ('pending', 'sending', 'uncertain', 'accepted', 'sent', 'delivered', 'failed', 'suppressed')),
    provider ${text}, progress_json ${text}, code ${text}, attempts ${int} not null, next_at ${int} not null, expires_at ${int} not null,
    created_at ${int} not null, accepted_at ${int}, done_at ${int}
  )`.execute(db);
  await sql`create index sms_messages_due on sms_messages (next_at) where status in ('pending', 'sending', 'uncertain')`.execute(db);
  await sql`create index sms_messages_open on sms_messages (phone, id) where status in ('pending', 'sending', 'uncertain')`.execute(db);
  await sql`create index sms_messages_of_phone on sms_messages (phone, port, id)`.execute(db);
  await sql`create index sms_messages_accepted on sms_messages (accepted_at)`.execute(db);
  await sql`create table sms_receipts (
    provider ${text} not null, provider_id ${text} not null, message_id ${int}, state ${text} not null, code ${text},
    at ${int} not null, primary key (provider, provider_id)
  )`.execute(db);
  await sql`create index sms_receipts_of_message on sms_receipts (message_id)`.execute(db);
  await sql`create table sms_parts (
    group_key ${text} not null, number ${int} not null, total ${int} not null, body_hex ${text} not null, fmt ${int} not null,
    message_id ${text} not null, received_at ${int} not null, primary key (group_key, number)
  )`.execute(db);
  await sql`create table sms_part_groups (
    group_key ${text} primary key, state ${text} not null check (state in ('open', 'done', 'expired')), started_at ${int} not null
  )`.execute(db);
  await sql`create table sms_pages (
    code ${text} primary key, message_key ${text} not null unique, phone ${text} not null, body_json ${text} not null,
    created_at ${int} not null, expires_at ${int} not null
  )`.execute(db);
  await sql`create index sms_pages_by_expiry on sms_pages (expires_at)`.execute(db);
}
