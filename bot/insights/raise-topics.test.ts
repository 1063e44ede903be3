import { describe, expect, it } from 'vitest';
import { openHouse } from '../handoff/testing/house.ts';
import { onEachEngine } from '../store/testing/engines.ts';
import { agent, openOffice } from '../work-orders/testing/office.ts';
import { raiseTopics } from './raise-topics.ts';
import { findRising } from './rising.ts';
import { talk } from './testing/talk.ts';

const day = 86_400_000;

onEachEngine('[R-020] 未诉先办', (store) => {
  describe('a topic that rises', () => {
    it('becomes one work order, whoever looks and however often, until somebody has had it for two weeks', async () => {
      const { database } = store();
      const office = openOffice(database, { now: '2026-11-23T09:00' });
      const house = await openHouse({ given: database });
      let talks = 0;
      const asked = async (item: string, at: number) => {
        const id = `rise-${++talks}`;
        await house.arrive(id);
        await talk(house, { id, text: '怎么办', outcome: 'answered', citations: [`${item}#steps`], at });
      };
      const now = office.clock.now;
      for (let week = 1; week <= 5; week++)
        for (let i = 0; i < 12; i++) await asked('residence', now - week * 7 * day - (i + 1) * 3_600_000);
      for (let i = 0; i < 12; i++) await asked('residence', now - day - i * 3_600_000);
      const tools = { database, orders: office.orders, now: office.now, itemOf: () => ({ title: '失业金申领', department: '人社局' }) };
      expect(await raiseTopics(tools)).toEqual([]);

      // Some at the same moment: no page may leave one out or count one twice.
      for (let i = 0; i < 25; i++) await asked('unemployment', now - day - Math.floor(i / 4) * 60_000);
      const rise = [expect.objectContaining({ item: 'unemployment', recent: 25 })];
      for (const pageRows of [1, 3, 25, 2000]) expect(await findRising(database.db, now, pageRows)).toEqual(rise);
      const [one, two] = await Promise.all([raiseTopics(tools), raiseTopics(tools)]);
      const [number] = [...one, ...two];
      expect([...one, ...two]).toHaveLength(1);
      const order = await database.db
        .selectFrom('work_orders')
        .selectAll()
        .where('number', '=', number ?? '')
        .executeTakeFirstOrThrow();
      expect(order).toMatchObject({ kind: 'before_complaint', state: 'received', conversation_id: null });
      expect(order.title).toContain('失业金申领');
      expect(order.order_json).toContain('最近七天有 25 个对话');
      expect(order.order_json).toContain('之前四周没有人问');
      // It goes the way of every order.
      expect(await office.orders.act(order.id, { action: 'dispatch', department: '住建局' }, agent)).toMatchObject({
        order: { state: 'dispatched' },
      });
      office.clock.now += 2 * day;
      expect(await raiseTopics(tools)).toEqual([]);
      await house.close();
    });
  });
});
