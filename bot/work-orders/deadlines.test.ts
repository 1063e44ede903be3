import { describe, expect, it } from 'vitest';
import { deadlineFrom } from './deadlines.ts';
import type { Matter } from './order.ts';
import { replay } from './replay.ts';

const _at = (text: string) => Date.parse(`${text}+08:00`);

import { at, calendars, matter, played, start } from './testing/play.ts';

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
