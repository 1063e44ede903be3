/** WeChat: the phone a citizen may also be told by, how they were told that something waits, and the login of a puppet. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

export async function wechatWays<T>(db: Kysely<T>, { text, int }: ColumnTypes): Promise<void> {
  await sql`alter table wechat_citizens add column phone ${text}`.execute(db);
  await sql`alter table wechat_deliveries add column told ${text} check (told in ('template', 'subscribe', 'sms'))`.execute(db);
  await sql`create index wechat_deliveries_by_time on wechat_deliveries (updated_at)`.execute(db);
  await sql`create table wechaty_logins (
    account ${text} primary key, state ${text} not null check (state in ('starting', 'scan', 'online', 'offline')),
    qrcode ${text}, image ${text}, updated_at ${int} not null
  )`.execute(db);
}
