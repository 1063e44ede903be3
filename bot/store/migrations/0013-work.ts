/** Departments that help with a work order, cases for evaluations made by editors, and evaluations that run by themselves. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

export async function work<T>(db: Kysely<T>, { text, int, serial }: ColumnTypes): Promise<void> {
  await sql`alter table work_orders add column co_departments ${text} not null default ''`.execute(db);
  await sql`create table evaluation_cases (
    id ${serial}, pack ${text} not null, question ${text} not null, item_ids_json ${text} not null, author ${text} not null,
    created_at ${int} not null, unique (pack, question)
  )`.execute(db);
  await sql`create table evaluation_runs (
    period ${text} primary key, status ${text} not null check (status in ('running', 'done', 'failed')), started_at ${int} not null,
    finished_at ${int}, folder ${text}, metrics_json ${text} not null, error ${text}
  )`.execute(db);
}
