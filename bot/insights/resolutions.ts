/** How matters were settled: answered by the hotline itself, or sorted out to departments (GB/T 44189-2024, 5.3; R-055). */
import type { Db } from '../store/database.ts';
import type { ConversationFacts, Period } from './facts.ts';
import { endsUnanswered, type Figure, gotSomething, mostLinks } from './figures.ts';

/** answered_direct: no department was needed · dispatched · not_accepted: belongs to another door · open: neither answered nor dispatched. */
export type Resolution = 'answered_direct' | 'dispatched' | 'not_accepted' | 'open';

export interface Matter {
  /** Null where somebody came to the window or called. */
  readonly conversationId: string | null;
  /** Null for what needed no work order. */
  readonly order: string | null;
  readonly resolution: Resolution;
}

/** Orders the house opens for itself are nobody's demand. */
const ownKinds = ['bad_rating', 'before_complaint'];
const notAccepted = new Set(['declined_out_of_scope', 'declined_not_accepted', 'declined_prohibited']);

/** Each work order of the period is a matter, and each conversation without one. */
export async function readMatters(db: Db, { from, to, channel }: Period, facts: readonly ConversationFacts[]): Promise<Matter[]> {
  const orders = await db
    .selectFrom('work_orders')
    .select(['id', 'number', 'conversation_id', 'state'])
    .where('received_at', '>=', from)
    .where('received_at', '<', to)
    .where('kind', 'not in', ownKinds)
    .$if(channel !== undefined, (query) => query.where('channel', '=', channel as string))
    .orderBy('received_at')
    .execute();
  const steps = await db
    .selectFrom('work_order_events')
    .innerJoin('work_orders', 'work_orders.id', 'work_order_events.order_id')
    .select(['work_order_events.order_id', 'work_order_events.action'])
    .distinct()
    .where('work_orders.received_at', '>=', from)
    .where('work_orders.received_at', '<', to)
    .where('work_order_events.action', 'in', ['dispatch', 'answer_directly', 'decline'])
    .execute();
  const taken = new Map<string, Set<string>>();
  for (const { order_id, action } of steps) taken.set(order_id, (taken.get(order_id) ?? new Set()).add(action));
  const withOrder = new Set(orders.map((order) => order.conversation_id));
  return [
    ...orders.map((order) => ({
      conversationId: order.conversation_id,
      order: order.number,
      resolution: ofOrder(taken.get(order.id) ?? new Set()),
    })),
    ...facts
      .filter((one) => !withOrder.has(one.id))
      .map((one) => ({ conversationId: one.id, order: null, resolution: ofConversation(one) })),
  ];
}

/** What went to a department once was not answered directly, whoever answered in the end. */
function ofOrder(actions: ReadonlySet<string>): Resolution {
  if (actions.has('dispatch')) return 'dispatched';
  if (actions.has('answer_directly')) return 'answered_direct';
  return actions.has('decline') ? 'not_accepted' : 'open';
}

function ofConversation(one: ConversationFacts): Resolution {
  if (one.handoffs.some((handoff) => handoff.status === 'closed')) return 'answered_direct';
  if (gotSomething(one) && !endsUnanswered(one)) return 'answered_direct';
  return one.turns.every((turn) => notAccepted.has(turn.outcome)) ? 'not_accepted' : 'open';
}

/** 直办率. What nobody answered or dispatched yet counts against it: leaving it open is no way to raise the figure. */
export function directFigure(matters: readonly Matter[]): Figure {
  const accepted = matters.filter(({ resolution }) => resolution !== 'not_accepted');
  const direct = accepted.filter(({ resolution }) => resolution === 'answered_direct');
  const others = accepted.flatMap(({ resolution, conversationId }) =>
    resolution === 'answered_direct' || conversationId === null ? [] : [conversationId],
  );
  return {
    id: 'direct_answer',
    name: '直办率',
    formula: '不用派给部门、当场答复的诉求 ÷ 受理的诉求（对话和工单；还没答复也没派出的算在分母里，不予受理的不算）',
    unit: 'share',
    value: accepted.length === 0 ? null : direct.length / accepted.length,
    n: accepted.length,
    conversations: [...new Set(others)].slice(-mostLinks).toReversed(),
  };
}
