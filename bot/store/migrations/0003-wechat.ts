/** WeChat: who a citizen is at which account, what may still be sent to them, what was delivered, and access tokens. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

export async function wechat<T>(db: Kysely<T>, { text, int }: ColumnTypes): Promise<void> {
  await sql`create table wechat_citizens (
    account ${text} not null, openid ${text} not null, union_id ${text},
    conversation_id ${text} not null,
    quota_left ${int} not null, quota_until ${int} not null, last_seen_at ${int} not null, created_at ${int} not null,
    primary key (account, openid)
  )`.execute(db);
  await sql`create index wechat_citizens_of_union on wechat_citizens (union_id) where union_id is not null`.execute(db);
  await sql`create index wechat_citizens_of_conversation on wechat_citizens (conversation_id)`.execute(db);
  await sql`create table wechat_pushes (
    account ${text} not null, push_key ${text} not null, deliveries ${int} not null, first_at ${int} not null,
    primary key (account, push_key)
  )`.execute(db);
  await sql`create index wechat_pushes_by_age on wechat_pushes (first_at)`.execute(db);
  await sql`create table wechat_deliveries (
    activity_id ${text} primary key, conversation_id ${text} not null, seq ${int} not null, account ${text} not null,
    state ${text} not null check (state in ('queued', 'sending', 'sent', 'kept', 'failed')),
    route ${text} check (route in ('reply', 'message', 'page', 'follow-up')),
    part ${int} not null, attempts ${int} not null, code ${int}, error ${text}, message_id ${text},
    lease_until ${int} not null, created_at ${int} not null, updated_at ${int} not null,
    foreign key (conversation_id, seq) references activities (conversation_id, seq)
  )`.execute(db);
  await sql`create index wechat_deliveries_of_conversation on wechat_deliveries (conversation_id, seq)`.execute(db);
  await sql`create index wechat_deliveries_kept on wechat_deliveries (conversation_id, seq) where state = 'kept'`.execute(db);
  await sql`create index wechat_deliveries_failed on wechat_deliveries (updated_at) where state = 'failed'`.execute(db);
  await sql`create index wechat_deliveries_of_message on wechat_deliveries (message_id) where message_id is not null`.execute(db);
  await sql`create table wechat_tokens (
    app_id ${text} primary key, token ${text} not null, expires_at ${int} not null, refreshing_until ${int} not null
  )`.execute(db);
}
