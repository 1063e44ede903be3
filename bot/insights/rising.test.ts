import { describe, expect, it } from 'vitest';
import { binomialTail, risingTopics, type TopicCount } from './rising.ts';

const flat = (item: string, recent: number, before: number): TopicCount => ({ item, recent, before });
/** Nine topics that go on as ever: a quarter of four weeks each week. */
const usual = Array.from({ length: 9 }, (_, i) => flat(`usual-${i}`, 20, 80));

describe('[R-020] a topic that rises above its baseline', () => {
  it('is raised when chance does not explain it, with what it usually is', () => {
    expect(risingTopics([...usual, flat('residence', 62, 72)])).toEqual([{ item: 'residence', recent: 62, usual: 18 }]);
    // A topic nobody asked about before.
    expect(risingTopics([...usual, flat('flood-relief', 15, 0)])).toMatchObject([{ item: 'flood-relief', usual: 0 }]);
  });

  it('is not raised by its ordinary ups and downs, by few people, or by a busy week of everything', () => {
    expect(risingTopics(usual)).toEqual([]);
    expect(risingTopics([...usual, flat('residence', 26, 80)])).toEqual([]);
    expect(risingTopics([...usual, flat('rare', 9, 0)])).toEqual([]);
    // Holidays are over: everything doubles.
    expect(risingTopics([...usual, flat('residence', 20, 80)].map((one) => ({ ...one, recent: one.recent * 2 })))).toEqual([]);
    expect(risingTopics([])).toEqual([]);
  });

  it('raises next to nothing over ten years of chance', () => {
    // A fixed linear congruential generator: the same series every run.
    let state = 20261121;
    const random = () => {
      state = (state * 1664525 + 1013904223) % 2 ** 32;
      return state / 2 ** 32;
    };
    const poisson = (mean: number) => {
      let [count, product] = [0, random()];
      for (const limit = Math.exp(-mean); product > limit; product *= random()) count += 1;
      return count;
    };
    let weeksWithAlarm = 0;
    for (let week = 0; week < 520; week++)
      if (risingTopics(Array.from({ length: 20 }, (_, i) => flat(`t${i}`, poisson(15), poisson(60)))).length > 0) weeksWithAlarm += 1;
    // One in a hundred at most, by the rule; a little more by chance.
    expect(weeksWithAlarm).toBeLessThanOrEqual(10);
  });

  it('the tail of the binomial agrees with values worked out by hand', () => {
    expect(binomialTail(2, 2, 0.5)).toBeCloseTo(0.25, 12);
    expect(binomialTail(3, 4, 0.5)).toBeCloseTo(5 / 16, 12);
    expect(binomialTail(1, 3, 0.2)).toBeCloseTo(1 - 0.8 ** 3, 12);
    expect(binomialTail(0, 3, 0.2)).toBe(1);
    expect(binomialTail(600, 1000, 0.5)).toBeCloseTo(1.3642e-10, 13);
  });
});
