/** Knowledge gets a life: every version of every item is kept, with what happened to it, by whom and when. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Creates the versions and their events, and carries over what the one table held so far as each item's first kept version. */
export async function knowledgeLife<T>(db: Kysely<T>, { text, int, serial }: ColumnTypes): Promise<void> {
  await sql`create table knowledge_versions (
    pack ${text} not null, id ${text} not null, version ${int} not null,
    status ${text} not null check (status in ('draft', 'reviewed', 'published', 'expired', 'replaced', 'removed')),
    kind ${text} not null, title ${text} not null, body_json ${text} not null, digest ${text} not null, valid_to ${text}, author ${text},
    created_at ${int} not null, updated_at ${int} not null, published_at ${int},
    primary key (pack, id, version)
  )`.execute(db);
  await sql`create table knowledge_events (
    seq ${serial}, pack ${text} not null, id ${text} not null, version ${int} not null,
    action ${text} not null, actor ${text}, note ${text}, at ${int} not null,
    foreign key (pack, id, version) references knowledge_versions (pack, id, version)
  )`.execute(db);
  await sql`create index knowledge_events_of_version on knowledge_events (pack, id, version)`.execute(db);
  await sql`insert into knowledge_versions
    (pack, id, version, status, kind, title, body_json, digest, created_at, updated_at, published_at)
    select pack, id, version, status, kind, title, body_json, digest, updated_at, updated_at,
      case when status in ('published', 'expired') then updated_at end
    from knowledge_items`.execute(db);
  await sql`insert into knowledge_events (pack, id, version, action, at)
    select pack, id, version, 'import', updated_at from knowledge_items order by pack, id`.execute(db);
  await sql`drop table knowledge_items`.execute(db);
  await fillValidTo(db);
  await sql`create index knowledge_by_status on knowledge_versions (status, pack, id)`.execute(db);
  // At most one version of an item is served, and at most one is being worked on.
  await sql`create unique index knowledge_published on knowledge_versions (pack, id) where status = 'published'`.execute(db);
  await sql`create unique index knowledge_open on knowledge_versions (pack, id) where status in ('draft', 'reviewed')`.execute(db);
  await sql`create unique index knowledge_expired on knowledge_versions (pack, id) where status = 'expired'`.execute(db);
}

/** In code, because reading JSON is spelt differently in each engine. */
async function fillValidTo<T>(db: Kysely<T>): Promise<void> {
  const { rows } = await sql<{ pack: string; id: string; body_json: string }>`
    select pack, id, body_json from knowledge_versions where body_json like '%"validTo":%'`.execute(db);
  for (const { pack, id, body_json } of rows) {
    const { validTo } = JSON.parse(body_json) as { validTo?: unknown };
    if (typeof validTo === 'string')
      await sql`update knowledge_versions set valid_to = ${validTo} where pack = ${pack} and id = ${id}`.execute(db);
  }
}
