/** Conversation patterns and demand: who is to be reminded when, and what each conversation turned out to be about. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

export async function patterns<T>(db: Kysely<T>, { text, int, real, serial }: ColumnTypes): Promise<void> {
  await sql`create table reminders (
    conversation_id ${text} primary key references conversations (id),
    kind ${text} not null check (kind in ('remind', 'end')), due_at ${int} not null
  )`.execute(db);
  await sql`create index reminders_due on reminders (due_at)`.execute(db);
  await sql`create table demands (
    id ${serial}, conversation_id ${text} not null references conversations (id), inbox_id ${int} not null,
    type ${text} not null check (type in ('consult', 'help', 'complaint', 'report', 'suggestion', 'online_guidance')),
    domain ${text} not null, department ${text}, confidence ${real} not null, created_at ${int} not null
  )`.execute(db);
  await sql`create index demands_of_conversation on demands (conversation_id, id)`.execute(db);
  await sql`create index demands_by_time on demands (created_at)`.execute(db);
}
