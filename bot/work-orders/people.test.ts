import { afterEach, beforeEach, expect, it } from 'vitest';
import { defaultCalendars } from '../calendar/calendars.ts';
import { defaultAssistant } from '../handoff/events.ts';
import { type House, openHouse } from '../handoff/testing/house.ts';
import { saveRating } from '../store/ratings.ts';
import { addStaff, createSession } from '../store/staff.ts';
import { defaultProfile, putProfile } from '../store/staff-profiles.ts';
import { People } from './people.ts';
import { findWorkOrder, listWorkOrders } from './repository.ts';

let house: House;
let people: People;
let errors: string[];
const newest = { sort: 'newest', limit: 9 } as const;

beforeEach(async () => {
  house = await openHouse();
  house.clock.now = Date.parse('2026-11-23T09:00+08:00');
  errors = [];
  const { database, log, desk, newId } = house;
  people = new People({
    database,
    log,
    desk,
    calendars: { ...defaultCalendars(), followUp: { rate: 1, seed: 'x' } },
    now: () => house.clock.now,
    newId,
    newCode: () => '4711',
    assistant: defaultAssistant,
    departments: new Set(['城管局']),
    mayAsk: async (_tx, conversation) => conversation.id !== 'silent',
    mayTell: async (_tx, conversation) => conversation.id !== 'silent',
    onError: (error, what) => errors.push(`${what}: ${String(error)}`),
  });
  await house.arrive('c1');
});
afterEach(async () => {
  await people.close();
  await house.close();
  expect(errors).toEqual([]);
});
const mode = async (id: string) => ({ id, mode: (await house.modeOf(id)) as 'bot' | 'waiting' | 'agent' });
const hears = async (text: string, midFlow = false) => people.hears(await mode('c1'), text, midFlow);

it('回到助手 ends the wait and the talk with a person; elsewhere the words mean nothing special', async () => {
  expect(await hears('不用人工了')).toBeUndefined();
  await house.asksForPerson('c1');
  expect(await hears('不用人工了')).toEqual({ outcome: 'small_talk', reason: 'left_person', reply: undefined });
  expect(await house.modeOf('c1')).toBe('bot');
});

it('[R-137] an answer to an order is heard, but not in the middle of a flow and not while a person is there', async () => {
  const order = await people.orders.create(
    { title: '路灯', detail: '不亮', conversationId: 'c1', channel: 'web' },
    { kind: 'agent', name: 'li' },
  );
  await people.orders.act(order.id, { action: 'answer_directly', reply: '修好了', resolution: 'solved' }, { kind: 'agent', name: 'li' });
  expect(await hears('没解决', true)).toBeUndefined();
  await house.asksForPerson('c1');
  await house.desk.claim('c1', 'li');
  expect(await hears('没解决')).toBeUndefined();
  await house.desk.close('c1', 'li');
  expect(await hears('没解决')).toMatchObject({
    outcome: 'rated',
    reason: 'follow_up_unresolved',
    reply: expect.stringContaining('重新办理'),
  });
  expect(await hears('身份证怎么办')).toBeUndefined();
});

it('one sweep sees to bad ratings, deadlines, follow-ups and the queue, and a second finds nothing left', async () => {
  const { db } = house.database;
  await saveRating(db, { conversationId: 'c1', score: 1, tags: [], comment: null, channel: 'web', createdAt: house.clock.now });
  const order = await people.orders.create({ title: '停水', detail: '停水', urgency: 'urgent' }, { kind: 'agent', name: 'li' });
  await addStaff(db, { name: 'li', role: 'agent', passwordHash: '' }, 0);
  await putProfile(db, { name: 'li', ...defaultProfile, presence: 'auto' }, 0);
  house.clock.now += 3_600_000;
  await createSession(db, { tokenHash: 'h', staffName: 'li', expiresAt: house.clock.now + 1e9 }, house.clock.now);
  await house.arrive('c2');
  await house.asksForPerson('c2');
  await Promise.all([people.sweep(), people.sweep()]);
  expect(await listWorkOrders(db, { kinds: ['bad_rating'] }, newest)).toHaveLength(1);
  expect((await house.desk.mine('li')).map(({ conversationId }) => conversationId)).toEqual(['c2']);
  const version = (await findWorkOrder(db, { id: order.id }))?.version;
  expect(version).toBe(2);
  await people.sweep();
  expect((await findWorkOrder(db, { id: order.id }))?.version).toBe(version);
});

it('[R-144] who may not be written to is not followed up', async () => {
  await house.arrive('silent');
  for (const id of ['c1', 'silent']) {
    const order = await people.orders.create(
      { title: '路灯', detail: '不亮', conversationId: id, channel: 'web' },
      { kind: 'agent', name: 'li' },
    );
    await people.orders.act(order.id, { action: 'answer_directly', reply: '好了', resolution: 'solved' }, { kind: 'agent', name: 'li' });
  }
  house.clock.now += 4 * 86_400_000;
  await people.sweep();
  house.clock.now += 2 * 86_400_000;
  await people.sweep();
  const asked = async (id: string) => (await house.logOf(id)).some(({ text }) => text?.startsWith('回访'));
  expect([await asked('c1'), await asked('silent')]).toEqual([true, false]);
});

it('[R-113] who may not be written to unasked hears no progress, but the answer', async () => {
  await house.arrive('silent');
  for (const id of ['c1', 'silent']) {
    const order = await people.orders.create(
      { title: '路灯', detail: '不亮', conversationId: id, channel: 'web' },
      { kind: 'agent', name: 'li' },
    );
    await people.orders.act(order.id, { action: 'dispatch', department: '城管局' }, { kind: 'agent', name: 'li' });
    await people.orders.act(order.id, { action: 'handle', note: '换了灯泡' }, { kind: 'department', name: 'chen' });
    await people.orders.act(order.id, { action: 'answer', reply: '修好了', resolution: 'solved' }, { kind: 'department', name: 'chen' });
  }
  const heard = async (id: string, words: string) => (await house.logOf(id)).some(({ text }) => text?.includes(words));
  expect([await heard('c1', '已转给城管局'), await heard('silent', '已转给城管局')]).toEqual([true, false]);
  expect([await heard('c1', '修好了'), await heard('silent', '修好了')]).toEqual([true, true]);
});

it('looks by itself while it is started, and routes when the queue moves', async () => {
  const { db } = house.database;
  await addStaff(db, { name: 'li', role: 'agent', passwordHash: '' }, 0);
  await putProfile(db, { name: 'li', ...defaultProfile, presence: 'auto' }, 0);
  await createSession(db, { tokenHash: 'h', staffName: 'li', expiresAt: house.clock.now + 1e9 }, house.clock.now);
  people.start();
  await house.asksForPerson('c1');
  await expect.poll(() => house.modeOf('c1')).toBe('agent');
});
