/** Evaluations of the service, what people measured for their indicators, and topics that were raised before anybody complained. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

export async function evaluations<T>(db: Kysely<T>, { text, int, real, serial }: ColumnTypes): Promise<void> {
  await sql`create table service_evaluations (
    id ${serial}, kind ${text} not null check (kind in ('self', 'satisfaction', 'third_party')), period ${text} not null,
    evaluator ${text} not null, result_json ${text} not null, created_by ${text} not null, created_at ${int} not null,
    published_by ${text}, published_at ${int}
  )`.execute(db);
  await sql`create table indicator_inputs (
    id ${serial}, period ${text} not null, leaf ${text} not null, hall ${text} not null, value ${real} not null, source ${text} not null,
    author ${text} not null, created_at ${int} not null
  )`.execute(db);
  await sql`create index indicator_inputs_by_period on indicator_inputs (period, leaf)`.execute(db);
  await sql`create table raised_topics (
    item ${text} not null, day ${text} not null, order_number ${text} not null, recent ${int} not null, usual ${real} not null,
    raised_at ${int} not null, primary key (item, day)
  )`.execute(db);
  // Figures are asked for by time; topics that rise are looked for every hour, while citizens wait for answers.
  await sql`create index turns_by_time on turns (created_at)`.execute(db);
}
