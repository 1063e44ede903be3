/** Which action leads where, and whose it is. Two tables; nothing else decides. */
import type { ActorKind, WorkOrderAction, WorkOrderState } from './order.ts';

interface Transition {
  readonly from: readonly WorkOrderState[];
  /** null: the state stays. */
  readonly to: WorkOrderState | null;
}

const open: readonly WorkOrderState[] = ['received', 'dispatched', 'handled'];
const finished: readonly WorkOrderState[] = ['answered', 'confirmed', 'followed_up', 'closed'];

/** Every action but `receive`, which makes an order. */
export const transitions: Readonly<Record<Exclude<WorkOrderAction, 'receive'>, Transition>> = {
  dispatch: { from: ['received'], to: 'dispatched' },
  /** 退单: back to whoever dispatches. */
  return: { from: ['dispatched'], to: 'received' },
  handle: { from: ['dispatched'], to: 'handled' },
  answer: { from: ['handled'], to: 'answered' },
  /** 直办: no department needed. */
  answer_directly: { from: ['received'], to: 'answered' },
  rework: { from: ['handled'], to: 'dispatched' },
  confirm: { from: ['answered'], to: 'confirmed' },
  follow_up: { from: ['confirmed', 'closed'], to: 'followed_up' },
  close: { from: ['confirmed', 'followed_up'], to: 'closed' },
  /** 不予受理, or withdrawn. */
  decline: { from: ['received'], to: 'closed' },
  reopen: { from: finished, to: 'received' },
  urge: { from: open, to: null },
  supervise: { from: open, to: null },
  extend: { from: ['dispatched', 'handled'], to: null },
  overdue: { from: open, to: null },
  remind: { from: open, to: null },
  contact: { from: open, to: null },
  assign: { from: open, to: null },
  /** 管辖有争议. */
  dispute: { from: open, to: null },
  link: { from: open, to: null },
  note: { from: [...open, ...finished], to: null },
};

/** Who may do what; `department` is a person of the department that has the order. */
export const mayAct: Readonly<Record<WorkOrderAction, readonly ActorKind[]>> = {
  receive: ['citizen', 'system', 'agent', 'supervisor', 'admin'],
  dispatch: ['agent', 'supervisor', 'admin'],
  return: ['department', 'supervisor', 'admin'],
  handle: ['department', 'supervisor', 'admin'],
  answer: ['department', 'agent', 'supervisor', 'admin'],
  answer_directly: ['agent', 'supervisor', 'admin'],
  rework: ['agent', 'supervisor', 'admin'],
  confirm: ['citizen', 'system', 'agent', 'supervisor', 'admin'],
  follow_up: ['citizen', 'system', 'agent', 'supervisor', 'admin'],
  close: ['system', 'agent', 'supervisor', 'admin'],
  decline: ['agent', 'supervisor', 'admin'],
  reopen: ['citizen', 'system', 'supervisor', 'admin'],
  urge: ['citizen', 'system', 'agent', 'supervisor', 'admin'],
  supervise: ['system', 'supervisor', 'admin'],
  extend: ['department', 'supervisor', 'admin'],
  overdue: ['system'],
  remind: ['system'],
  contact: ['department', 'agent', 'supervisor', 'admin'],
  assign: ['department', 'agent', 'supervisor', 'admin'],
  dispute: ['department', 'agent', 'supervisor', 'admin'],
  link: ['agent', 'supervisor', 'admin'],
  note: ['department', 'agent', 'supervisor', 'admin', 'system'],
};

/** The state after `action`, or undefined where it is not allowed. */
export function nextState(state: WorkOrderState, action: Exclude<WorkOrderAction, 'receive'>): WorkOrderState | undefined {
  const { from, to } = transitions[action];
  return from.includes(state) ? (to ?? state) : undefined;
}
