/** Orders and their histories between the rules and the rows; whatever comes out of the store is checked. */
import type { Insertable } from 'kysely';
import type { Db } from '../store/database.ts';
import type { WorkOrdersTable } from '../store/tables.ts';
import {
  appendWorkOrderEvent,
  findWorkOrderRow,
  insertWorkOrder,
  listWorkOrderRows,
  type WorkOrderEventRow,
  type WorkOrderFilter,
  type WorkOrderPage,
  type WorkOrderRow,
  workOrderEventRows,
} from '../store/work-orders.ts';
import { tellOfOrder } from '../webhooks/events.ts';
import { type WorkOrder, type WorkOrderEvent, workOrderEventSchema, workOrderSchema } from './order.ts';
import { applyEvent } from './replay.ts';

/** The order with this id or number. */
export async function findWorkOrder(db: Db, key: { id: string } | { number: string }): Promise<WorkOrder | undefined> {
  const row = await findWorkOrderRow(db, key);
  return row && toOrder(row);
}

export async function listWorkOrders(db: Db, filter: WorkOrderFilter, page: WorkOrderPage): Promise<WorkOrder[]> {
  return (await listWorkOrderRows(db, filter, page)).map(toOrder);
}

/** Everything that happened to an order, oldest first. */
export async function historyOf(db: Db, orderId: string): Promise<WorkOrderEvent[]> {
  return (await workOrderEventRows(db, [orderId])).map(toEvent);
}

/** The histories of several orders, each oldest first. */
export async function historiesOf(db: Db, orderIds: readonly string[]): Promise<Map<string, WorkOrderEvent[]>> {
  const found = new Map<string, WorkOrderEvent[]>(orderIds.map((id) => [id, []]));
  for (const row of await workOrderEventRows(db, orderIds)) found.get(row.order_id)?.push(toEvent(row));
  return found;
}

const toEvent = (row: WorkOrderEventRow): WorkOrderEvent =>
  workOrderEventSchema.parse({
    orderId: row.order_id,
    seq: row.seq,
    action: row.action,
    actor: { kind: row.actor_kind, name: row.actor_name },
    at: row.at,
    note: row.note,
    data: JSON.parse(row.data_json) as unknown,
  });

/** Stores the first event of an order and what it makes. */
export async function storeNew(tx: Db, event: WorkOrderEvent): Promise<WorkOrder> {
  const order = applyEvent(undefined, event);
  const row: Insertable<WorkOrdersTable> = { ...toRow(order, event.at), proof_failures: 0, proof_locked_until: 0 };
  await insertWorkOrder(tx, row, toEventRow(event));
  await tellOfOrder(tx, undefined, order, event);
  return order;
}

/** Stores the next event; undefined when somebody else's came first. */
export async function storeNext(tx: Db, order: WorkOrder, event: WorkOrderEvent): Promise<WorkOrder | undefined> {
  const next = applyEvent(order, event);
  if (!(await appendWorkOrderEvent(tx, toRow(next, event.at), toEventRow(event)))) return undefined;
  await tellOfOrder(tx, order, next, event);
  return next;
}

const toOrder = (row: { order_json: string }): WorkOrder => workOrderSchema.parse(JSON.parse(row.order_json));

function toRow(order: WorkOrder, now: number): WorkOrderRow {
  return {
    id: order.id,
    number: order.number,
    kind: order.kind,
    state: order.state,
    demand_type: order.demandType,
    urgency: order.urgency,
    department: order.department,
    co_departments: order.coDepartments.length === 0 ? '' : `|${order.coDepartments.join('|')}|`,
    handler: order.handler,
    citizen_key: order.citizenKey,
    conversation_id: order.conversationId,
    channel: order.channel,
    title: order.title,
    received_at: order.receivedAt,
    due_at: order.dueAt,
    next_check_at: order.checks[0]?.at ?? null,
    overdue_at: order.overdueAt,
    supervised: order.supervised ? 1 : 0,
    closed_at: order.closedAt,
    updated_at: now,
    version: order.version,
    order_json: JSON.stringify(order),
  };
}

function toEventRow(event: WorkOrderEvent): WorkOrderEventRow {
  return {
    order_id: event.orderId,
    seq: event.seq,
    action: event.action,
    actor_kind: event.actor.kind,
    actor_name: event.actor.name,
    at: event.at,
    note: event.note,
    data_json: JSON.stringify(event.data),
  };
}
