/** A small real office for tests: the store, a clock, a log, work orders and follow-ups. */
import { defaultCalendars } from '../../calendar/calendars.ts';
import { defaultAssistant } from '../../handoff/events.ts';
import { ConversationLog } from '../../log.ts';
import { createConversation } from '../../store/conversations.ts';
import type { OpenDatabase } from '../../store/database.ts';
import { FollowUps, planIfSampled } from '../follow-ups.ts';
import type { Actor } from '../order.ts';
import { tellThroughLog } from '../tell.ts';
import { type NewOrder, WorkOrders } from '../work-orders.ts';

export const agent: Actor = { kind: 'agent', name: 'li' };
export const department: Actor = { kind: 'department', name: 'chen' };
export const supervisor: Actor = { kind: 'supervisor', name: 'sun' };

/** A moment by China's clock. */
export const at = (text: string): number => Date.parse(`${text}+08:00`);

let offices = 0;

export function openOffice(database: OpenDatabase, options: { rate?: number; now?: string } = {}) {
  const clock = { now: at(options.now ?? '2026-11-23T09:00') };
  const now = () => clock.now;
  const mine = ++offices;
  let ids = 0;
  const log = new ConversationLog({ database, now, pushChannels: new Set(['sms']) });
  const tell = tellThroughLog(log, defaultAssistant);
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const orders = new WorkOrders({
    database,
    calendars: defaultCalendars(),
    now,
    newId: () => `order-${mine}-${String(++ids).padStart(3, '0')}`,
    newCode: () => String(4711 + ids).padStart(4, '0'),
    departments: new Set(['城管局', '住建局']),
    tell,
    onClosed: (tx, order) => planIfSampled(tx, order, { seed: 'test', rate: options.rate ?? 1 }),
  });
  const refusing = new Set<string>();
  const followUps = new FollowUps({
    database,
    orders,
    now,
    ask: async (tx, to, text) => (refusing.has(to.conversationId) ? 'not_allowed' : tell(tx, to, text, 'unasked')),
  });
  return {
    clock,
    log,
    orders,
    followUps,
    errors,
    /** Conversations whose citizen allows no follow-up. */
    refusing,
    now,
    onError,
    arrive: (id: string, channel = 'web') =>
      createConversation(database.db, { id, channel, userId: `u-${id}`, locale: 'zh-CN' }, clock.now).then(() => undefined),
    /** An order of a conversation. */
    take: (more: Partial<NewOrder> = {}) =>
      orders.create(
        {
          title: '路灯不亮',
          detail: '幸福路的路灯三天没亮',
          demandType: 'help',
          conversationId: 'c1',
          channel: 'web',
          citizenKey: 'web:u-c1',
          ...more,
        },
        agent,
      ),
    /** What the conversation's citizen was told, oldest first. */
    told: async (id = 'c1') =>
      (await log.read(id, 0)).filter(({ type, from }) => type === 'message' && from.role === 'bot').map(({ text }) => text ?? ''),
    sweep: () => orders.sweep(onError),
  };
}
export type Office = ReturnType<typeof openOffice>;

/** The loop up to an answer. */
export async function answered(office: Office, id: string, reply = '路灯修好了'): Promise<void> {
  await office.orders.act(id, { action: 'dispatch', department: '城管局' }, agent);
  await office.orders.act(id, { action: 'handle', note: '换了灯泡' }, department);
  await office.orders.act(id, { action: 'answer', reply, resolution: 'solved' }, department);
}
