import { describe, expect, it } from 'vitest';
import type { WorkOrderEvent } from '../work-orders/order.ts';
import { at, played } from '../work-orders/testing/play.ts';
import { auditOf } from './audit.ts';

const solved = [
  { action: 'dispatch', department: '城管局' },
  { action: 'handle', note: '已换灯泡' },
  { action: 'answer', reply: '路灯已经修好了', resolution: 'solved' },
] as const;
const history = () => played([...solved]);
const later = at('2026-12-31T09:00');

describe('[R-090] promised against real, and the order of steps', () => {
  it('a lawful history in time shows its promise and raises nothing', () => {
    const { rounds, flags } = auditOf('GD1', history(), later);
    expect(flags).toEqual([]);
    expect(rounds).toMatchObject([{ promisedAt: at('2026-11-30T17:30'), dueAt: at('2026-11-30T17:30'), department: '城管局' }]);
    expect(rounds[0]?.answeredAt).toBe(history()[3]?.at);
  });

  it('超时限: an answer after the date, and no answer long after it', () => {
    const late = history().map((event) => (event.action === 'answer' ? { ...event, at: at('2026-12-01T18:30') } : event));
    expect(auditOf('GD1', late, later).flags).toMatchObject([{ kind: 'late', words: '答复晚了 25 小时', department: '城管局' }]);
    const open = history().slice(0, 2);
    expect(auditOf('GD1', open, at('2026-11-30T17:30')).flags).toEqual([]);
    expect(auditOf('GD1', open, at('2026-11-30T18:00')).flags).toMatchObject([{ kind: 'late', words: '还没有答复，已超过 1 小时' }]);
  });

  it('an extension moves the date, and the first promise stays visible', () => {
    const events = played([solved[0], { action: 'extend', note: '要等配件' }, ...solved.slice(1)]);
    const [round] = auditOf('GD1', events, later).rounds;
    expect(round).toMatchObject({ promisedAt: at('2026-11-30T17:30'), dueAt: at('2026-12-07T17:30') });
  });

  it('a reopened order is promised anew', () => {
    const events = played([...solved, { action: 'reopen', note: '又坏了' }]);
    expect(auditOf('GD1', events, at('2026-11-24T09:00')).rounds.map(({ answeredAt }) => answeredAt === null)).toEqual([false, true]);
  });

  it('超权限 and 逆程序: what was written past the rules is found', () => {
    const [receive, dispatch, handle, answer] = history() as [WorkOrderEvent, WorkOrderEvent, WorkOrderEvent, WorkOrderEvent];
    const byCitizen = { ...dispatch, actor: { kind: 'citizen', name: 'web:u1' } } as const;
    expect(auditOf('GD1', [receive, byCitizen, handle, answer], later).flags).toMatchObject([{ kind: 'beyond_authority', seq: 2 }]);
    const skipped = [receive, { ...handle, seq: 2 }, { ...answer, seq: 3 }];
    expect(auditOf('GD1', skipped, at('2026-11-24T09:00')).flags).toMatchObject([{ kind: 'out_of_order', seq: 2 }]);
    // A step that was taken out of the middle.
    expect(auditOf('GD1', [receive, dispatch, answer], at('2026-11-24T09:00')).flags).toMatchObject([{ kind: 'out_of_order', seq: 4 }]);
  });
});
