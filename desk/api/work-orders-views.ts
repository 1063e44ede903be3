/** How an order is shown, and to whom how much of it. */
import type { z } from 'zod';
import { mask } from '../../bot/safety/mask.ts';
import type { StaffRole } from '../../bot/store/staff.ts';
import type { StaffProfile } from '../../bot/store/staff-profiles.ts';
import { actionNames, actionsOpenTo, stateNames } from '../../bot/work-orders/decide.ts';
import type { Actor, WorkOrder, WorkOrderEvent } from '../../bot/work-orders/order.ts';
import { ApiError } from './errors.ts';
import type { orderBriefSchema, orderDetailSchema, orderEventSchema } from './work-orders-schemas.ts';

/** Somebody who looks at orders. */
export interface Viewer {
  readonly name: string;
  readonly role: StaffRole;
  /** Set for people of a department. */
  readonly department: StaffProfile['department'];
}

/** As whom this person acts on orders. Errors: 403 for roles that only look. */
export function actorOf({ name, role, department }: Viewer): Actor {
  if (role === 'supervisor' || role === 'admin') return { kind: role, name };
  if (role === 'agent') return { kind: department === null ? 'agent' : 'department', name };
  throw new ApiError(403, 'read_only', '您的账号只能查看，不能处理工单');
}

/** Whether this person may see the order: people of a department see what that department handles or helps with. */
export function maySee({ role, department }: Viewer, order: WorkOrder): boolean {
  if (role !== 'agent' || department === null) return true;
  return order.department === department || order.coDepartments.includes(department);
}

/**
 * What nobody but supervisors may know of a bad rating before it is closed: who gave it. Analysts see no personal data at all.
 */
function shown(viewer: Viewer, order: WorkOrder): WorkOrder {
  const overseer = viewer.role === 'supervisor' || viewer.role === 'admin';
  const unnamed = { ...order, conversationId: null, channel: null, phone: null, place: null };
  if (viewer.role === 'analyst') {
    const masked = (text: string | null) => (text === null ? null : mask(text).text);
    return {
      ...unnamed,
      title: mask(order.title).text,
      detail: mask(order.detail).text,
      work: masked(order.work),
      reply: masked(order.reply),
    };
  }
  return order.kind === 'bad_rating' && order.state !== 'closed' && !overseer ? unnamed : order;
}

const iso = (time: number): string => new Date(time).toISOString();
const isoOrNull = (time: number | null): string | null => (time === null ? null : iso(time));

export function briefView(viewer: Viewer, full: WorkOrder, now: number): z.infer<typeof orderBriefSchema> {
  const order = shown(viewer, full);
  const working = order.state === 'received' || order.state === 'dispatched' || order.state === 'handled';
  const { number, kind, demandType, urgency, state, title, place, department, handler, supervised, urged, duplicateOf } = order;
  return {
    ...{ number, kind, demandType, urgency, state, title, place, department, handler, supervised, urged, duplicateOf },
    stateName: stateNames[state],
    receivedAt: iso(order.receivedAt),
    dueAt: iso(order.dueAt),
    overdue: working && order.dueAt < now,
  };
}

export function detailView(viewer: Viewer, full: WorkOrder, now: number): z.infer<typeof orderDetailSchema> {
  const order = shown(viewer, full);
  const { version, detail, coDepartments, complex, channel, conversationId, phone, work, reply, result } = order;
  const { delayReason, extended, returns, reopened, followUp, aboutStaff, disputed } = order;
  return {
    ...briefView(viewer, full, now),
    ...{ version, detail, coDepartments, complex, channel, conversationId, phone, work, reply, result },
    ...{ delayReason, extended, returns, reopened, followUp, aboutStaff, disputed },
    contactedAt: isoOrNull(order.contactedAt),
    closedAt: isoOrNull(order.closedAt),
    actions: actionsFor(viewer, full),
  };
}

/** A citizen's name in a history is kept from those who may not know it, and from analysts. */
export function eventView(viewer: Viewer, order: WorkOrder, event: WorkOrderEvent): z.infer<typeof orderEventSchema> {
  const { seq, action, actor, at, note, data } = event;
  const named = actor.kind !== 'citizen' || shown(viewer, order).conversationId !== null;
  return {
    seq,
    action,
    actionName: actionNames[action],
    actorKind: actor.kind,
    actorName: named ? actor.name : '',
    at: iso(at),
    note: note !== null && viewer.role === 'analyst' ? mask(note).text : note,
    department: data.department ?? null,
    dueAt: isoOrNull(data.dueAt ?? null),
  };
}

function actionsFor(viewer: Viewer, order: WorkOrder): { action: WorkOrderEvent['action']; name: string }[] {
  if (viewer.role !== 'agent' && viewer.role !== 'supervisor' && viewer.role !== 'admin') return [];
  return actionsOpenTo(order, actorOf(viewer).kind).map((action) => ({ action, name: actionNames[action] }));
}
