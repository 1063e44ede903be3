import { expect, it } from 'vitest';
import { Allowances } from './allowances.ts';
import { onEachEngine } from './store/testing/engines.ts';

onEachEngine('[R-021] allowances of several processes', (store) => {
  const clock = { now: 1_000_000 };
  const allowance = { limit: 8, windowMs: 60_000 };
  const process = () => new Allowances({ db: store().database.db, now: () => clock.now });
  const rows = async () => (await store().db.selectFrom('rate_limits').select('key').execute()).length;

  it('are counted alone up to a quarter, together beyond it, and anew when the window is over', async () => {
    const [one, two] = [process(), process()];
    expect([(await one.use('a', allowance)).used, (await one.use('a', allowance)).used]).toEqual([1, 2]);
    expect(await rows()).toBe(0);
    const beyond = [];
    for (let n = 0; n < 10; n++) beyond.push((await one.use('a', allowance)).used);
    expect(beyond).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    // The other one has its quarter, then hears what all have used.
    expect([(await two.use('a', allowance)).used, (await two.use('a', allowance)).used]).toEqual([1, 2]);
    expect((await two.use('a', allowance)).used).toBeGreaterThan(allowance.limit);
    expect((await two.use('b', allowance)).used).toBe(1);
    clock.now += 60_001;
    expect((await one.use('a', allowance)).used).toBe(1);
  });
});
