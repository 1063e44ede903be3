/** An order is what its events make of it: one step of that, and all of them. Pure. */
import type { EventData, WorkOrder, WorkOrderEvent } from './order.ts';
import { nextState } from './transitions.ts';

/** A history that cannot have happened: somebody wrote past the rules. */
export class IllegalHistoryError extends Error {
  override readonly name = 'IllegalHistoryError';
}

/** The order after `event`. Errors: IllegalHistoryError when the event does not fit the order. */
export function applyEvent(order: WorkOrder | undefined, event: WorkOrderEvent): WorkOrder {
  if (event.action === 'receive') return received(order, event);
  if (order === undefined) throw new IllegalHistoryError(`order ${event.orderId} begins with ${event.action}`);
  if (event.seq !== order.version + 1) throw new IllegalHistoryError(`order ${order.id}: event ${event.seq} after ${order.version}`);
  const state = nextState(order.state, event.action);
  if (state === undefined) throw new IllegalHistoryError(`order ${order.id}: ${event.action} in state ${order.state}`);
  return { ...order, ...carried(event.data), ...effects(order, event), state, version: event.seq };
}

/** The order its whole history makes. Errors: IllegalHistoryError, also for an empty history. */
export function replay(events: readonly WorkOrderEvent[]): WorkOrder {
  const order = events.reduce<WorkOrder | undefined>((before, event) => applyEvent(before, event), undefined);
  if (order === undefined) throw new IllegalHistoryError('an order has at least one event');
  return order;
}

function received(order: WorkOrder | undefined, { data, seq, orderId, at }: WorkOrderEvent): WorkOrder {
  const { matter, dueAt, checks } = data;
  if (order !== undefined || seq !== 1) throw new IllegalHistoryError(`order ${orderId} is received twice`);
  if (matter === undefined || dueAt === undefined || checks === undefined) {
    throw new IllegalHistoryError(`order ${orderId} is received without a matter or a limit`);
  }
  return {
    ...matter,
    id: orderId,
    state: 'received',
    version: 1,
    department: null,
    coDepartments: [],
    handler: null,
    complex: false,
    receivedAt: at,
    startedAt: at,
    dueAt,
    checks,
    overdueAt: null,
    urged: 0,
    lastUrgedAt: null,
    supervised: matter.aboutStaff,
    disputed: null,
    extended: false,
    delayReason: null,
    returns: 0,
    reopened: 0,
    contactedAt: null,
    work: null,
    reply: null,
    result: null,
    followUp: null,
    duplicateOf: null,
    closedAt: null,
  };
}

/** Fields an event sets by naming them. */
function carried({ matter: _, ...data }: EventData): Partial<WorkOrder> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

/** What an action means beyond the fields it names. */
function effects(order: WorkOrder, { action, at, note, actor }: WorkOrderEvent): Partial<WorkOrder> {
  switch (action) {
    case 'dispatch':
      return { handler: null };
    case 'return':
      return { department: null, handler: null, returns: order.returns + 1 };
    case 'handle':
      return { work: note, handler: order.handler ?? actor.name };
    case 'close':
    case 'decline':
      return { closedAt: at, checks: [] };
    case 'reopen':
      return {
        reopened: order.reopened + 1,
        department: null,
        handler: null,
        result: null,
        closedAt: null,
        overdueAt: null,
        extended: false,
        delayReason: null,
      };
    case 'urge':
      return { urged: order.urged + 1, lastUrgedAt: at };
    case 'supervise':
      return { supervised: true };
    case 'extend':
      return { extended: true, delayReason: note };
    case 'overdue':
      return { overdueAt: order.overdueAt ?? at };
    case 'contact':
      return { contactedAt: order.contactedAt ?? at };
    default:
      return {};
  }
}
