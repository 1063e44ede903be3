/** Work orders for the desk's screen, and what each action asks to be filled in. */
import type { z } from 'zod';
import type { openedCaseSchema } from '../../api/window-routes.ts';
import type {
  orderBriefSchema,
  orderDetailSchema,
  orderEventSchema,
  orderPageSchema,
  suggestionsSchema,
  takenSchema,
} from '../../api/work-orders-schemas.ts';
import type { Answer, DeskClient } from './client.ts';

export type Order = z.infer<typeof orderBriefSchema>;
export type OrderDetail = z.infer<typeof orderDetailSchema>;
export type OrderEvent = z.infer<typeof orderEventSchema>;
export type OrderPage = z.infer<typeof orderPageSchema>;
export type Suggestions = z.infer<typeof suggestionsSchema>;
export type WindowCase = z.infer<typeof openedCaseSchema>;
export type Taken = z.infer<typeof takenSchema>;
export type Action = OrderDetail['actions'][number]['action'];

export type OrderView = 'open' | 'overdue' | 'closed' | 'bad_ratings' | 'before_complaint' | 'all';
export const viewName: Record<OrderView, string> = {
  open: '在办',
  overdue: '超期',
  bad_ratings: '差评整改',
  before_complaint: '未诉先办',
  closed: '已办结',
  all: '全部',
};

const openStates = 'received,dispatched,handled,answered,confirmed,followed_up';
const viewQuery: Record<OrderView, Record<string, string>> = {
  open: { state: openStates, sort: 'due' },
  overdue: { state: openStates, overdue: 'true', sort: 'due' },
  bad_ratings: { kind: 'bad_rating', sort: 'newest' },
  before_complaint: { kind: 'before_complaint', sort: 'newest' },
  closed: { state: 'closed', sort: 'newest' },
  all: { sort: 'newest' },
};

const path = (number: string, rest = '') => `/work-orders/${encodeURIComponent(number)}${rest}`;

export function listOrders(client: DeskClient, view: OrderView, words: string, after: string | null): Promise<Answer<OrderPage>> {
  const query = new URLSearchParams({ ...viewQuery[view], ...(words === '' ? {} : { q: words }), ...(after === null ? {} : { after }) });
  return client.get(`/work-orders?${query}`);
}
export const readOrder = (client: DeskClient, number: string): Promise<Answer<OrderDetail>> => client.get(path(number));
export const readHistory = (client: DeskClient, number: string): Promise<Answer<OrderEvent[]>> => client.get(path(number, '/history'));
export const readSuggestions = (client: DeskClient, number: string): Promise<Answer<Suggestions>> =>
  client.get(path(number, '/suggestions'));
export const act = (client: DeskClient, number: string, command: object): Promise<Answer<OrderDetail>> =>
  client.post(path(number, '/actions'), command);
/** What a citizen brings along from the chat. */
export const readWindowCase = (client: DeskClient, code: string): Promise<Answer<WindowCase>> =>
  client.get(`/window-codes/${encodeURIComponent(code)}`);
export const takeOrder = (client: DeskClient, matter: object): Promise<Answer<Taken>> => client.post('/work-orders', matter);

/** To the department that owns the matter, as the knowledge says. */
export const consultDeeply = (client: DeskClient, number: string): Promise<Answer<OrderDetail>> =>
  client.post(path(number, '/deep-consultation'), {});
export const proposeKnowledge = (client: DeskClient, number: string, faq: { question: string; answer: string }): Promise<Answer<unknown>> =>
  client.post(path(number, '/knowledge-proposal'), faq);

export interface Field {
  readonly name:
    | 'department'
    | 'coDepartments'
    | 'level'
    | 'note'
    | 'reply'
    | 'resolution'
    | 'publicNote'
    | 'followUp'
    | 'handler'
    | 'duplicateOf';
  readonly label: string;
  readonly kind: 'line' | 'text' | 'choice';
  readonly required: boolean;
  readonly choices?: Readonly<Record<string, string>>;
}

export const disputeName = {
  coordination: '部门之间协调',
  joint_meeting: '联席会议',
  special_study: '专题研究',
  special_report: '专题报告',
  settled: '已经裁定',
} as const;

export const resolutionName = {
  solved: '已解决',
  explained: '已解释清楚',
  partly_solved: '部分解决',
  not_justified: '诉求不成立，已说明依据',
  declined: '不属于受理范围，已指明渠道',
  withdrawn: '市民撤回',
} as const;

const note = (label: string, required = true): Field => ({ name: 'note', label, kind: 'text', required });
const reply: Field = { name: 'reply', label: '给市民的答复（市民会看到）', kind: 'text', required: true };
const resolution: Field = { name: 'resolution', label: '办理结果', kind: 'choice', required: true, choices: resolutionName };
const publicNote: Field = { name: 'publicNote', label: '可以公开的说明（不写任何个人信息）', kind: 'text', required: false };

/** What the form of an action asks. */
export const fieldsOf: Partial<Record<Action, readonly Field[]>> = {
  dispatch: [
    { name: 'department', label: '承办部门', kind: 'line', required: true },
    { name: 'coDepartments', label: '协办部门（几个用顿号隔开）', kind: 'line', required: false },
    note('派单说明', false),
  ],
  return: [note('退单理由')],
  handle: [note('办理情况')],
  rework: [note('为什么退回重办')],
  supervise: [note('督办要求')],
  note: [note('记录')],
  extend: [note('延期的原因（市民会看到）')],
  reopen: [note('没有解决的地方')],
  decline: [note('理由和正确的渠道（市民会看到）')],
  answer: [reply, resolution, note('内部说明', false), publicNote],
  answer_directly: [reply, resolution, note('内部说明', false), publicNote],
  contact: [{ ...reply, label: '联系时说了什么' }],
  close: [resolution, note('办结说明', false), publicNote],
  follow_up: [
    {
      name: 'followUp',
      label: '市民怎么说',
      kind: 'choice',
      required: true,
      choices: { resolved: '已经解决', unresolved: '没有解决', no_answer: '没有回应' },
    },
  ],
  overdue: [note('超期的原因（市民会看到）')],
  assign: [{ name: 'handler', label: '经办人（登录名）', kind: 'line', required: true }],
  dispute: [
    { name: 'level', label: '处理到哪一步', kind: 'choice', required: true, choices: disputeName },
    note('争议在哪里，或者定了什么'),
  ],
  link: [{ name: 'duplicateOf', label: '之前那件工单的编号', kind: 'line', required: true }],
};

/** 还剩 3 小时, 超期 2 天. */
export function dueText(order: Pick<Order, 'dueAt' | 'state'>, now: number): string {
  if (!['received', 'dispatched', 'handled'].includes(order.state)) return '';
  const left = Date.parse(order.dueAt) - now;
  const minutes = Math.round(Math.abs(left) / 60_000);
  const amount =
    minutes < 90 ? `${minutes} 分钟` : minutes < 36 * 60 ? `${Math.round(minutes / 60)} 小时` : `${Math.round(minutes / 1440)} 天`;
  return left >= 0 ? `还剩 ${amount}` : `超期 ${amount}`;
}
