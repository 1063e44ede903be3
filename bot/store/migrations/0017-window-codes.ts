/** Codes that carry an errand from the chat to a window, with what was collected. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

export async function windowCodes<T>(db: Kysely<T>, { text, int }: ColumnTypes): Promise<void> {
  await sql`create table window_codes (
    code ${text} primary key, conversation_id ${text} not null, case_json ${text} not null, issued_at ${int} not null,
    expires_at ${int} not null, opened_at ${int}, opened_by ${text}
  )`.execute(db);
  await sql`create unique index window_codes_of_conversation on window_codes (conversation_id)`.execute(db);
}
