/** Whether an action is allowed now, by this person, and the event it becomes. Pure: the clock, the calendar and the order come in. */
import { z } from 'zod';
import type { Calendars } from '../calendar/calendars.ts';
import { DAY_MS } from '../calendar/china-day.ts';
import { deadlineFrom, extended } from './deadlines.ts';
import {
  type Actor,
  disputeLevels,
  type EventData,
  plainText,
  resolutions,
  type WorkOrder,
  type WorkOrderEvent,
  workOrderActions,
} from './order.ts';
import { mayAct, nextState } from './transitions.ts';

/** What somebody wants done to an order. */
export const commandSchema = z.object({
  action: z.enum(workOrderActions).exclude(['receive']),
  /** Why, or what was done. */
  note: plainText(2000).nullish(),
  department: plainText(60).optional(),
  coDepartments: z.array(plainText(60)).max(10).optional(),
  handler: plainText(64).optional(),
  /** How a dispute about whose duty it is stands. */
  level: z.enum(disputeLevels).optional(),
  complex: z.boolean().optional(),
  /** Words to the citizen. */
  reply: plainText(4000).optional(),
  resolution: z.enum(resolutions).optional(),
  /** What may be published about it, without a word on the person. */
  publicNote: plainText(2000).optional(),
  followUp: z.enum(['resolved', 'unresolved', 'no_answer']).optional(),
  /** Number of the earlier order with the same matter. */
  duplicateOf: plainText(20).optional(),
});
export type Command = z.infer<typeof commandSchema>;

/** `code` is stable; `message` may be shown to staff, and for a citizen's own actions to the citizen. */
export interface Refusal {
  readonly code: 'not_allowed' | 'wrong_state' | 'missing' | 'too_often' | 'unknown_department';
  readonly message: string;
}
export interface Context {
  readonly calendars: Calendars;
  readonly now: number;
  /** Departments that take orders; undefined: any name. */
  readonly departments?: ReadonlySet<string> | undefined;
}

/** A third return goes to a supervisor: only they may dispatch on. */
export const MOST_RETURNS = 2;
/** A citizen may urge once a day. */
const URGE_EVERY_MS = DAY_MS;

const refuse = (code: Refusal['code'], message: string): { refused: Refusal } => ({ refused: { code, message } });

/** Whoever may be the one rated can neither wave a bad rating away nor agree to it in the citizen's name. */
const waved = (order: WorkOrder, action: WorkOrderEvent['action'], kind: Actor['kind']): boolean =>
  order.kind === 'bad_rating' && kind === 'agent' && (action === 'decline' || action === 'confirm');

/** A complaint about staff is supervisors' business: whoever shares an office with the accused decides nothing about it. */
const staffMatter: ReadonlySet<WorkOrderEvent['action']> = new Set(['dispatch', 'answer_directly', 'decline', 'answer', 'rework']);
const overseersOnly = (order: WorkOrder, action: WorkOrderEvent['action'], kind: Actor['kind']): boolean =>
  order.aboutStaff && kind === 'agent' && staffMatter.has(action);

/** The actions this kind of person may take on the order as it is now. */
export function actionsOpenTo(order: WorkOrder, kind: Actor['kind']): Command['action'][] {
  return workOrderActions.flatMap((action) =>
    action !== 'receive' &&
    mayAct[action].includes(kind) &&
    nextState(order.state, action) !== undefined &&
    !waved(order, action, kind) &&
    !overseersOnly(order, action, kind)
      ? [action]
      : [],
  );
}

/** The next event of the order, or why there is none. */
export function decide(
  order: WorkOrder,
  command: Command,
  actor: Actor,
  context: Context,
): { event: WorkOrderEvent } | { refused: Refusal } {
  const { action } = command;
  if (!mayAct[action].includes(actor.kind)) return refuse('not_allowed', '您没有这项操作的权限');
  if (waved(order, action, actor.kind)) {
    return refuse('not_allowed', '差评是否成立、是否满意，由督办人员或市民本人认定');
  }
  if (overseersOnly(order, action, actor.kind)) return refuse('not_allowed', '反映工作人员的问题，由督办人员处理');
  if (nextState(order.state, action) === undefined)
    return refuse('wrong_state', `工单现在是“${stateNames[order.state]}”，不能${actionNames[action]}`);
  const data = dataOf(order, command, actor, context);
  if ('refused' in data) return data;
  // words sent while contacting the citizen are the record of that contact
  const note = command.note ?? (action === 'contact' ? command.reply : undefined) ?? null;
  return { event: { orderId: order.id, seq: order.version + 1, action, actor, at: context.now, note, data } };
}

function dataOf(order: WorkOrder, command: Command, actor: Actor, context: Context): EventData | { refused: Refusal } {
  const { calendars, now } = context;
  const need = (label: string) => refuse('missing', `请写明${label}`);
  switch (command.action) {
    case 'dispatch': {
      const { department, coDepartments = [], complex } = command;
      if (department === undefined) return need('承办部门');
      const unknown = [department, ...coDepartments].find((name) => context.departments?.has(name) === false);
      if (unknown !== undefined) return refuse('unknown_department', `没有这个承办部门：${unknown}`);
      const accused = [department, ...coDepartments].find((name) => order.accused.includes(name));
      if (order.aboutStaff && accused !== undefined)
        return refuse('not_allowed', `市民反映的就是${accused}，不能交给它自己办，请交给别的部门或上级`);
      if (order.returns > MOST_RETURNS && actor.kind === 'agent') {
        return refuse('not_allowed', `这件工单已被退回 ${order.returns} 次，请由督办人员裁定后派单`);
      }
      const changed = complex !== undefined && complex !== order.complex;
      return { department, coDepartments, ...(changed && { complex, ...deadlineFrom(calendars, { ...order, complex }, order.startedAt) }) };
    }
    case 'return':
      return command.note ? {} : need('退单理由');
    case 'handle':
      return command.note ? {} : need('办理情况');
    case 'rework':
    case 'supervise':
    case 'note':
      return command.note ? {} : need('理由');
    case 'answer':
    case 'answer_directly': {
      if (command.reply === undefined) return need('给市民的答复');
      if (order.kind === 'bad_rating' && order.contactedAt === null) return refuse('missing', '差评要先联系评价人，再答复');
      if (command.resolution === undefined) return need('办理结果（resolution）');
      const result = resultOf(command, order);
      const confirmBy = calendars.office.due(now, calendars.limits.confirm);
      return { reply: command.reply, ...(result && { result }), checks: [{ at: confirmBy, kind: 'confirm' }] };
    }
    case 'confirm':
      // a bad rating is closed by a person, with a result that may be published
      return { checks: order.kind === 'bad_rating' ? [] : [{ at: now, kind: 'close' }] };
    case 'close': {
      const result = resultOf(command, order);
      if (result === undefined) return need('办理结果');
      if (order.kind === 'bad_rating' && result.publicNote === null) return need('可以公开的整改说明');
      return { result };
    }
    case 'decline':
      return command.note
        ? { result: { resolution: command.resolution ?? 'declined', note: command.note, publicNote: null } }
        : need('理由和正确的渠道');
    case 'follow_up':
      return command.followUp === undefined ? need('回访结果') : { followUp: command.followUp, checks: [{ at: now, kind: 'close' }] };
    case 'reopen':
      return command.note ? deadlineFrom(calendars, order, now) : need('没有解决的地方');
    case 'urge': {
      const tooSoon = actor.kind === 'citizen' && order.lastUrgedAt !== null && now - order.lastUrgedAt < URGE_EVERY_MS;
      return tooSoon ? refuse('too_often', '今天已经催办过了，我们记着呢，明天还可以再催') : {};
    }
    case 'extend':
      if (!command.note) return need('延期的原因');
      return order.extended ? refuse('too_often', '一件工单只能延期一次') : extended(calendars, order);
    case 'assign':
      return command.handler === undefined ? need('经办人') : { handler: command.handler };
    case 'dispute': {
      const { level } = command;
      if (!command.note) return need('争议在哪里，或者定了什么');
      if (level === undefined) return need('争议处理到哪一步');
      if (level === 'settled' && order.disputed === null) return refuse('wrong_state', '这件工单没有管辖争议');
      const raised = disputeLevels.indexOf(level) > (order.disputed === null ? -1 : disputeLevels.indexOf(order.disputed));
      if (order.disputed !== null && order.disputed !== 'settled' && !raised)
        return refuse('wrong_state', '争议处理只能往上走，或者定下来');
      const overseer = actor.kind === 'supervisor' || actor.kind === 'admin';
      if (level !== 'coordination' && !overseer) return refuse('not_allowed', '联席会议、专题研究和裁定，由督办人员提出');
      return { disputed: level };
    }
    case 'link':
      return command.duplicateOf === undefined ? need('重复工单的编号') : { duplicateOf: command.duplicateOf };
    case 'contact':
    case 'overdue':
    case 'remind':
      return {};
  }
}

/** What this command or an earlier answer says about how the matter ended. */
function resultOf({ resolution, note, publicNote }: Command, order: WorkOrder): EventData['result'] {
  const settled = resolution ?? order.result?.resolution;
  if (settled === undefined) return undefined;
  return { resolution: settled, note: note ?? order.result?.note ?? '', publicNote: publicNote ?? order.result?.publicNote ?? null };
}

export const stateNames: Readonly<Record<WorkOrder['state'], string>> = {
  received: '已受理',
  dispatched: '办理中',
  handled: '已办理，待答复',
  answered: '已答复',
  confirmed: '已确认',
  followed_up: '已回访',
  closed: '已办结',
};

export const actionNames: Readonly<Record<WorkOrderEvent['action'], string>> = {
  receive: '受理',
  dispatch: '派单',
  return: '退单',
  handle: '登记办理情况',
  answer: '答复',
  answer_directly: '直接答复',
  rework: '退回重办',
  confirm: '确认',
  follow_up: '回访',
  close: '办结',
  decline: '不予受理',
  reopen: '重新办理',
  urge: '催办',
  supervise: '督办',
  extend: '延期',
  overdue: '登记超期',
  remind: '提醒',
  contact: '登记已联系',
  assign: '指定经办人',
  dispute: '管辖争议',
  link: '关联重复工单',
  note: '记录',
};
