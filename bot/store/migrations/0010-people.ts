/** People: work orders with their history, who looked at what, follow-ups, skills of staff, changeable ratings with what they concern. */
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes, Engine } from './column-types.ts';

export async function people<T>(db: Kysely<T>, types: ColumnTypes, engine: Engine): Promise<void> {
  await allowSupervisors(db, types, engine);
  await createWorkOrders(db, types);
  await createStaffTables(db, types);
  await extendRatings(db, types);
}

async function createWorkOrders<T>(db: Kysely<T>, { text, int }: ColumnTypes): Promise<void> {
  await sql`create table work_orders (
    id ${text} primary key, number ${text} not null unique, kind ${text} not null, state ${text} not null, demand_type ${text} not null,
    urgency ${text} not null check (urgency in ('urgent', 'sub_urgent', 'general')), department ${text}, handler ${text},
    citizen_key ${text}, conversation_id ${text} references conversations (id), channel ${text}, title ${text} not null,
    received_at ${int} not null, due_at ${int} not null, next_check_at ${int}, overdue_at ${int}, supervised ${int} not null,
    closed_at ${int}, updated_at ${int} not null, version ${int} not null, order_json ${text} not null,
    proof_failures ${int} not null, proof_locked_until ${int} not null
  )`.execute(db);
  await sql`create index work_orders_to_check on work_orders (next_check_at) where next_check_at is not null`.execute(db);
  await sql`create index work_orders_of_department on work_orders (department, state)`.execute(db);
  await sql`create index work_orders_by_time on work_orders (received_at)`.execute(db);
  await sql`create index work_orders_of_citizen on work_orders (citizen_key, received_at)`.execute(db);
  await sql`create index work_orders_of_conversation on work_orders (conversation_id)`.execute(db);
  await sql`create table work_order_events (
    order_id ${text} not null references work_orders (id), seq ${int} not null, action ${text} not null, actor_kind ${text} not null,
    actor_name ${text} not null, at ${int} not null, note ${text}, data_json ${text} not null, primary key (order_id, seq)
  )`.execute(db);
  await sql`create table work_order_counters (year ${int} primary key, last ${int} not null)`.execute(db);
  await sql`create table work_order_follow_ups (
    order_id ${text} not null references work_orders (id), round ${int} not null, conversation_id ${text} not null, channel ${text} not null,
    status ${text} not null check (status in ('planned', 'sent', 'answered', 'silent', 'refused')),
    send_at ${int} not null, due_at ${int} not null, sent_at ${int}, answered_at ${int}, answer ${text}, verdict ${text},
    primary key (order_id, round)
  )`.execute(db);
  await sql`create index follow_ups_due on work_order_follow_ups (send_at) where status in ('planned', 'sent')`.execute(db);
  await sql`create index follow_ups_of_conversation on work_order_follow_ups (conversation_id) where status = 'sent'`.execute(db);
}

async function createStaffTables<T>(db: Kysely<T>, { text, int, serial }: ColumnTypes): Promise<void> {
  await sql`create table staff_access (
    id ${serial}, staff ${text} not null, action ${text} not null, kind ${text} not null, target ${text} not null, at ${int} not null
  )`.execute(db);
  await sql`create index staff_access_of_target on staff_access (kind, target, id)`.execute(db);
  await sql`create index staff_access_of_staff on staff_access (staff, id)`.execute(db);
  await sql`create table staff_profiles (
    name ${text} primary key references staff (name) on delete cascade, skills_json ${text} not null, languages_json ${text} not null,
    department ${text}, presence ${text} not null check (presence in ('manual', 'auto', 'away')), capacity ${int} not null,
    last_assigned_at ${int} not null, updated_at ${int} not null
  )`.execute(db);
  await sql`alter table handoffs add column language ${text} not null default 'zh'`.execute(db);
  await sql`alter table handoffs add column requeued_at ${int}`.execute(db);
  await sql`create index handoffs_claimed on handoffs (skill, claimed_at)`.execute(db);
}

async function extendRatings<T>(db: Kysely<T>, { text, int }: ColumnTypes): Promise<void> {
  await sql`alter table ratings add column changed_at ${int}`.execute(db);
  await sql`create table rating_facets (
    conversation_id ${text} not null references conversations (id), facet ${text} not null, value ${text} not null,
    primary key (facet, value, conversation_id)
  )`.execute(db);
  await sql`create index rating_facets_of_conversation on rating_facets (conversation_id)`.execute(db);
  await sql`create table rating_refusals (
    conversation_id ${text} primary key references conversations (id), at ${int} not null
  )`.execute(db);
}

/** SQLite can't change a check, so its two tables are made anew and their rows carried over. */
async function allowSupervisors<T>(db: Kysely<T>, { text, int }: ColumnTypes, engine: Engine): Promise<void> {
  const roles = sql`role in ('agent', 'editor', 'analyst', 'supervisor', 'admin')`;
  if (engine === 'postgres') {
    await sql`alter table staff drop constraint staff_role_check`.execute(db);
    await sql`alter table staff add constraint staff_role_check check (${roles})`.execute(db);
    return;
  }
  await sql`create table sessions_kept as select * from sessions`.execute(db);
  await sql`drop table sessions`.execute(db);
  await sql`create table staff_new (
    name ${text} primary key, role ${text} not null check (${roles}), password_hash ${text} not null, created_at ${int} not null
  )`.execute(db);
  await sql`insert into staff_new select name, role, password_hash, created_at from staff`.execute(db);
  await sql`drop table staff`.execute(db);
  await sql`alter table staff_new rename to staff`.execute(db);
  await sql`create table sessions (
    token_hash ${text} primary key, staff_name ${text} not null references staff (name) on delete cascade,
    expires_at ${int} not null, last_seen_at ${int} not null, created_at ${int} not null
  )`.execute(db);
  await sql`insert into sessions select token_hash, staff_name, expires_at, last_seen_at, created_at from sessions_kept`.execute(db);
  await sql`drop table sessions_kept`.execute(db);
  await sql`create index sessions_of_staff on sessions (staff_name)`.execute(db);
  await sql`create index sessions_by_expiry on sessions (expires_at)`.execute(db);
  await sql`create index sessions_by_last_seen on sessions (last_seen_at)`.execute(db);
}
