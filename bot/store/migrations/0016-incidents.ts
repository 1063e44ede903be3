/** Incidents: what was out of order, since when, until when it must be settled, and how it ended. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

export async function incidents<T>(db: Kysely<T>, { text, int, serial }: ColumnTypes): Promise<void> {
  await sql`create table incidents (
    id ${serial}, kind ${text} not null, detail ${text} not null, begun_at ${int} not null, seen_at ${int} not null,
    due_at ${int} not null, ended_at ${int}, ended_by ${text}, cause ${text}, noted_by ${text}
  )`.execute(db);
  await sql`create unique index incidents_open on incidents (kind) where ended_at is null`.execute(db);
  await sql`create index incidents_by_time on incidents (begun_at)`.execute(db);
}
