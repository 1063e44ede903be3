/** What a citizen is told about their order. Fixed sentences: nothing in them is invented. */
import { displayMoment } from '../calendar/china-day.ts';
import type { WorkOrder, WorkOrderAction, WorkOrderEvent } from './order.ts';
import type { Occasion } from './tell.ts';

interface Moment {
  readonly now: number;
  /** The new date promised when the old one passed. */
  readonly promisedAt: number;
  /** Words of the person who acts, where the action carries some. */
  readonly words?: string | undefined;
}

/** The message for what just happened to `order`; undefined where the citizen need not hear of it. */
export function noticeOf(order: WorkOrder, event: WorkOrderEvent, { now, promisedAt, words }: Moment): string | undefined {
  const name = `工单 ${order.number}`;
  const until = displayMoment(order.dueAt, now);
  switch (event.action) {
    case 'receive':
      return order.kind === 'bad_rating'
        ? `您的评价我们看到了，对不起，没有让您满意。已经登记为${name}，会有工作人员在这里联系您，查清原因、改好以后答复您。`
        : `已经为您登记，工单号 ${order.number}，查询码 ${order.code}，最晚 ${until} 前答复您。想知道进度时，把工单号和查询码发给我就行。`;
    case 'dispatch':
      return order.kind === 'bad_rating' ? undefined : `${name} 已转给${order.department ?? '承办部门'}办理，最晚 ${until} 前答复您。`;
    case 'contact':
      return words === undefined ? undefined : `关于${name}，工作人员说：${words}`;
    case 'answer':
    case 'answer_directly':
      return [
        `${name} 的答复：`,
        order.reply ?? '',
        `问题解决了，请回复“解决了”；没有解决，请回复“没解决”，我们接着办。${displayMoment(confirmBy(order) ?? now, now)} 前没有收到您的回复，就先按已解决办结，之后随时可以再找我们。`,
      ].join('\n');
    case 'extend':
      return `${name} 还需要一些时间：${event.note ?? ''}。新的答复时间是 ${until} 前，让您久等了。`;
    case 'overdue': {
      const reason = order.delayReason === null ? '办理部门还没有说明原因，我们已经在催办' : `原因是：${order.delayReason}`;
      return `对不起，${name} 没有在约定的时间办完。${reason}。我们会盯着，${displayMoment(promisedAt, now)} 前给您一个答复。`;
    }
    case 'decline':
      return `${name} 不能受理：${event.note ?? ''}`;
    case 'reopen':
      // who asked for it is answered in the dialogue
      return event.actor.kind === 'citizen' ? undefined : `${name} 已经重新办理，最晚 ${until} 前答复您。`;
    default:
      return undefined;
  }
}

/** What only reports how far it is; everything else answers the citizen. */
const progressOnly: ReadonlySet<WorkOrderAction> = new Set(['dispatch', 'extend', 'overdue', 'reopen']);
export const occasionOf = (action: WorkOrderAction): Occasion => (progressOnly.has(action) ? 'unasked' : 'answer');

const confirmBy = (order: WorkOrder): number | undefined => order.checks.find((check) => check.kind === 'confirm')?.at;
