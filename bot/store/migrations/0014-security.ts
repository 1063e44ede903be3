/** Security: shared limits, identities from single sign-on, kill switches with their history, requests about personal data and holds. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

export async function security<T>(db: Kysely<T>, { text, int, serial }: ColumnTypes): Promise<void> {
  await sql`create table rate_limits (key ${text} primary key, used ${int} not null, until ${int} not null)`.execute(db);
  await sql`create index rate_limits_by_end on rate_limits (until)`.execute(db);
  await sql`create table staff_identities (
    issuer ${text} not null, subject ${text} not null, staff_name ${text} not null references staff (name) on delete cascade,
    created_at ${int} not null, primary key (issuer, subject)
  )`.execute(db);
  await sql`create table switch_events (
    id ${serial}, name ${text} not null, state ${text} not null check (state in ('on', 'off')), reason ${text} not null,
    actor ${text} not null, at ${int} not null
  )`.execute(db);
  await sql`create index switch_events_of_name on switch_events (name, id)`.execute(db);
  await sql`create table privacy_requests (
    id ${text} primary key, kind ${text} not null check (kind in ('export', 'delete')), subject ${text} not null,
    channel ${text} not null, actor ${text} not null, asked_at ${int} not null, done_at ${int}, counts_json ${text}
  )`.execute(db);
  await sql`create table privacy_holds (
    conversation_id ${text} primary key references conversations (id), reason ${text} not null, actor ${text} not null, at ${int} not null
  )`.execute(db);
}
