/** Work orders as rows: one per order for finding it, one per event, which is never changed. */
import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db } from './database.ts';
import type { WorkOrderEventsTable, WorkOrdersTable } from './tables.ts';

export type WorkOrderRow = Omit<Selectable<WorkOrdersTable>, 'proof_failures' | 'proof_locked_until'>;
export type WorkOrderEventRow = Selectable<WorkOrderEventsTable>;

/** The next serial number of a year, from 1. Never given twice; one whose transaction is rolled back is given again. */
export async function nextWorkOrderSerial(tx: Db, year: number): Promise<number> {
  const row = await tx
    .insertInto('work_order_counters')
    .values({ year, last: 1 })
    .onConflict((conflict) => conflict.column('year').doUpdateSet((eb) => ({ last: eb('work_order_counters.last', '+', 1) })))
    .returning('last')
    .executeTakeFirstOrThrow();
  return Number(row.last);
}

/** Stores a new order and its first event. Errors: an id or number that exists. */
export async function insertWorkOrder(tx: Db, row: Insertable<WorkOrdersTable>, event: WorkOrderEventRow): Promise<void> {
  await tx.insertInto('work_orders').values(row).execute();
  await tx.insertInto('work_order_events').values(event).execute();
}

/** Stores an order's next event with what it made of the order; false when somebody else's event came first (nothing is stored then). */
export async function appendWorkOrderEvent(tx: Db, row: WorkOrderRow, event: WorkOrderEventRow): Promise<boolean> {
  const { id, number: _number, kind: _kind, received_at: _receivedAt, ...changes } = row;
  const updated = await tx
    .updateTable('work_orders')
    .set(changes)
    .where('id', '=', id)
    .where('version', '=', event.seq - 1)
    .executeTakeFirst();
  if (updated.numUpdatedRows === 0n) return false;
  await tx.insertInto('work_order_events').values(event).execute();
  return true;
}

/** The order with this id or number. */
export async function findWorkOrderRow(db: Db, key: { id: string } | { number: string }): Promise<{ order_json: string } | undefined> {
  const query = db.selectFrom('work_orders').select('order_json');
  return 'id' in key ? query.where('id', '=', key.id).executeTakeFirst() : query.where('number', '=', key.number).executeTakeFirst();
}

/** The histories of some orders, each oldest first. */
export async function workOrderEventRows(db: Db, orderIds: readonly string[]): Promise<WorkOrderEventRow[]> {
  if (orderIds.length === 0) return [];
  return db.selectFrom('work_order_events').selectAll().where('order_id', 'in', orderIds).orderBy('order_id').orderBy('seq').execute();
}

export interface WorkOrderFilter {
  readonly states?: readonly string[] | undefined;
  readonly kinds?: readonly string[] | undefined;
  /** It leads, or helps. */
  readonly department?: string | undefined;
  readonly handler?: string | undefined;
  readonly urgency?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly citizenKey?: string | undefined;
  readonly receivedSince?: number | undefined;
  /** Only those whose limit is over: the moment that counts as now. */
  readonly overdueAt?: number | undefined;
  /** Part of the title, or the whole number. */
  readonly text?: string | undefined;
}
export interface WorkOrderPage {
  readonly sort: 'due' | 'newest';
  readonly limit: number;
  /** Where the last page ended. */
  readonly after?: { readonly value: number; readonly id: string } | undefined;
}

/** Orders that fit, one page of them. */
export async function listWorkOrderRows(db: Db, filter: WorkOrderFilter, page: WorkOrderPage): Promise<{ order_json: string }[]> {
  let query = db.selectFrom('work_orders').select('order_json');
  if (filter.states) query = query.where('state', 'in', filter.states);
  if (filter.kinds) query = query.where('kind', 'in', filter.kinds);
  if (filter.department !== undefined) {
    const { department } = filter;
    query = query.where((eb) =>
      eb.or([eb('department', '=', department), eb('co_departments', 'like', `%|${department.replace(/[%_]/g, '')}|%`)]),
    );
  }
  if (filter.handler !== undefined) query = query.where('handler', '=', filter.handler);
  if (filter.urgency !== undefined) query = query.where('urgency', '=', filter.urgency as WorkOrderRow['urgency']);
  if (filter.conversationId !== undefined) query = query.where('conversation_id', '=', filter.conversationId);
  if (filter.citizenKey !== undefined) query = query.where('citizen_key', '=', filter.citizenKey);
  if (filter.receivedSince !== undefined) query = query.where('received_at', '>=', filter.receivedSince);
  if (filter.overdueAt !== undefined) {
    query = query.where('due_at', '<', filter.overdueAt).where('state', 'in', ['received', 'dispatched', 'handled']);
  }
  if (filter.text !== undefined) {
    const { text } = filter;
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    query = query.where((eb) => eb.or([eb('number', '=', text.toUpperCase()), sql<boolean>`title like ${pattern} escape '\\'`]));
  }
  const { after } = page;
  if (page.sort === 'due') {
    if (after)
      query = query.where((eb) =>
        eb.or([eb('due_at', '>', after.value), eb.and([eb('due_at', '=', after.value), eb('id', '>', after.id)])]),
      );
    query = query.orderBy('due_at').orderBy('id');
  } else {
    if (after) {
      query = query.where((eb) =>
        eb.or([eb('received_at', '<', after.value), eb.and([eb('received_at', '=', after.value), eb('id', '<', after.id)])]),
      );
    }
    query = query.orderBy('received_at', 'desc').orderBy('id', 'desc');
  }
  return query.limit(page.limit).execute();
}

/** Ids of orders something should happen to by itself, earliest first. */
export async function workOrdersToCheck(db: Db, now: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('work_orders')
    .select('id')
    .where('next_check_at', 'is not', null)
    .where('next_check_at', '<=', now)
    .orderBy('next_check_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** Whether proofs for this order are looked at now. */
export async function proofLocked(db: Db, number: string, now: number): Promise<boolean> {
  const row = await db.selectFrom('work_orders').select('proof_locked_until').where('number', '=', number).executeTakeFirst();
  return row !== undefined && row.proof_locked_until > now;
}

/** Counts a wrong proof; after `most` in a row none is looked at until `lockUntil`. A right one clears the count. */
export async function countProof(db: Db, number: string, right: boolean, lock: { most: number; until: number }): Promise<void> {
  const change = right
    ? { proof_failures: sql<number>`0` }
    : {
        proof_locked_until: sql<number>`case when proof_failures + 1 >= ${sql.lit(lock.most)} then cast(${lock.until} as bigint) else proof_locked_until end`,
        proof_failures: sql<number>`case when proof_failures + 1 >= ${sql.lit(lock.most)} then 0 else proof_failures + 1 end`,
      };
  await db.updateTable('work_orders').set(change).where('number', '=', number).execute();
}

/** Conversations whose rating is at most `score` and that have no order of this kind yet. */
export async function ratedWithoutOrder(db: Db, score: number, kind: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('ratings')
    .select('conversation_id')
    .where('score', '<=', score)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('work_orders')
            .select('work_orders.id')
            .whereRef('work_orders.conversation_id', '=', 'ratings.conversation_id')
            .where('work_orders.kind', '=', kind),
        ),
      ),
    )
    .orderBy('created_at')
    .limit(limit)
    .execute();
  return rows.map((row) => row.conversation_id);
}
