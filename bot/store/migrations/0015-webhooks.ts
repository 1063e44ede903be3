/** Webhooks: who is told of demands, orders, follow-ups and ratings, and what still has to be delivered. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

export async function webhooks<T>(db: Kysely<T>, { text, int, serial }: ColumnTypes): Promise<void> {
  await sql`create table webhooks (
    id ${text} primary key, url ${text} not null, kinds ${text} not null, department ${text},
    fields ${text} not null check (fields in ('basic', 'matter')), secrets_json ${text} not null,
    state ${text} not null check (state in ('on', 'off')), note ${text}, created_by ${text} not null, created_at ${int} not null
  )`.execute(db);
  await sql`create table webhook_deliveries (
    id ${serial}, webhook_id ${text} not null, event_id ${text} not null, type ${text} not null, subject ${text} not null,
    conversation_id ${text}, order_id ${text}, status ${text} not null check (status in ('pending', 'sent', 'dead')),
    attempts ${int} not null, next_at ${int} not null, body_json ${text} not null, code ${int}, error ${text},
    created_at ${int} not null, done_at ${int}, unique (webhook_id, event_id)
  )`.execute(db);
  await sql`create index webhook_deliveries_due on webhook_deliveries (next_at) where status = 'pending'`.execute(db);
  await sql`create index webhook_deliveries_in_order on webhook_deliveries (webhook_id, subject, id) where status = 'pending'`.execute(db);
  await sql`create index webhook_deliveries_by_age on webhook_deliveries (done_at)`.execute(db);
  await sql`create index webhook_deliveries_of_conversation on webhook_deliveries (conversation_id)`.execute(db);
  await sql`create index webhook_deliveries_of_order on webhook_deliveries (order_id)`.execute(db);
}
