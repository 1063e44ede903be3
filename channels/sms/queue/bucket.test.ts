import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bucket } from './bucket.ts';
import { dayStart, nextMorning, quietUntil } from './hours.ts';

describe('the global rate', () => {
  it('property: in no stretch of time leaves more than the rate, one second ahead and one message over', () => {
    const steps = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 5000 }), cost: fc.integer({ min: 1, max: 5 }) }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 20 }), (all, rate) => {
        let now = 0;
        const bucket = new Bucket(rate, () => now);
        const taken: { at: number; cost: number }[] = [];
        for (const { wait, cost } of all) {
          now += wait;
          if (bucket.take(cost) === 0) taken.push({ at: now, cost });
        }
        for (const [from, first] of taken.entries()) {
          let sum = 0;
          for (const { at, cost } of taken.slice(from)) {
            sum += cost;
            expect(sum).toBeLessThanOrEqual(((at - first.at) / 1000 + 1) * rate + 5);
          }
        }
      }),
    );
  });
  it('says how long to wait, and waits longer when the provider asked for less', () => {
    let now = 0;
    const bucket = new Bucket(2, () => now);
    expect([bucket.take(1), bucket.take(1), bucket.take(1)]).toEqual([0, 0, 500]);
    now += 500;
    expect(bucket.take(1)).toBe(0);
    bucket.slowDown();
    expect(bucket.take(1)).toBe(1000);
  });
});

describe('quiet hours in China', () => {
  const at = (time: string) => Date.parse(`2026-03-02T${time}:00+08:00`);
  it.each([
    ['21:59', undefined],
    ['22:00', '2026-03-03T08:00'],
    ['00:00', '2026-03-02T08:00'],
    ['07:59', '2026-03-02T08:00'],
    ['08:00', undefined],
  ])('%s', (time, until) => {
    expect(quietUntil(at(time))).toBe(until === undefined ? undefined : Date.parse(`${until}:00+08:00`));
  });
  it('knows the day and its morning', () => {
    expect([dayStart(at('00:00')), dayStart(at('23:59'))]).toEqual([at('00:00'), at('00:00')]);
    expect(nextMorning(at('10:00'))).toBe(Date.parse('2026-03-03T08:00:00+08:00'));
  });
});
