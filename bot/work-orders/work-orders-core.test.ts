import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultCalendars } from '../calendar/calendars.ts';
import { accusesStaff, namedDepartments } from './about-staff.ts';
import { deadlineFrom } from './deadlines.ts';
import { type Command, commandSchema, decide } from './decide.ts';
import { readWorkOrderNumber, workOrderNumber } from './number.ts';
import {
  type Actor,
  actorKinds,
  demandTypes,
  disputeLevels,
  type Matter,
  urgencies,
  type WorkOrder,
  type WorkOrderEvent,
  workOrderActions,
  workOrderEventSchema,
  workOrderKinds,
  workOrderSchema,
  workOrderStates,
} from './order.ts';
import { applyEvent, IllegalHistoryError, replay } from './replay.ts';
import { mayAct, nextState, transitions } from './transitions.ts';

const at = (text: string) => Date.parse(`${text}+08:00`);
const calendars = defaultCalendars();
const start = at('2026-11-23T09:00');

const matter = (more: Partial<Matter> = {}): Matter => ({
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
const receive = (of: Matter = matter(), now = start): WorkOrderEvent => {
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
const supervisor: Actor = { kind: 'supervisor', name: 'sun' };

/** Plays commands one after another; throws where one is refused. */
function played(commands: (Partial<Command> & Pick<Command, 'action'>)[], of?: Matter, by: Actor = supervisor): WorkOrderEvent[] {
  const events = [receive(of)];
  for (const command of commands) {
    const kind = mayAct[command.action].includes(by.kind) ? by : { kind: mayAct[command.action][0] ?? 'system', name: 'x' };
    const outcome = decide(replay(events), commandSchema.parse(command), kind, { calendars, now: start + events.length * 60_000 });
    if ('refused' in outcome) throw new Error(`${command.action}: ${outcome.refused.message}`);
    events.push(outcome.event);
  }
  return events;
}

describe('transitions', () => {
  it('[R-110] the loop: receive, dispatch, handle, answer, confirm, follow up, close', () => {
    const events = played([
      { action: 'dispatch', department: '城管局' },
      { action: 'handle', note: '已换灯泡' },
      { action: 'answer', reply: '路灯已经修好了', resolution: 'solved' },
      { action: 'confirm' },
      { action: 'follow_up', followUp: 'resolved' },
      { action: 'close' },
    ]);
    const order = replay(events);
    expect(order).toMatchObject({
      state: 'closed',
      version: 7,
      department: '城管局',
      result: { resolution: 'solved' },
      followUp: 'resolved',
    });
    expect(events.map((event) => replay(events.slice(0, event.seq)).state)).toEqual([...workOrderStates]);
  });

  /** Written down by hand, not derived: the table must match this. */
  const allowed: Record<string, string> = {
    received: 'dispatch>dispatched answer_directly>answered decline>closed urge supervise overdue remind contact assign dispute link note',
    dispatched: 'return>received handle>handled urge supervise extend overdue remind contact assign dispute link note',
    handled: 'answer>answered rework>dispatched urge supervise extend overdue remind contact assign dispute link note',
    answered: 'confirm>confirmed reopen>received note',
    confirmed: 'follow_up>followed_up close>closed reopen>received note',
    followed_up: 'close>closed reopen>received note',
    closed: 'follow_up>followed_up reopen>received note',
  };
  it('[R-110] every state × every action: exactly the allowed ones pass', () => {
    for (const state of workOrderStates) {
      const expected = new Map((allowed[state] ?? '').split(' ').map((one) => [one.split('>')[0], one.split('>')[1] ?? state]));
      for (const action of workOrderActions) {
        if (action === 'receive') continue;
        expect([state, action, nextState(state, action)]).toEqual([state, action, expected.get(action)]);
      }
    }
  });

  it('every state is reached, and every state but closed leads on to it', () => {
    const reach = new Set<string>(['received']);
    for (let round = 0; round < workOrderStates.length; round++) {
      for (const { from, to } of Object.values(transitions)) if (to && from.some((one) => reach.has(one))) reach.add(to);
    }
    expect([...reach].sort()).toEqual([...workOrderStates].sort());
  });

  it('[R-016] every action × every kind of actor: those the table does not name are refused before anything else', () => {
    const order = replay([receive()]);
    for (const action of workOrderActions) {
      if (action === 'receive') continue;
      for (const kind of actorKinds) {
        if (mayAct[action].includes(kind)) continue;
        expect(decide(order, { action }, { kind, name: 'x' }, { calendars, now: start })).toMatchObject({
          refused: { code: 'not_allowed' },
        });
      }
    }
    expect(mayAct.dispatch).not.toContain('department');
    expect(mayAct.handle).not.toContain('agent');
    for (const action of workOrderActions.filter((one) => mayAct[one].includes('citizen'))) {
      expect(['receive', 'confirm', 'follow_up', 'reopen', 'urge']).toContain(action);
    }
  });
});

describe('what an action needs', () => {
  const refusal = (order: WorkOrder, command: Partial<Command> & Pick<Command, 'action'>, actor = supervisor, now = start + 1) => {
    const outcome = decide(order, command, actor, { calendars, now, departments: new Set(['城管局', '住建局']) });
    return 'refused' in outcome ? outcome.refused.code : 'ok';
  };
  it('departments exist, notes say why, replies say something', () => {
    const fresh = replay([receive()]);
    expect(refusal(fresh, { action: 'dispatch' })).toBe('missing');
    expect(refusal(fresh, { action: 'dispatch', department: '气象局' })).toBe('unknown_department');
    expect(refusal(fresh, { action: 'dispatch', department: '城管局', coDepartments: ['气象局'] })).toBe('unknown_department');
    expect(refusal(fresh, { action: 'dispatch', department: '城管局', coDepartments: ['住建局'] })).toBe('ok');
    expect(refusal(fresh, { action: 'decline' })).toBe('missing');
    expect(refusal(fresh, { action: 'answer_directly', resolution: 'solved' })).toBe('missing');
    expect(refusal(fresh, { action: 'answer_directly', reply: '好了' })).toBe('missing');
    expect(refusal(fresh, { action: 'close', resolution: 'solved' })).toBe('wrong_state');
  });

  it('[R-114] a third return goes to a supervisor', () => {
    const back = [{ action: 'dispatch', department: '城管局' } as const, { action: 'return', note: '不归我们管' } as const];
    const order = replay(played([...back, ...back, ...back]));
    expect(order.returns).toBe(3);
    expect(refusal(order, { action: 'dispatch', department: '城管局' }, { kind: 'agent', name: 'li' })).toBe('not_allowed');
    expect(refusal(order, { action: 'dispatch', department: '城管局' })).toBe('ok');
  });

  it('one extension, with a reason, counted from the old due date', () => {
    const dispatched = replay(played([{ action: 'dispatch', department: '城管局' }]));
    expect(refusal(dispatched, { action: 'extend' })).toBe('missing');
    const events = played([
      { action: 'dispatch', department: '城管局' },
      { action: 'extend', note: '要等配件' },
    ]);
    const order = replay(events);
    expect(order.dueAt).toBe(at('2026-12-07T17:30'));
    expect(order).toMatchObject({ extended: true, delayReason: '要等配件' });
    expect(refusal(order, { action: 'extend', note: '再等' })).toBe('too_often');
  });

  it('a citizen urges once a day', () => {
    const citizen: Actor = { kind: 'citizen', name: 'web:u1' };
    const order = replay(played([{ action: 'urge' }], undefined, citizen));
    expect(refusal(order, { action: 'urge' }, citizen)).toBe('too_often');
    expect(refusal(order, { action: 'urge' }, citizen, start + 25 * 3_600_000)).toBe('ok');
  });

  it('[R-126] a bad rating is answered after contact, and closed only with a result that may be published', () => {
    const bad = matter({ kind: 'bad_rating', demandType: 'complaint' });
    const handled = [{ action: 'dispatch', department: '城管局' } as const, { action: 'handle', note: '核实了' } as const];
    expect(refusal(replay(played(handled, bad)), { action: 'answer', reply: '对不起', resolution: 'explained' })).toBe('missing');
    const agent: Actor = { kind: 'agent', name: 'li' };
    expect(refusal(replay([receive(bad)]), { action: 'decline', note: '恶意差评' }, agent)).toBe('not_allowed');
    expect(refusal(replay([receive(bad)]), { action: 'decline', note: '恶意差评' })).toBe('ok');
    const confirmed = replay(
      played(
        [
          ...handled,
          { action: 'contact', note: '已联系' },
          { action: 'answer', reply: '对不起', resolution: 'explained' },
          { action: 'confirm' },
        ],
        bad,
      ),
    );
    expect(confirmed.checks).toEqual([]);
    expect(refusal(confirmed, { action: 'close', resolution: 'solved' })).toBe('missing');
    expect(refusal(confirmed, { action: 'close', resolution: 'solved', publicNote: '已补充办事指南' })).toBe('ok');
  });
});

describe('deadlines', () => {
  it('[R-112] urgent 2 h, sub-urgent 24 h, others by kind in working days; marks at 50 %, 80 % and the end', () => {
    const friday = at('2026-11-20T16:30');
    const due = (more: Partial<Matter>, complex = false) => deadlineFrom(calendars, { ...matter(more), complex }, friday);
    expect(due({ urgency: 'urgent' }).dueAt).toBe(at('2026-11-20T18:30'));
    expect(due({ urgency: 'sub_urgent' }).dueAt).toBe(at('2026-11-21T16:30'));
    expect(due({ demandType: 'consult' }).dueAt).toBe(at('2026-11-23T17:30'));
    expect(due({ demandType: 'complaint' }).dueAt).toBe(at('2026-11-27T17:30'));
    expect(due({}, true).dueAt).toBe(at('2026-12-11T17:30'));
    expect(due({ urgency: 'urgent' }).checks).toEqual([
      { at: at('2026-11-20T17:30'), kind: 'half' },
      { at: at('2026-11-20T18:06'), kind: 'urge' },
      { at: at('2026-11-20T18:30'), kind: 'overdue' },
      { at: at('2026-11-23T17:30'), kind: 'supervise' },
    ]);
    // 8 working hours in all: one on Friday, seven on Monday
    expect(due({ demandType: 'consult' }).checks.slice(0, 2)).toEqual([
      { at: at('2026-11-23T12:00'), kind: 'half' },
      { at: at('2026-11-23T15:54'), kind: 'urge' },
    ]);
  });

  it('a message left at night: hours are promised from the morning on', () => {
    const night = at('2026-11-23T22:00');
    const due = (more: Partial<Matter>) =>
      deadlineFrom(calendars, { ...matter({ kind: 'message', ...more }), complex: false }, night).dueAt;
    expect(due({ urgency: 'urgent' })).toBe(at('2026-11-24T11:00'));
    expect(due({ demandType: 'consult' })).toBe(at('2026-11-24T17:30'));
    expect(deadlineFrom(calendars, { ...matter({ urgency: 'urgent' }), complex: false }, night).dueAt).toBe(at('2026-11-24T00:00'));
  });

  it('a bad rating must be contacted within a working day, put right within fifteen', () => {
    const deadline = deadlineFrom(calendars, { ...matter({ kind: 'bad_rating' }), complex: false }, start);
    expect(deadline.dueAt).toBe(at('2026-12-14T17:30'));
    expect(deadline.checks[0]).toEqual({ at: at('2026-11-24T17:30'), kind: 'contact' });
  });

  it('a reopened order gets a new limit from then on', () => {
    const events = played([
      { action: 'answer_directly', reply: '好了', resolution: 'solved' },
      { action: 'reopen', note: '还是不亮' },
    ]);
    expect(replay(events)).toMatchObject({
      state: 'received',
      reopened: 1,
      result: null,
      startedAt: start + 120_000,
      dueAt: at('2026-11-30T17:30'),
    });
  });
});

describe('matters that need care', () => {
  const staff = matter({ title: '投诉窗口', detail: '城管局工作人员吃拿卡要', aboutStaff: true, accused: ['城管局'] });
  const act = (command: Command, by: Actor, events = [receive(staff)]) => decide(replay(events), command, by, { calendars, now: start });

  it('[R-155] a complaint about staff goes to supervision, never to the accused department, not even as a helper', () => {
    expect(replay([receive(staff)]).supervised).toBe(true);
    const agent: Actor = { kind: 'agent', name: 'li' };
    for (const action of ['dispatch', 'answer_directly', 'decline'] as const)
      expect(act({ action, department: '住建局', reply: '好', resolution: 'explained', note: '无' }, agent)).toHaveProperty('refused');
    expect(act({ action: 'dispatch', department: '城管局' }, supervisor)).toMatchObject({ refused: { code: 'not_allowed' } });
    expect(act({ action: 'dispatch', department: '住建局', coDepartments: ['城管局'] }, supervisor)).toHaveProperty('refused');
    expect(act({ action: 'dispatch', department: '住建局' }, supervisor)).toHaveProperty('event');
  });

  it('[R-155] such complaints are recognised; complaints about others, and questions, are not', () => {
    const accusing = ['办事员吃拿卡要', '窗口工作人员态度恶劣', '城管局不作为', '科长故意刁难我，要好处费', '两个部门踢皮球', '民警骂人'];
    const others = ['邻居太吵', '物业乱收费', '路灯不亮', '什么是不作为', '餐馆服务员态度差', '公司拖欠工资'];
    expect(accusing.filter((text) => !accusesStaff(text))).toEqual([]);
    expect(others.filter(accusesStaff)).toEqual([]);
    expect(namedDepartments('公安局窗口刁难我', ['安澜市公安局', '安澜市民政局'])).toEqual(['安澜市公安局']);
    expect(namedDepartments('城管局和住建局推诿', ['住建局', '城管局', '公安局'])).toEqual(['住建局', '城管局'].toSorted());
  });

  it('[R-119] a disputed duty is raised step by step, by whoever may, and settled by a supervisor', () => {
    const by = { department: { kind: 'department', name: 'c' } as Actor, supervisor };
    const given = [receive(), ...played([{ action: 'dispatch', department: '城管局' }]).slice(1)];
    const dispute = (level: Command['level'], actor: Actor, events: WorkOrderEvent[]) =>
      decide(replay(events), { action: 'dispute', level, note: '跨区，两局都说不归自己管' }, actor, { calendars, now: start });
    expect(dispute('joint_meeting', by.department, given)).toMatchObject({ refused: { code: 'not_allowed' } });
    expect(dispute('settled', supervisor, given)).toHaveProperty('refused');
    const raised = dispute('coordination', by.department, given);
    if ('refused' in raised) throw new Error(raised.refused.message);
    const open = [...given, raised.event];
    expect(replay(open)).toMatchObject({ disputed: 'coordination', state: 'dispatched' });
    expect(dispute('coordination', supervisor, open)).toHaveProperty('refused');
    expect(dispute('special_report', supervisor, open)).toHaveProperty('event');
    expect(dispute('settled', supervisor, open)).toMatchObject({
      event: { data: { disputed: 'settled' }, note: expect.stringContaining('两局') },
    });
  });

  it('[R-114] a return is reviewed: the third goes to a supervisor, who upholds it or sends it back', () => {
    const returned = ['城管局', '住建局', '城管局'].flatMap((department) => [
      { action: 'dispatch' as const, department },
      { action: 'return' as const, note: '不归我们管' },
    ]);
    const events = played(returned);
    const again = (kind: Actor['kind']) =>
      decide(replay(events), { action: 'dispatch', department: '城管局' }, { kind, name: 'x' }, { calendars, now: start });
    expect(again('agent')).toMatchObject({ refused: { code: 'not_allowed' } });
    expect(again('supervisor')).toHaveProperty('event');
  });
});

describe('the random walker', () => {
  const command = fc.record(
    {
      action: fc.constantFrom(...workOrderActions.filter((one) => one !== 'receive')),
      note: fc.option(fc.constantFrom('理由', '说明'), { freq: 9 }),
      department: fc.constantFrom('城管局', '住建局'),
      complex: fc.boolean(),
      reply: fc.constant('答复'),
      resolution: fc.constantFrom('solved' as const, 'explained' as const),
      publicNote: fc.constant('已整改'),
      followUp: fc.constantFrom('resolved' as const, 'unresolved' as const),
      handler: fc.constant('li'),
      duplicateOf: fc.constant(workOrderNumber(2026, 2)),
      level: fc.constantFrom(...disputeLevels),
    },
    { requiredKeys: ['action', 'note', 'department', 'reply', 'resolution', 'publicNote', 'followUp'] },
  );
  const step = fc.record({ command, kind: fc.constantFrom(...actorKinds), wait: fc.integer({ min: 0, max: 3 * 86_400_000 }) });
  const kinds = fc.record({
    kind: fc.constantFrom(...workOrderKinds),
    demandType: fc.constantFrom(...demandTypes),
    urgency: fc.constantFrom(...urgencies),
    aboutStaff: fc.boolean(),
    accused: fc.subarray(['城管局']),
  });

  it('[R-110] finds no illegal transition, and every history replays to the same order', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(kinds, fc.array(step, { minLength: 1, maxLength: 150, size: 'max' }), (kind, steps) => {
        const events = [receive(matter(kind))];
        let order = replay(events);
        let now = start;
        for (const { command, kind, wait } of steps) {
          now += wait;
          const outcome = decide(order, command, { kind, name: 'x' }, { calendars, now });
          if ('refused' in outcome) {
            expect(outcome.refused.message).toMatch(/\p{Script=Han}/u);
            continue;
          }
          const { event } = outcome;
          expect(transitions[command.action].from).toContain(order.state);
          expect(mayAct[command.action]).toContain(kind);
          // whoever is accused never gets it, whatever happened before
          if (order.aboutStaff && command.action === 'dispatch') expect(order.accused).not.toContain(event.data.department);
          seen.add(`${order.state} ${command.action}`);
          events.push(workOrderEventSchema.parse(JSON.parse(JSON.stringify(event))));
          order = applyEvent(order, event);
          expect(order.checks.every((check, i) => i === 0 || (order.checks[i - 1]?.at ?? 0) <= check.at)).toBe(true);
          if (order.state === 'closed') expect(order.result).not.toBeNull();
        }
        expect(replay(events)).toEqual(order);
        expect(workOrderSchema.parse(JSON.parse(JSON.stringify(order)))).toEqual(order);
      }),
      { numRuns: 600, seed: 20261121 },
    );
    const possible = Object.entries(transitions).flatMap(([action, { from }]) => from.map((state) => `${state} ${action}`));
    expect(possible.filter((one) => !seen.has(one))).toEqual([]);
  });

  it('a history written past the rules is refused', () => {
    const events = played([{ action: 'dispatch', department: '城管局' }]);
    expect(() => replay([])).toThrow(IllegalHistoryError);
    expect(() => replay(events.slice(1))).toThrow(IllegalHistoryError);
    expect(() => replay([...events, { ...events[1], seq: 3 } as WorkOrderEvent])).toThrow(IllegalHistoryError);
    expect(() => replay([events[0], events[0]] as WorkOrderEvent[])).toThrow(IllegalHistoryError);
    expect(() => replay([events[0], { ...events[1], seq: 3 }] as WorkOrderEvent[])).toThrow(IllegalHistoryError);
  });
});

describe('numbers', () => {
  const serials = fc.integer({ min: 1, max: 9_999_999 });
  it('are read back however they are typed', () => {
    fc.assert(
      fc.property(serials, fc.integer({ min: 2024, max: 2099 }), (serial, year) => {
        const number = workOrderNumber(year, serial);
        expect(number).toMatch(/^GD\d{10}$/);
        for (const typed of [number, number.toLowerCase(), number.slice(2), ` ${number.slice(0, 4)}-${number.slice(4)} `]) {
          expect(readWorkOrderNumber(typed)).toBe(number);
        }
        expect(readWorkOrderNumber([...number].map((c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join(''))).toBe(number);
      }),
    );
  });
  it('one wrong digit, or two neighbours swapped, is always noticed', () => {
    fc.assert(
      fc.property(serials, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }), (serial, place, shift) => {
        const digits = [...workOrderNumber(2026, serial).slice(2)];
        const wrong = digits.with(place, String((Number(digits[place]) + shift) % 10));
        expect(readWorkOrderNumber(wrong.join(''))).toBe('wrong');
        const next = (place + 1) % 10;
        if (next === 0 || digits[place] === digits[next]) return;
        const swapped = digits.with(place, digits[next] ?? '').with(next, digits[place] ?? '');
        expect(readWorkOrderNumber(swapped.join(''))).toBe('wrong');
      }),
    );
  });
  it.each(['', 'GD', '身份证', 'AL2026000101', '12345', 'GD26000000012345'])('%j is no number', (text) => {
    expect(readWorkOrderNumber(text)).toBeUndefined();
  });
});
