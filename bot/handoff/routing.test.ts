import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCalendars } from '../calendar/calendars.ts';
import { calendarFileSchema } from '../calendar/schema.ts';
import { addStaff, createSession } from '../store/staff.ts';
import { type Candidate, defaultProfile, putProfile, type StaffProfile } from '../store/staff-profiles.ts';
import { onEachEngine } from '../store/testing/engines.ts';
import { findWorkOrder, listWorkOrders } from '../work-orders/repository.ts';
import { openOffice } from '../work-orders/testing/office.ts';
import { estimateWait } from './estimate.ts';
import { wantsBotBack } from './leave.ts';
import { HandoffRouter } from './router.ts';
import { pickAgent } from './routing.ts';
import { type House, openHouse } from './testing/house.ts';

const person = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  name,
  role: 'agent',
  ...defaultProfile,
  presence: 'auto',
  load: 0,
  lastAssignedAt: 0,
  ...more,
});
const rules = { spillAfterMs: 120_000, onDuty: () => true };
const wanted = (skill = 'general', language = 'zh', waitingSince = 0) => ({ skill, language, waitingSince });
const pick = (...args: Parameters<typeof pickAgent>) => pickAgent(...args)?.name;

describe('who gets a conversation', () => {
  it('[R-052] somebody with the skill, also when others have less in hand', () => {
    const people = [person('li'), person('wang', { skills: ['医保'], load: 3 }), person('zhao', { skills: ['公积金'] })];
    expect(pick(wanted('医保'), people, 0, rules)).toBe('wang');
    expect(pick(wanted('general'), people, 0, rules)).toBe('li');
  });
  it('[R-052] spill-over: others step in after the wait, or at once when the experts are off duty', () => {
    const people = [person('li'), person('wang', { skills: ['医保'], load: 5 })];
    expect(pick(wanted('医保'), people, 119_999, rules)).toBeUndefined();
    expect(pick(wanted('医保'), people, 120_000, rules)).toBe('li');
    expect(pick(wanted('法律'), people, 0, { ...rules, onDuty: (skill) => skill !== '法律' })).toBe('li');
  });
  it('least load, then who was given nothing for longest, then by name', () => {
    expect(
      pick(
        wanted(),
        [person('a', { load: 2 }), person('b', { load: 1, lastAssignedAt: 9 }), person('c', { load: 1, lastAssignedAt: 5 })],
        0,
        rules,
      ),
    ).toBe('c');
    expect(pick(wanted(), [person('b'), person('a')], 0, rules)).toBe('a');
  });
  it('never somebody who is full, away, takes for themselves, works in a department, or cannot read the citizen', () => {
    const none = [
      person('full', { load: 5 }),
      person('away', { presence: 'away' }),
      person('manual', { presence: 'manual' }),
      person('office', { department: '城管局' }),
      person('ed', { role: 'editor' }),
    ];
    expect(pick(wanted(), none, 1e9, rules)).toBeUndefined();
    expect(pick(wanted('general', 'en'), [person('li')], 1e9, rules)).toBeUndefined();
    expect(pick(wanted('general', 'en'), [person('li'), person('anna', { languages: ['zh', 'en'] })], 1e9, rules)).toBe('anna');
  });
  it('stays fair: over many conversations nobody gets two more than a colleague', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 60 }), (size, conversations) => {
        let people = Array.from({ length: size }, (_, i) => person(`p${i}`, { capacity: 100 }));
        for (let i = 1; i <= conversations; i++) {
          const chosen = pickAgent(wanted(), people, 0, rules);
          people = people.map((one) => (one.name === chosen?.name ? { ...one, load: one.load + 1, lastAssignedAt: i } : one));
        }
        const loads = people.map(({ load }) => load);
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('going back to the bot', () => {
  it.each([
    '不用人工了',
    '取消人工',
    '取消排队',
    '不等了',
    '回到机器人',
    '转回智能助手',
    '我不排队了',
    '结束人工服务',
    '不要人工客服了',
    'back to the bot',
  ])('%s', (text) => {
    expect(wantsBotBack(text)).toBe(true);
    expect(wantsBotBack(`${text}。`)).toBe(true);
  });
  it.each([
    '转人工',
    '不用了',
    '不要',
    '不了',
    '人工',
    '取消预约',
    '我要回安澜',
    '结束了吗',
    '身份证不用带吗',
    '不能等了，很急',
    '取消公积金贷款',
    '不用身份证行吗',
  ])('not %s', (text) => {
    expect(wantsBotBack(text)).toBe(false);
  });
});

describe('the wait estimate', () => {
  const minutes = (...all: number[]) => all.map((one) => one * 60_000);
  const load = { slots: 4, busy: 4, handled: minutes(8, 8, 8, 8, 8), waited: minutes(1, 1, 1, 2, 9) };
  it('says nothing when nobody is there or too little is known', () => {
    expect(estimateWait(1, { ...load, slots: 0 })).toBeUndefined();
    expect(estimateWait(1, { ...load, handled: minutes(8, 8, 8, 8) })).toBeUndefined();
    expect(estimateWait(1, { ...load, busy: 0, waited: [] })).toBeUndefined();
  });
  it('the usual delay while places are free, then how fast they become free', () => {
    expect(estimateWait(1, { ...load, busy: 3 })).toBe(1);
    expect(estimateWait(1, load)).toBe(2);
    expect(estimateWait(4, load)).toBe(10);
    expect(estimateWait(20, load)).toBe(45);
    expect(estimateWait(400, load)).toBe(61);
  });
  it('grows with the place and shrinks with more people', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 30 }),
        (place, slots, busy) => {
          const at = (p: number, s: number) => estimateWait(p, { ...load, slots: s, busy: Math.min(busy, s) }) ?? 0;
          if (busy >= slots) expect(at(place, slots)).toBeLessThanOrEqual(at(place + 1, slots));
          if (busy >= slots + 1) expect(at(place, slots + 1)).toBeLessThanOrEqual(at(place, slots));
        },
      ),
    );
  });
  it('is about right in a simulated hall of four desks (seeded)', () => {
    // arrivals and services by chance: what was told at arrival against what came
    let seed = 42;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648;
    };
    const chance = (mean: number) => -Math.log(1 - random()) * mean;
    const free = [0, 0, 0, 0];
    const handled: number[] = [];
    const starts: number[] = [];
    let now = 0;
    const told: { estimate: number; real: number }[] = [];
    for (let i = 0; i < 2000; i++) {
      now += chance(2.1);
      const desk = free.indexOf(Math.min(...free));
      const begins = Math.max(now, free[desk] ?? 0);
      const ahead = starts.filter((start) => start > now).length;
      const busy = free.filter((until) => until > now).length;
      const estimate = estimateWait(ahead + 1, { slots: 4, busy, handled: minutes(...handled.slice(-50)), waited: minutes(0, 0, 0, 0, 0) });
      if (begins > now && estimate !== undefined && estimate <= 60) told.push({ estimate, real: begins - now });
      const service = chance(8);
      free[desk] = begins + service;
      starts.push(begins);
      handled.push(service);
    }
    const sum = (pick: (one: (typeof told)[number]) => number) => told.reduce((total, one) => total + pick(one), 0);
    const ratio = sum(({ estimate }) => estimate) / sum(({ real }) => real);
    const kept = told.filter(({ estimate, real }) => real <= estimate).length / told.length;
    console.log(`wait estimates: ${told.length} told, told ÷ real ${ratio.toFixed(2)}, kept ${(kept * 100).toFixed(0)} %`);
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.6);
    expect(kept).toBeGreaterThan(0.5);
  });
});

let house: House;
onEachEngine('people at the desk', (store) => {
  beforeEach(async () => {
    house = await openHouse({ given: store().database });
  });
  afterEach(() => house.close());

  const sign = async (name: string, profile: Partial<StaffProfile> = {}) => {
    const { db } = store();
    await addStaff(db, { name, role: 'agent', passwordHash: '' }, 0);
    await putProfile(db, { name, ...defaultProfile, presence: 'auto', ...profile }, 0);
    await seen(name);
  };
  const seen = (name: string) =>
    createSession(
      store().db,
      { tokenHash: `${name}-${house.clock.now}`, staffName: name, expiresAt: house.clock.now + 1e9 },
      house.clock.now,
    );
  const office = makeCalendars(
    calendarFileSchema.parse({
      zone: 'Asia/Shanghai',
      office: { mon: ['09:00-17:30'] },
      queues: { general: { mon: ['09:00-12:00'], tue: ['09:00-12:00'] } },
    }),
  );
  const router = () => new HandoffRouter({ database: store().database, desk: house.desk, calendars: office, now: () => house.clock.now });
  const waits = async (id: string, options = {}, locale?: string) => {
    await house.arrive(id, undefined, locale);
    return house.asksForPerson(id, options);
  };
  const statuses = async (id: string) => (await house.logOf(id)).filter(({ name }) => name === 'handoff.status').map(({ value }) => value);
  const said = async (id: string) => (await house.logOf(id)).filter(({ type }) => type === 'message').map(({ text }) => text ?? '');

  it('[R-052] gives waiting conversations to those on duty by skill and load, urgent ones first, as many as they can hold', async () => {
    await sign('li', { capacity: 1 });
    await sign('wang', { skills: ['医保'], capacity: 1 });
    await waits('c1');
    await waits('c2', { urgency: 'urgent' });
    await waits('c3', { skill: '医保' });
    const [one, two] = [router(), router()];
    await Promise.all([one.route(), two.route()]);
    expect((await house.desk.mine('li')).map(({ conversationId }) => conversationId)).toEqual(['c2']);
    expect((await house.desk.mine('wang')).map(({ conversationId }) => conversationId)).toEqual(['c3']);
    expect((await house.desk.queue()).map(({ conversationId }) => conversationId)).toEqual(['c1']);
  });

  it('takes nothing from those who choose for themselves', async () => {
    await sign('li', { presence: 'manual' });
    await waits('c1');
    expect(await router().route()).toBe(0);
    expect(await house.desk.queue()).toHaveLength(1);
  });

  it('an agent who vanished: the citizen is told, goes in front, and is served by the next', async () => {
    await sign('li', { presence: 'manual' });
    await waits('c1');
    await house.desk.claim('c1', 'li');
    house.clock.now += 60_000;
    await waits('c0');
    await router().route();
    expect(await house.modeOf('c1')).toBe('agent');
    house.clock.now += 200_000;
    await waits('c2');
    await router().route();
    expect(await house.modeOf('c1')).toBe('waiting');
    expect((await house.desk.queue()).map(({ conversationId, note }) => [conversationId, note])).toEqual([
      ['c1', 'li 的连接断开了'],
      ['c0', null],
      ['c2', null],
    ]);
    expect((await said('c1')).at(-1)).toContain('您排在最前面');
    expect((await statuses('c0')).at(-1)).toMatchObject({ state: 'waiting', position: 2 });
    await sign('wang');
    await router().route();
    expect((await house.desk.mine('wang')).map(({ conversationId }) => conversationId)).toEqual(['c1', 'c0', 'c2']);
    expect(await house.desk.requeue('c1', 'li')).toBe(false);
  });

  it('the citizen may go back to the bot from the queue and from an agent', async () => {
    await waits('c1');
    await waits('c2');
    expect(await house.desk.leave('c1')).toBe(true);
    expect(await house.modeOf('c1')).toBe('bot');
    expect((await statuses('c1')).at(-1)).toMatchObject({ state: 'released' });
    expect((await statuses('c2')).at(-1)).toMatchObject({ state: 'waiting', position: 1 });
    await house.desk.claim('c2', 'li');
    expect(await house.desk.leave('c2')).toBe(true);
    expect(await house.desk.say('c2', 'li', { text: '在吗', messageId: 'm' })).toBe('not_yours');
    expect(await house.desk.leave('c2')).toBe(false);
  });

  it('the estimate is told with the place, says when it is unknown, and is corrected when it runs out', async () => {
    await waits('c1');
    expect((await statuses('c1')).at(-1)).toMatchObject({ position: 1, message: expect.stringContaining('要等多久现在还估不准') });
    await sign('li', { presence: 'manual' });
    for (let i = 0; i < 5; i++) {
      await waits(`p${i}`);
      house.clock.now += 90_000;
      await seen('li');
      await house.desk.claim(`p${i}`, 'li');
      await house.desk.close(`p${i}`, 'li');
    }
    await waits('c2');
    expect((await statuses('c2')).at(-1)).toMatchObject({
      position: 2,
      estimateMinutes: 2,
      message: expect.stringContaining('预计还要等 2 分钟左右'),
    });
    const before = (await statuses('c2')).length;
    await house.desk.queueMoved();
    expect(await statuses('c2')).toHaveLength(before);
    house.clock.now += 121_000;
    await house.desk.queueMoved();
    expect((await statuses('c2')).at(-1)).toMatchObject({ message: expect.stringContaining('比刚才说的要久一些') });
  });

  it.each([
    ['in an English conversation', {}, 'en-US'],
    ['who writes English in a Chinese one', { locale: 'en' }, 'zh-CN'],
  ])('somebody %s is told everything in English and waits for somebody who speaks it', async (_who, options, locale) => {
    await sign('li');
    await waits('c1', options, locale);
    await router().route();
    expect(await house.desk.queue()).toMatchObject([{ language: 'en' }]);
    await sign('anna', { languages: ['zh', 'en'] });
    await router().route();
    expect(await house.desk.mine('anna')).toHaveLength(1);
    await house.desk.close('c1', 'anna');
    expect((await said('c1')).every((text) => !/\p{Script=Han}/u.test(text))).toBe(true);
  });

  describe('[R-015] outside the hours', () => {
    const night = Date.parse('2026-11-23T22:00+08:00');
    const asks = async (id: string, options = {}) => {
      const work = openOffice(store().database, { rate: 0 });
      work.clock.now = house.clock.now;
      return waits(id, { duty: { calendars: office, orders: work.orders }, ...options });
    };

    it('a request becomes a message with number, code and promised time; the bot goes on answering', async () => {
      house.clock.now = night;
      await house.arrive('c1');
      await house.says('c1', '公积金怎么提取');
      expect(await asks('c1')).toMatchObject({ state: 'message', position: 0 });
      expect(await house.modeOf('c1')).toBe('bot');
      expect(await house.desk.queue()).toEqual([]);
      const [order] = await listWorkOrders(store().db, {}, { sort: 'newest', limit: 9 });
      expect(order).toMatchObject({ kind: 'message', title: '公积金怎么提取', state: 'received', conversationId: 'c1' });
      expect((await said('c1')).at(-1)).toBe(
        `现在不是人工值守时间（11月24日（周二）09:00 开始）。已经为您登记留言，工单号 ${order?.number}，查询码 ${order?.code}，最晚 11月24日（周二）17:30 前在这里答复您。想补充什么，直接发在这里就行。等的时候可以接着问我。`,
      );
      expect((await statuses('c1')).at(-1)).toMatchObject({ state: 'failed' });
    });

    it('asking again repeats the number; a matter not yet named is asked for', async () => {
      house.clock.now = night;
      await house.arrive('c1');
      await asks('c1');
      expect((await said('c1')).at(-1)).toContain('请把要办的事和您的联系方式直接发在这里');
      await house.asksForPerson('c1', { duty: { calendars: office, orders: openOffice(store().database).orders } });
      expect((await said('c1')).at(-1)).toContain('您的留言已经登记过了');
      expect(await listWorkOrders(store().db, {}, { sort: 'newest', limit: 9 })).toHaveLength(1);
    });

    it('somebody at the desk anyway takes the conversation', async () => {
      house.clock.now = night;
      await sign('li');
      expect(await asks('c1')).toMatchObject({ state: 'opened' });
    });

    it('[R-052] experts off duty: the general staff are there first, and the citizen is told when the experts are back', async () => {
      house.clock.now = Date.parse('2026-11-24T10:00+08:00');
      expect(await asks('c1', { skill: '医保' })).toMatchObject({ state: 'opened' });
      expect((await said('c1')).at(-1)).toContain('医保专席现在不在值守时间（11月30日（周一）09:00 开始），先由综合座席接待您');
    });

    it('the answer to a message reaches the citizen where they asked', async () => {
      house.clock.now = night;
      await house.arrive('c1');
      await asks('c1');
      const [order] = await listWorkOrders(store().db, {}, { sort: 'newest', limit: 1 });
      const work = openOffice(store().database, { rate: 0 });
      await work.orders.act(
        order?.id ?? '',
        { action: 'answer_directly', reply: '请带身份证', resolution: 'explained' },
        { kind: 'agent', name: 'li' },
      );
      expect((await said('c1')).at(-1)).toContain('请带身份证');
      expect(await findWorkOrder(store().db, { id: order?.id ?? '' })).toMatchObject({ state: 'answered' });
    });
  });
});
