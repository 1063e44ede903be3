import { defaultCalendars } from '../../calendar/calendars.ts';
import { deadlineFrom } from '../deadlines.ts';
import { type Command, commandSchema, decide } from '../decide.ts';
import { workOrderNumber } from '../number.ts';
import type { Actor, Matter, WorkOrderEvent } from '../order.ts';
import { replay } from '../replay.ts';
import { mayAct } from '../transitions.ts';

export const at = (text: string) => Date.parse(`${text}+08:00`);

export const calendars = defaultCalendars();
export const start = at('2026-11-23T09:00');

export const matter = (more: Partial<Matter> = {}): Matter => ({
  number: workOrderNumber(2026, 1),
  kind: 'demand',
  demandType: 'help',
  urgency: 'general',
  title: '路灯不亮',
  detail: '幸福路 3 号门口的路灯三天没亮',
  place: '幸福路 3 号',
  citizenKey: 'web:u1',
  channel: 'web',
  conversationId: 'c1',
  phone: null,
  code: '4711',
  aboutStaff: false,
  accused: [],
  ...more,
});
export const receive = (of: Matter = matter(), now = start): WorkOrderEvent => {
  const { dueAt, checks } = deadlineFrom(calendars, { ...of, complex: false }, now);
  return {
    orderId: 'o1',
    seq: 1,
    action: 'receive',
    actor: { kind: 'system', name: 'wenban' },
    at: now,
    note: null,
    data: { matter: of, dueAt, checks },
  };
};
export const supervisor: Actor = { kind: 'supervisor', name: 'sun' };

/** Plays commands one after another; throws where one is refused. */
export function played(commands: (Partial<Command> & Pick<Command, 'action'>)[], of?: Matter, by: Actor = supervisor): WorkOrderEvent[] {
  const events = [receive(of)];
  for (const command of commands) {
    const kind = mayAct[command.action].includes(by.kind) ? by : { kind: mayAct[command.action][0] ?? 'system', name: 'x' };
    const outcome = decide(replay(events), commandSchema.parse(command), kind, { calendars, now: start + events.length * 60_000 });
    if ('refused' in outcome) throw new Error(`${command.action}: ${outcome.refused.message}`);
    events.push(outcome.event);
  }
  return events;
}
