/** Notes of staff on a conversation: never seen by the citizen. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

export async function conversationNotes<T>(db: Kysely<T>, { text, int, serial }: ColumnTypes): Promise<void> {
  await sql`create table conversation_notes (
    id ${serial}, conversation_id ${text} not null references conversations (id), staff_name ${text} not null,
    text ${text} not null, created_at ${int} not null
  )`.execute(db);
  await sql`create index conversation_notes_of_conversation on conversation_notes (conversation_id, id)`.execute(db);
}
