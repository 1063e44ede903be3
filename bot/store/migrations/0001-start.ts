/** First schema: conversations and their log, inbox, outbox, bot state, turns, knowledge, ratings, handoffs, staff, uploads, settings. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Creates every table of tables.ts with its keys, and an index for every query of the store. */
export async function start<T>(db: Kysely<T>, types: ColumnTypes): Promise<void> {
  await createConversationTables(db, types);
  await createQueueTables(db, types);
  await createTurnTables(db, types);
  await createPeopleTables(db, types);
  await createKnowledgeTables(db, types);
}

async function createConversationTables<T>(db: Kysely<T>, { text, int }: ColumnTypes): Promise<void> {
  await sql`create table conversations (
    id ${text} primary key, channel ${text} not null, user_id ${text} not null, locale ${text} not null,
    mode ${text} not null check (mode in ('bot', 'waiting', 'agent', 'ended')),
    last_seq ${int} not null, profile_json ${text} not null, created_at ${int} not null, updated_at ${int} not null
  )`.execute(db);
  await sql`create table activities (
    conversation_id ${text} not null references conversations (id), seq ${int} not null, id ${text} not null unique,
    type ${text} not null, from_role ${text} not null, body_json ${text} not null, created_at ${int} not null,
    primary key (conversation_id, seq)
  )`.execute(db);
}

async function createQueueTables<T>(db: Kysely<T>, { text, int, serial }: ColumnTypes): Promise<void> {
  await sql`create table inbox (
    id ${serial}, channel ${text} not null, message_id ${text} not null,
    conversation_id ${text} not null, activity_id ${text} not null, seq ${int} not null,
    status ${text} not null check (status in ('pending', 'done', 'failed')),
    attempts ${int} not null, error ${text}, received_at ${int} not null, done_at ${int},
    unique (channel, message_id),
    foreign key (conversation_id, seq) references activities (conversation_id, seq)
  )`.execute(db);
  await sql`create index inbox_pending on inbox (conversation_id, id) where status = 'pending'`.execute(db);
  await sql`create table outbox (
    id ${serial}, channel ${text} not null, conversation_id ${text} not null, activity_id ${text} not null unique, seq ${int} not null,
    status ${text} not null check (status in ('pending', 'sent', 'failed')),
    attempts ${int} not null, next_at ${int} not null, error ${text}, created_at ${int} not null, sent_at ${int},
    foreign key (conversation_id, seq) references activities (conversation_id, seq)
  )`.execute(db);
  await sql`create unique index outbox_pending on outbox (conversation_id, seq) where status = 'pending'`.execute(db);
  await sql`create index outbox_due on outbox (id) where status = 'pending'`.execute(db);
}

async function createTurnTables<T>(db: Kysely<T>, { text, int, real }: ColumnTypes): Promise<void> {
  await sql`create table bot_state (
    key ${text} primary key, value_json ${text} not null, etag ${text} not null, updated_at ${int} not null
  )`.execute(db);
  // No foreign key on inbox_id: the inbox may be pruned while its turns stay for the analysts.
  await sql`create table turns (
    id ${text} primary key, conversation_id ${text} not null references conversations (id), inbox_id ${int} not null,
    outcome ${text} not null, reason ${text}, commands_json ${text} not null, citations_json ${text} not null,
    confidence ${real}, timings_json ${text} not null, created_at ${int} not null
  )`.execute(db);
  await sql`create index turns_of_conversation on turns (conversation_id, created_at)`.execute(db);
  await sql`create table uploads (
    id ${text} primary key, conversation_id ${text} not null references conversations (id), name ${text} not null,
    content_type ${text} not null, size ${int} not null, sha256 ${text} not null, created_at ${int} not null
  )`.execute(db);
  await sql`create index uploads_of_conversation on uploads (conversation_id)`.execute(db);
}

async function createPeopleTables<T>(db: Kysely<T>, { text, int }: ColumnTypes): Promise<void> {
  await sql`create table ratings (
    conversation_id ${text} primary key references conversations (id), score ${int} not null check (score between 1 and 5),
    tags_json ${text} not null, comment ${text}, channel ${text} not null, created_at ${int} not null
  )`.execute(db);
  await sql`create index ratings_by_time on ratings (created_at)`.execute(db);
  await sql`create table handoffs (
    id ${text} primary key, conversation_id ${text} not null references conversations (id),
    status ${text} not null check (status in ('waiting', 'active', 'released', 'closed')),
    reason ${text} not null, skill ${text} not null, urgency ${text} not null check (urgency in ('urgent', 'sub_urgent', 'general')),
    summary ${text} not null, agent ${text}, note ${text}, wrap_up ${text},
    waiting_since ${int} not null, claimed_at ${int}, closed_at ${int}
  )`.execute(db);
  await sql`create unique index handoffs_open on handoffs (conversation_id) where status in ('waiting', 'active')`.execute(db);
  await sql`create index handoffs_waiting on handoffs (waiting_since) where status = 'waiting'`.execute(db);
  await sql`create index handoffs_active on handoffs (agent) where status = 'active'`.execute(db);
  await sql`create table staff (
    name ${text} primary key, role ${text} not null check (role in ('agent', 'editor', 'analyst', 'admin')),
    password_hash ${text} not null, created_at ${int} not null
  )`.execute(db);
  await sql`create table sessions (
    token_hash ${text} primary key, staff_name ${text} not null references staff (name) on delete cascade,
    expires_at ${int} not null, last_seen_at ${int} not null, created_at ${int} not null
  )`.execute(db);
  await sql`create index sessions_of_staff on sessions (staff_name)`.execute(db);
  await sql`create index sessions_by_expiry on sessions (expires_at)`.execute(db);
  await sql`create index sessions_by_last_seen on sessions (last_seen_at)`.execute(db);
}

async function createKnowledgeTables<T>(db: Kysely<T>, { text, int }: ColumnTypes): Promise<void> {
  await sql`create table knowledge_items (
    pack ${text} not null, id ${text} not null, kind ${text} not null, title ${text} not null, body_json ${text} not null,
    digest ${text} not null, version ${int} not null,
    status ${text} not null check (status in ('draft', 'reviewed', 'published', 'expired')), updated_at ${int} not null,
    primary key (pack, id)
  )`.execute(db);
  await sql`create index knowledge_by_status on knowledge_items (status)`.execute(db);
  await sql`create table settings (key ${text} primary key, value ${text} not null)`.execute(db);
}
