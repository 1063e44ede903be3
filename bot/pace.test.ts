import { expect, it } from 'vitest';
import { Allowances } from './allowances.ts';
import { Pace } from './pace.ts';
import { onEachEngine } from './store/testing/engines.ts';

onEachEngine('[R-122] a flood on a chat channel', (store) => {
  const clock = { now: 1_000_000 };
  const paceOf = (perMinute = 20) => {
    const { database } = store();
    const now = () => clock.now;
    return new Pace({ database, allowances: new Allowances({ db: database.db, now }), now, perMinute });
  };
  const sent = async (pace: Pace, id: string, count: number) => {
    const outcomes: string[] = [];
    for (let n = 0; n < count; n++) outcomes.push((await pace.of(id)) ?? 'turn');
    return outcomes;
  };

  it('gets its turns up to the limit, then one word a minute, then turns again', async () => {
    const pace = paceOf();
    const first = await sent(pace, 'c1', 30);
    expect([first.filter((one) => one === 'turn').length, first.indexOf('tell'), first.filter((one) => one === 'tell').length]).toEqual([
      20, 20, 1,
    ]);
    expect(await sent(pace, 'c2', 5)).toEqual(Array(5).fill('turn'));
    clock.now += 60_001;
    expect(await sent(pace, 'c1', 3)).toEqual(Array(3).fill('turn'));
  });

  it('is one flood whichever process gets it; a quarter is counted by each alone, without a query', async () => {
    const processes = [paceOf(), paceOf()];
    const outcomes: string[] = [];
    for (let n = 0; n < 60; n++) outcomes.push((await processes[n % 2]?.of('c1')) ?? 'turn');
    expect(outcomes.filter((one) => one === 'turn')).toHaveLength(25);
    expect(outcomes.filter((one) => one === 'tell')).toHaveLength(1);
    const { count } = await store()
      .db.selectFrom('rate_limits')
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBe(2);
  });
});
