import { describe, expect, it } from 'vitest';
import { accusesStaff, namedDepartments } from './about-staff.ts';
import { type Command, decide } from './decide.ts';
import { type Actor, actorKinds, type WorkOrder, type WorkOrderEvent, workOrderActions, workOrderStates } from './order.ts';
import { replay } from './replay.ts';
import { mayAct, nextState, transitions } from './transitions.ts';

const _at = (text: string) => Date.parse(`${text}+08:00`);

import { at, calendars, matter, played, receive, start, supervisor } from './testing/play.ts';

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
