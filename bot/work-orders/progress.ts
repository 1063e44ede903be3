/** A citizen asks how far their order is: number and proof in, plain facts out. Nobody learns more than the proof allows. */
import { DAY_MS, dayNumber, displayMoment, isoDay } from '../calendar/china-day.ts';
import { displayDate, type SlotValue } from '../flows/values.ts';
import type { OpenDatabase } from '../store/database.ts';
import { countProof, proofLocked } from '../store/work-orders.ts';
import { readWorkOrderNumber } from './number.ts';
import type { WorkOrder } from './order.ts';
import { findWorkOrder } from './repository.ts';

/** Ten thousand proofs exist: five wrong ones in a row close the door for a day. */
const MOST_FAILURES = 5;

export type Progress =
  | { readonly found: true; readonly order: WorkOrder }
  /** Unknown number, wrong proof, or too many wrong ones: the same answer, so that nobody learns that an order exists. */
  | { readonly found: false; readonly mistyped: boolean };

/**
 * The order of this number if the proof is right: the last four digits of the phone number left, or the code told when it was taken in.
 * `mistyped`: the number's check digit is wrong, which says nothing about anybody's order.
 */
export async function progressOf(database: OpenDatabase, typed: string, proof: string, now: number): Promise<Progress> {
  const number = readWorkOrderNumber(typed);
  if (number === undefined || number === 'wrong') return { found: false, mistyped: true };
  const digits = proof.normalize('NFKC').replace(/\D/g, '');
  return database.transaction(async (tx): Promise<Progress> => {
    if (await proofLocked(tx, number, now)) return { found: false, mistyped: false };
    const order = await findWorkOrder(tx, { number });
    if (order === undefined) return { found: false, mistyped: false };
    const right = digits.length === 4 && [order.code, order.phone?.slice(-4)].includes(digits);
    await countProof(tx, number, right, { most: MOST_FAILURES, until: now + DAY_MS });
    return right ? { found: true, order } : { found: false, mistyped: false };
  });
}

/** What the `progress` flow shows, by the names its back end uses. */
export function progressValues(order: WorkOrder, now: number): Record<string, SlotValue> {
  const working = order.state === 'received' || order.state === 'dispatched' || order.state === 'handled';
  const late = working && order.overdueAt !== null;
  return {
    found: true,
    sample: false,
    itemName: order.title,
    stage: stages[order.state],
    stageText: stageTexts[order.state],
    nextStep: late ? lateText(order) : nextSteps[order.state],
    dueDate: working ? displayDate(isoDay(dayNumber(order.dueAt))) : '已经答复，不用再等',
    dueBy: working ? displayMoment(order.dueAt, now) : '',
    department: order.department ?? '综合受理',
    overdue: late,
    reply: order.reply ?? '',
  };
}

const lateText = (order: WorkOrder): string =>
  `已经超过约定时间，很抱歉。${order.delayReason === null ? '办理部门还没有说明原因，我们正在催办' : `原因是：${order.delayReason}`}`;

const stages: Record<WorkOrder['state'], string> = {
  received: '受理',
  dispatched: '办理',
  handled: '办理',
  answered: '答复',
  confirmed: '办结',
  followed_up: '办结',
  closed: '办结',
};
const stageTexts: Record<WorkOrder['state'], string> = {
  received: '已经收到，正在分派给负责的部门。',
  dispatched: '已经转到办理部门，正在办。',
  handled: '已经办了，正在整理给您的答复。',
  answered: '已经答复，等您确认。',
  confirmed: '已经答复并确认。',
  followed_up: '已经办结并回访。',
  closed: '已经办结。',
};
const nextSteps: Record<WorkOrder['state'], string> = {
  received: '分派后由办理部门答复您，您不用做什么',
  dispatched: '部门办好后答复您，您不用做什么',
  handled: '答复很快发给您',
  answered: '解决了请回复“解决了”，没有解决请回复“没解决”，我们接着办',
  confirmed: '不用再做什么；还有问题随时说',
  followed_up: '不用再做什么；还有问题随时说',
  closed: '不用再做什么；还有问题随时说',
};
