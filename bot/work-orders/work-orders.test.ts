import { beforeEach, describe, expect, it } from 'vitest';
import { saveRating } from '../store/ratings.ts';
import { onEachEngine } from '../store/testing/engines.ts';
import { meanAnswerTime, workOrderActionCounts, workOrderFigures } from '../store/work-orders-statistics.ts';
import { WorkOrderBackend } from './backend.ts';
import { openBadRatings } from './bad-ratings.ts';
import type { WorkOrder } from './order.ts';
import { progressOf } from './progress.ts';
import { replay } from './replay.ts';
import { findWorkOrder, historyOf, listWorkOrders } from './repository.ts';
import { agent, answered, at, department, type Office, openOffice, supervisor } from './testing/office.ts';

let office: Office;

onEachEngine('work orders', (store) => {
  beforeEach(async () => {
    office = openOffice(store().database, { rate: 0 });
    await office.arrive('c1');
  });

  describe('taking in', () => {
    it('[R-110] numbers are given once, also when forty citizens come at the same moment from two processes', async () => {
      const second = openOffice(await store().another());
      const taken = await Promise.all(
        Array.from({ length: 40 }, (_, i) => (i % 2 ? office.take() : second.orders.create({ title: `事 ${i}`, detail: 'x' }, agent))),
      );
      const numbers = taken.map((order) => order.number);
      expect(new Set(numbers).size).toBe(40);
      expect(numbers.every((number) => /^GD26\d{8}$/.test(number))).toBe(true);
    });

    it('tells the citizen number, code and the latest time, in their conversation', async () => {
      const order = await office.take({ urgency: 'urgent' });
      expect(await office.told()).toEqual([
        `已经为您登记，工单号 ${order.number}，查询码 ${order.code}，最晚 11月23日（周一）11:00 前答复您。想知道进度时，把工单号和查询码发给我就行。`,
      ]);
    });

    it('what the store holds is what its history makes', async () => {
      const order = await office.take();
      await answered(office, order.id);
      const events = await historyOf(store().db, order.id);
      expect(events.map(({ seq, action, actor }) => [seq, action, actor.name])).toEqual([
        [1, 'receive', 'li'],
        [2, 'dispatch', 'li'],
        [3, 'handle', 'chen'],
        [4, 'answer', 'chen'],
      ]);
      expect(replay(events)).toEqual(await findWorkOrder(store().db, { number: order.number }));
    });
  });

  describe('acting', () => {
    it('of twenty who act at the same moment one wins, the others are told why not', async () => {
      const order = await office.take();
      const second = openOffice(await store().another());
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          (i % 2 ? office : second).orders.act(order.id, { action: 'dispatch', department: '城管局' }, agent),
        ),
      );
      expect(outcomes.filter((one) => one !== 'unknown' && 'order' in one)).toHaveLength(1);
      expect(outcomes.filter((one) => one !== 'unknown' && 'refused' in one && one.refused.code === 'wrong_state')).toHaveLength(19);
      expect(await historyOf(store().db, order.id)).toHaveLength(2);
    });

    it('an unknown order is unknown', async () => {
      expect(await office.orders.act('nobody', { action: 'urge' }, supervisor)).toBe('unknown');
    });

    it('[R-110] the citizen hears of dispatch, extension, answer and reopening in plain words', async () => {
      const order = await office.take();
      await office.orders.act(order.id, { action: 'dispatch', department: '城管局' }, agent);
      await office.orders.act(order.id, { action: 'extend', note: '灯杆要重新订做' }, department);
      await office.orders.act(order.id, { action: 'handle', note: '换了灯杆' }, department);
      await office.orders.act(order.id, { action: 'answer', reply: '已经换好', resolution: 'solved' }, department);
      await office.orders.act(order.id, { action: 'reopen', note: '又不亮了' }, supervisor);
      const told = (await office.told()).slice(1);
      expect(told[0]).toBe(`工单 ${order.number} 已转给城管局办理，最晚 11月30日（周一）17:30 前答复您。`);
      expect(told[1]).toBe(`工单 ${order.number} 还需要一些时间：灯杆要重新订做。新的答复时间是 12月7日（周一）17:30 前，让您久等了。`);
      expect(told[2]).toContain('已经换好\n问题解决了，请回复“解决了”');
      expect(told[3]).toContain('已经重新办理');
    });
  });

  describe('[R-111] what happens by itself', () => {
    it('[R-112] half-time, 80 %, overdue and supervision come when they are due, once, on a fake clock', async () => {
      const order = await office.take({ urgency: 'urgent' });
      const second = openOffice(await store().another());
      const sweepAt = async (moment: string) => {
        office.clock.now = at(moment);
        second.clock.now = office.clock.now;
        await Promise.all([office.sweep(), second.sweep(), office.sweep()]);
        return (await historyOf(store().db, order.id)).slice(1).map(({ action }) => action);
      };
      expect(await sweepAt('2026-11-23T09:59')).toEqual([]);
      expect(await sweepAt('2026-11-23T10:00')).toEqual(['remind']);
      expect(await sweepAt('2026-11-23T10:36')).toEqual(['remind', 'urge']);
      expect(await sweepAt('2026-11-23T11:00')).toEqual(['remind', 'urge', 'overdue']);
      expect(await sweepAt('2026-11-24T17:30')).toEqual(['remind', 'urge', 'overdue', 'supervise']);
      expect(await sweepAt('2027-01-01T00:00')).toHaveLength(4);
      expect([...office.errors, ...second.errors]).toEqual([]);
      expect(await findWorkOrder(store().db, { id: order.id })).toMatchObject({
        supervised: true,
        urged: 1,
        overdueAt: at('2026-11-23T11:00'),
      });
    });

    it('[R-115] an overdue order tells the citizen why and the new date', async () => {
      const order = await office.take({ urgency: 'urgent' });
      office.clock.now = at('2026-11-23T11:00');
      await office.sweep();
      expect((await office.told()).at(-1)).toBe(
        `对不起，工单 ${order.number} 没有在约定的时间办完。办理部门还没有说明原因，我们已经在催办。我们会盯着，11月24日（周二）17:30 前给您一个答复。`,
      );
      const late = await office.take();
      await office.orders.act(late.id, { action: 'dispatch', department: '城管局' }, agent);
      await office.orders.act(late.id, { action: 'extend', note: '要等配件' }, department);
      office.clock.now = at('2026-12-08T09:00');
      await office.sweep();
      expect((await office.told()).at(-1)).toContain('原因是：要等配件');
    });

    it('an order that was down for a week catches up in order', async () => {
      const order = await office.take({ urgency: 'urgent' });
      office.clock.now = at('2026-12-01T09:00');
      await office.sweep();
      expect((await historyOf(store().db, order.id)).map(({ action }) => action)).toEqual([
        'receive',
        'remind',
        'urge',
        'overdue',
        'supervise',
      ]);
    });

    it('silence after an answer confirms and closes; an answered order is never overdue', async () => {
      const order = await office.take();
      await answered(office, order.id);
      office.clock.now = at('2026-11-26T17:29');
      await office.sweep();
      expect(await findWorkOrder(store().db, { id: order.id })).toMatchObject({ state: 'answered' });
      office.clock.now = at('2026-11-26T17:30');
      await office.sweep();
      expect(await findWorkOrder(store().db, { id: order.id })).toMatchObject({
        state: 'closed',
        overdueAt: null,
        result: { resolution: 'solved' },
      });
      expect(office.errors).toEqual([]);
    });
  });

  describe('finding', () => {
    it('by state, department, lateness and text, page by page', async () => {
      const taken: WorkOrder[] = [];
      for (let i = 0; i < 5; i++) {
        taken.push(await office.take({ title: `路灯 ${i} 100%`, urgency: i === 4 ? 'urgent' : 'general' }));
        office.clock.now += 1000;
      }
      await office.orders.act(taken[1]?.id ?? '', { action: 'dispatch', department: '城管局' }, agent);
      const { db } = store();
      const titles = async (...args: [Parameters<typeof listWorkOrders>[1], Partial<Parameters<typeof listWorkOrders>[2]>?]) =>
        (await listWorkOrders(db, args[0], { sort: 'newest', limit: 10, ...args[1] })).map(({ title }) => title.slice(3, 4)).join('');
      expect(await titles({})).toBe('43210');
      expect(await titles({}, { sort: 'due' })).toBe('40123');
      expect(await titles({ department: '城管局' })).toBe('1');
      expect(await titles({ states: ['received'] })).toBe('4320');
      expect(await titles({ overdueAt: at('2026-11-23T12:00') })).toBe('4');
      expect(await titles({ text: '2 100%' })).toBe('2');
      expect(await titles({ text: taken[3]?.number.toLowerCase() ?? '' })).toBe('3');
      expect(await titles({ text: '_' })).toBe('');
      const [, second] = await listWorkOrders(db, {}, { sort: 'newest', limit: 2 });
      expect(await titles({}, { after: { value: second?.receivedAt ?? 0, id: second?.id ?? '' } })).toBe('210');
    });
  });

  it('[R-109] figures: in time, late, actions, and how long until the first answer', async () => {
    const { db } = store();
    const period = { since: 0, until: at('2027-01-01T00:00') };
    expect(await meanAnswerTime(db, period)).toBeNull();
    const one = await office.take();
    office.clock.now += 3_600_000;
    await answered(office, one.id);
    const late = await office.take({ urgency: 'urgent' });
    await office.orders.act(late.id, { action: 'dispatch', department: '城管局' }, agent);
    office.clock.now += 3 * 3_600_000;
    await office.sweep();
    await office.take();
    expect(await workOrderFigures(db, period)).toEqual([
      { department: '城管局', received: 2, answered: 1, inTime: 1, late: 1 },
      { department: '', received: 1, answered: 0, inTime: null, late: 0 },
    ]);
    await office.orders.act(late.id, { action: 'handle', note: 'x' }, department);
    await office.orders.act(late.id, { action: 'answer', reply: 'x', resolution: 'solved' }, department);
    expect(await workOrderFigures(db, period)).toMatchObject([{ answered: 2, inTime: 0.5, late: 0 }, {}]);
    expect(await workOrderActionCounts(db, period)).toMatchObject({ receive: 3, answer: 2, overdue: 1 });
    expect(await meanAnswerTime(db, period)).toBe(2 * 3_600_000);
    expect(await meanAnswerTime(db, { ...period, until: 1 })).toBeNull();
  });

  describe('[R-113] progress', () => {
    const ask = (typed: string, proof: string) => progressOf(store().database, typed, proof, office.clock.now);
    it('by number and code, or the last four digits of the phone; anything else looks the same', async () => {
      const order = await office.take({ phone: '13800001234' });
      for (const proof of [order.code, '1234', '１２３４']) expect(await ask(order.number, proof)).toMatchObject({ found: true });
      const nothing = { found: false, mistyped: false };
      expect(await ask(order.number, '0000')).toEqual(nothing);
      expect(await ask(order.number, '')).toEqual(nothing);
      expect(await ask(order.number, '13800001234')).toEqual(nothing);
      expect(await ask('GD2600009991', order.code)).toMatchObject({ found: false });
      expect(await ask(order.number.slice(0, -1) + ((Number(order.number.at(-1)) + 1) % 10), order.code)).toEqual({
        found: false,
        mistyped: true,
      });
    });

    it('five wrong proofs close the door for a day, even for the right one; a right one before clears the count', async () => {
      const order = await office.take();
      for (let i = 0; i < 4; i++) await ask(order.number, '0000');
      expect(await ask(order.number, order.code)).toMatchObject({ found: true });
      for (let i = 0; i < 5; i++) await ask(order.number, '0000');
      expect(await ask(order.number, order.code)).toEqual({ found: false, mistyped: false });
      office.clock.now += 25 * 3_600_000;
      expect(await ask(order.number, order.code)).toMatchObject({ found: true });
    });

    it('is a back end of flows: lookup, urge, and the progress flow’s own lookup', async () => {
      const order = await office.take();
      const behind = { call: async (name: string) => ({ ok: true as const, values: { behind: name } }) };
      const backend = new WorkOrderBackend({ database: store().database, orders: office.orders, now: office.now, behind });
      const facts = { found: true, itemName: '路灯不亮', stage: '受理', dueDate: '2026年11月30日', department: '综合受理', overdue: false };
      expect(await backend.call('work_order.lookup', { number: order.number, proof: order.code })).toMatchObject({
        ok: true,
        values: facts,
      });
      expect(await backend.call('progress.lookup', { receipt: order.number, phoneTail: order.code })).toMatchObject({
        ok: true,
        values: facts,
      });
      expect(await backend.call('progress.lookup', { receipt: 'AL2026000101', phoneTail: '1101' })).toEqual({
        ok: true,
        values: { behind: 'progress.lookup' },
      });
      expect(await backend.call('work_order.lookup', { number: order.number, proof: '0000' })).toEqual({
        ok: true,
        values: { found: false, mistyped: false },
      });
      expect(await backend.call('work_order.urge', { number: order.number, proof: order.code })).toMatchObject({ ok: true });
      expect(await backend.call('work_order.urge', { number: order.number, proof: order.code })).toMatchObject({
        ok: false,
        message: expect.stringContaining('今天已经催办过'),
      });
      expect(await findWorkOrder(store().db, { id: order.id })).toMatchObject({ urged: 1 });
    });
  });

  describe('[R-126] bad ratings', () => {
    const rate = (score: number) =>
      saveRating(store().db, {
        conversationId: 'c1',
        score,
        tags: ['信息过时'],
        comment: '材料说错了',
        channel: 'web',
        createdAt: office.clock.now,
      });
    const open = (one = office) => openBadRatings({ database: store().database, orders: one.orders, now: one.now }, one.onError);

    it('a 1 or 2 opens one order, whoever looks and however often; a 3 opens none', async () => {
      await rate(2);
      await office.arrive('c2');
      await saveRating(store().db, { conversationId: 'c2', score: 3, tags: [], comment: null, channel: 'web', createdAt: 0 });
      const second = openOffice(await store().another());
      const opened = (
        await Promise.all([
          open(),
          openBadRatings({ database: await store().another(), orders: second.orders, now: second.now }, second.onError),
          open(),
        ])
      ).flat();
      expect(opened).toHaveLength(1);
      expect(await open()).toEqual([]);
      expect([...office.errors, ...second.errors]).toEqual([]);
      const [order] = await listWorkOrders(store().db, { kinds: ['bad_rating'] }, { sort: 'newest', limit: 9 });
      expect(order).toMatchObject({ title: '差评：信息过时', citizenKey: 'web:u-c1', dueAt: at('2026-12-14T17:30') });
      expect(order?.detail).toBe('评价：不满意（2 分）\n原因：信息过时\n市民说：材料说错了');
      expect(await office.told()).toEqual([expect.stringContaining('您的评价我们看到了，对不起')]);
    });

    it('goes the whole way: contact, put right, answer, public note, closed', async () => {
      await rate(1);
      await open();
      const [order] = await listWorkOrders(store().db, {}, { sort: 'newest', limit: 1 });
      const id = order?.id ?? '';
      await office.orders.act(id, { action: 'contact', reply: '您好，您说的材料是哪一项？' }, agent);
      await office.orders.act(id, { action: 'dispatch', department: '城管局' }, agent);
      await office.orders.act(id, { action: 'handle', note: '已更正办事指南' }, department);
      await office.orders.act(id, { action: 'answer', reply: '指南已经改了', resolution: 'solved' }, department);
      await office.orders.act(id, { action: 'confirm' }, supervisor);
      await office.sweep();
      expect(await findWorkOrder(store().db, { id })).toMatchObject({ state: 'confirmed' });
      await office.orders.act(id, { action: 'close', publicNote: '某指南材料清单已更正' }, supervisor);
      expect(await findWorkOrder(store().db, { id })).toMatchObject({
        state: 'closed',
        result: { resolution: 'solved', publicNote: '某指南材料清单已更正' },
      });
      expect((await office.told()).at(1)).toContain('工作人员说：您好，您说的材料是哪一项？');
    });

    it('nobody contacted within a working day: supervised', async () => {
      await rate(1);
      await open();
      office.clock.now = at('2026-11-24T17:30');
      await office.sweep();
      const [order] = await listWorkOrders(store().db, {}, { sort: 'newest', limit: 1 });
      expect(order).toMatchObject({ supervised: true, contactedAt: null });
    });
  });
});
