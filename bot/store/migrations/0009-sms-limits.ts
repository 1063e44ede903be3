/** SMS: one rate for all processes, messages that are due later, pushes to be worked on, and an index to find old messages by. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

export async function smsLimits<T>(db: Kysely<T>, { text, int, serial }: ColumnTypes): Promise<void> {
  await sql`create table sms_rate (name ${text} primary key, taken_json ${text} not null, slow_until ${int} not null)`.execute(db);
  await sql`alter table sms_messages add column due_at ${int} not null default 0`.execute(db);
  await sql`create table sms_pushes (
    id ${serial}, sender ${text} not null, item_json ${text} not null, attempts ${int} not null, next_at ${int} not null, received_at ${int} not null
  )`.execute(db);
  await sql`create index sms_pushes_of_sender on sms_pushes (sender, id)`.execute(db);
  await sql`create index sms_messages_by_age on sms_messages (created_at)`.execute(db);
}
