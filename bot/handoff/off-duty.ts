/** Nobody is on duty: the citizen leaves a message, which becomes a work order with a promised time. */
import type { Calendars } from '../calendar/calendars.ts';
import { displayMoment } from '../calendar/china-day.ts';
import { findConversation } from '../store/conversations.ts';
import type { Db } from '../store/database.ts';
import { openHandoff, updateHandoff } from '../store/handoffs.ts';
import { staffOnDuty } from '../store/staff-profiles.ts';
import type { WorkOrder } from '../work-orders/order.ts';
import { listWorkOrders } from '../work-orders/repository.ts';
import { system, type WorkOrders } from '../work-orders/work-orders.ts';
import { ON_DUTY_MS, servers } from './places.ts';
import { GENERAL } from './routing.ts';
import { handoffWords } from './words.ts';

/** What asking for a person needs to know about the people. */
export interface DutyDesk {
  readonly calendars: Calendars;
  readonly orders: WorkOrders;
}

/**
 * expert: the queue asked for is on duty (or somebody of it is at the desk anyway) · general: only the general staff are · nobody: the
 * queue opens again at `opens`.
 */
export type Duty = { readonly on: 'expert' } | { readonly on: 'general' | 'nobody'; readonly opens: number };

/** Who is there for a queue now: somebody at the desk counts whatever the calendar says. */
export async function dutyOf(tx: Db, { calendars }: DutyDesk, skill: string, now: number): Promise<Duty> {
  const people = await staffOnDuty(tx, now - ON_DUTY_MS);
  const there = (queue: string) => calendars.ofQueue(queue).isOpen(now) || servers(people, queue).length > 0;
  if (there(skill)) return { on: 'expert' };
  const opens = calendars.ofQueue(skill).nextOpen(now);
  return skill !== GENERAL && there(GENERAL) ? { on: 'general', opens } : { on: 'nobody', opens };
}

export interface Message {
  readonly conversationId: string;
  /** BCP 47, what the citizen writes in now; default: the conversation's. */
  readonly locale?: string | undefined;
  readonly reason: string;
  readonly skill: string;
  readonly urgency: WorkOrder['urgency'];
  readonly summary: string;
  readonly newId: () => string;
  readonly now: number;
}

/**
 * Takes the message in, once per conversation while it is being worked on, and returns what to tell the citizen. The handoff is kept as one
 * that ended at once, so that staff may read the conversation.
 */
export async function leaveMessage(tx: Db, { orders }: DutyDesk, message: Message, opens: number): Promise<string> {
  const { conversationId, summary, now } = message;
  const conversation = await findConversation(tx, conversationId);
  const words = handoffWords(message.locale ?? conversation?.locale ?? 'zh-CN');
  const open = { conversationId, kinds: ['message'], states: ['received', 'dispatched', 'handled'] };
  const [earlier] = await listWorkOrders(tx, open, { sort: 'newest', limit: 1 });
  if (earlier) return words.messageThere(earlier.number, displayMoment(earlier.dueAt, now));
  // the first line of a summary is the matter: `诉求：…`
  const matter = summary.split('\n')[0]?.replace(/^诉求：/u, '') ?? '';
  const matterKnown = matter !== '' && !matter.startsWith('没有说明');
  const { order } = await orders.open(
    tx,
    {
      kind: 'message',
      demandType: 'consult',
      urgency: message.urgency,
      title: matterKnown ? matter.slice(0, 100) : '非值守时间的留言',
      detail: summary === '' ? '没有说明' : summary,
      citizenKey: conversation ? `${conversation.channel}:${conversation.userId}` : null,
      channel: conversation?.channel ?? null,
      conversationId,
    },
    system,
    true,
  );
  const handoff = await openHandoff(tx, { ...message, id: message.newId() }, now);
  await updateHandoff(tx, handoff.id, { status: 'released', note: `留言，工单 ${order.number}`, closedAt: now });
  const until = displayMoment(order.dueAt, now);
  return words.messageLeft({ number: order.number, code: order.code, until, opens: displayMoment(opens, now), matterKnown });
}
