import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveRating } from '../../bot/store/ratings.ts';
import { openBadRatings } from '../../bot/work-orders/bad-ratings.ts';
import { type DeskApiOptions, deskRoutes } from './router.ts';
import { plainOptions } from './testing/options.ts';
import { type DeskClient, type DeskServer, startDeskServer } from './testing/server.ts';

let server: DeskServer;
let options: DeskApiOptions;
let li: DeskClient;
let wang: DeskClient;
let ana: DeskClient;
let sup: DeskClient;
let boss: DeskClient;

beforeAll(async () => {
  server = await startDeskServer();
  options = plainOptions(server.house);
  li = await server.signedIn('li');
  wang = await server.signedIn('wang');
  ana = await server.signedIn('ana');
  sup = await server.signedIn('sup');
  boss = await server.signedIn('boss');
  // wang works in a department
  expect(
    (await boss.request('PUT', '/staff/wang/profile', { skills: [], languages: ['zh'], department: '城管局', capacity: 5 })).status,
  ).toBe(200);
});
afterAll(async () => {
  await server.close();
  expect(server.errors).toEqual([]);
});

interface Order {
  number: string;
  code: string;
  state: string;
  version: number;
  title: string;
  detail: string;
  conversationId: string | null;
  phone: string | null;
  actions: { action: string }[];
}
const code = (answer: { body: unknown }) => (answer.body as { error?: { code: string } }).error?.code;
const lamp = {
  demandType: 'help',
  title: '路灯不亮',
  detail: '幸福路 3 号的路灯不亮，电话 13800001234',
  place: '幸福路 3 号',
  phone: '13800001234',
  channel: 'phone',
};
const take = async (more: object = {}): Promise<Order> => {
  const answer = await li.post('/work-orders', { ...lamp, ...more });
  expect(answer.status).toBe(200);
  return answer.body as Order;
};
const act = (client: DeskClient, number: string, body: object) => client.post(`/work-orders/${number}/actions`, body);
const read = async (client: DeskClient, number: string) => (await client.get(`/work-orders/${number}`)).body as Order;
const numbers = async (client: DeskClient, query = '') =>
  ((await client.get(`/work-orders${query}`)).body as { orders: Order[] }).orders.map(({ number }) => number);

describe('[R-110] an order through the desk', () => {
  it('from the phone to the answer, by an agent and a department, with its history', async () => {
    const taken = await take();
    expect(taken).toMatchObject({ state: 'received', channel: 'phone', code: '4711', dueAt: expect.stringMatching(/T09:30:00.000Z$/) });
    expect(taken.actions.map(({ action }) => action)).toEqual(expect.arrayContaining(['dispatch', 'answer_directly', 'decline']));
    expect((await act(li, taken.number, { action: 'dispatch', department: '城管局' })).body).toMatchObject({
      state: 'dispatched',
      department: '城管局',
    });
    expect(code(await act(li, taken.number, { action: 'handle', note: '换了' }))).toBe('not_allowed');
    expect((await act(wang, taken.number, { action: 'handle', note: '换了灯泡' })).body).toMatchObject({
      state: 'handled',
      handler: 'wang',
    });
    expect(code(await act(wang, taken.number, { action: 'answer', reply: '好了' }))).toBe('missing');
    expect((await act(wang, taken.number, { action: 'answer', reply: '好了', resolution: 'solved' })).body).toMatchObject({
      state: 'answered',
    });
    expect(code(await act(wang, taken.number, { action: 'handle', note: '换了' }))).toBe('wrong_state');
    const history = (await sup.get(`/work-orders/${taken.number.toLowerCase()}/history`)).body as { action: string; actorName: string }[];
    expect(history.map(({ action, actorName }) => `${action} ${actorName}`)).toEqual([
      'receive li',
      'dispatch li',
      'handle wang',
      'answer wang',
    ]);
  });

  it('from a conversation: the citizen is told there, and only conversations that asked for a person can be used', async () => {
    await server.house.arrive('with-person');
    await server.house.asksForPerson('with-person');
    await server.house.arrive('with-bot');
    const order = await take({ conversationId: 'with-person', channel: null });
    expect(order).toMatchObject({ channel: 'web', conversationId: 'with-person' });
    expect((await server.house.logOf('with-person')).at(-1)?.text).toContain(order.number);
    expect(code(await li.post('/work-orders', { ...lamp, conversationId: 'with-bot' }))).toBe('not_handed_over');
    expect(code(await li.post('/work-orders', { ...lamp, conversationId: 'nowhere' }))).toBe('unknown_conversation');
  });

  it('who saw an older version is told that it has moved on', async () => {
    const { number, version } = await take();
    expect((await act(li, number, { action: 'urge', version })).status).toBe(200);
    expect(code(await act(li, number, { action: 'dispatch', department: '城管局', version }))).toBe('moved_on');
  });

  it('suggests earlier orders with the same matter, and departments', async () => {
    const again = await take({ place: '样板路 9 号', detail: '样板路 9 号的路灯坏了' });
    const third = await take({ place: '样板路9号', detail: '样板路 9 号路灯还是坏的' });
    const { body } = await li.get(`/work-orders/${third.number}/suggestions`);
    expect(body).toMatchObject({ duplicates: [{ order: { number: again.number } }], departments: [{ department: '公安局', share: 1 }] });
  });

  it('lists by state, department, text and lateness, page by page', async () => {
    const [one, two] = [await take({ title: '翻页甲' }), await take({ title: '翻页乙', urgency: 'urgent' })];
    expect(await numbers(li, `?q=${encodeURIComponent('翻页')}&sort=due`)).toEqual([two.number, one.number]);
    const page = (await li.get(`/work-orders?q=${encodeURIComponent('翻页')}&sort=due&limit=1`)).body as { next: string };
    expect(await numbers(li, `?q=${encodeURIComponent('翻页')}&sort=due&limit=1&after=${encodeURIComponent(page.next)}`)).toEqual([
      one.number,
    ]);
    expect(await numbers(li, `?state=received,dispatched&q=${one.number}`)).toEqual([one.number]);
    expect(await numbers(li, `?state=closed&q=${one.number}`)).toEqual([]);
    server.house.clock.now += 3 * 3_600_000;
    expect(await numbers(li, `?overdue=true&q=${encodeURIComponent('翻页')}`)).toEqual([two.number]);
    for (const bad of ['?state=nowhere', '?limit=0', '?after=x', '?sort=best', '?urgency=x'])
      expect((await li.get(`/work-orders${bad}`)).status).toBe(400);
  });
});

describe('[R-016] who sees what', () => {
  it('[R-121] people of a department see its inbox and nothing else', async () => {
    const [ours, theirs] = [await take(), await take()];
    await act(li, ours.number, { action: 'dispatch', department: '城管局' });
    await act(li, theirs.number, { action: 'dispatch', department: '住建局' });
    const inbox = await numbers(wang, '?department=住建局');
    expect(inbox).toContain(ours.number);
    expect(inbox).not.toContain(theirs.number);
    expect(code(await wang.get(`/work-orders/${theirs.number}`))).toBe('unknown_order');
    expect(code(await act(wang, theirs.number, { action: 'handle', note: 'x' }))).toBe('unknown_order');
    await act(sup, theirs.number, { action: 'return', note: '共同处理' });
    await act(sup, theirs.number, { action: 'dispatch', department: '住建局', coDepartments: ['城管局'] });
    expect((await wang.get(`/work-orders/${theirs.number}`)).status).toBe(200);
  });

  it('analysts read without personal data and do nothing; editors see none', async () => {
    const { number } = await take();
    const seen = await read(ana, number);
    expect(seen).toMatchObject({ phone: null, place: null, conversationId: null, actions: [] });
    expect(JSON.stringify(seen)).not.toContain('13800001234');
    expect(code(await act(ana, number, { action: 'urge' }))).toBe('forbidden');
    expect((await (await server.signedIn('ed')).get('/work-orders')).status).toBe(403);
  });

  it('[R-141] nobody but supervisors learns who gave a bad rating before it is closed', async () => {
    const { house } = server;
    await house.arrive('rated');
    await house.asksForPerson('rated');
    await saveRating(house.database.db, {
      conversationId: 'rated',
      score: 1,
      tags: ['态度不好'],
      comment: null,
      channel: 'web',
      createdAt: house.clock.now,
    });
    const orders = options.work?.orders;
    if (orders === undefined) throw new Error('no work orders');
    const [number = ''] = await openBadRatings({ database: house.database, orders, now: () => house.clock.now }, (error) => {
      throw error;
    });
    expect(await read(li, number)).toMatchObject({ conversationId: null, channel: null, title: '差评：态度不好' });
    expect(await read(sup, number)).toMatchObject({ conversationId: 'rated', channel: 'web' });
    // the agent contacts the citizen all the same
    expect((await act(li, number, { action: 'contact', reply: '对不起，请问是什么事？' })).status).toBe(200);
    expect((await house.logOf('rated')).at(-1)?.text).toContain('对不起，请问是什么事？');
    await act(sup, number, { action: 'dispatch', department: '城管局' });
    await act(sup, number, { action: 'handle', note: '谈话提醒' });
    await act(sup, number, { action: 'answer', reply: '已批评教育', resolution: 'solved' });
    await act(sup, number, { action: 'confirm' });
    expect(code(await act(li, number, { action: 'close' }))).toBe('missing');
    expect((await act(li, number, { action: 'close', publicNote: '已整改' })).body).toMatchObject({ state: 'closed' });
    expect(await read(li, number)).toMatchObject({ conversationId: 'rated' });
  });

  it('every look is written down, for supervisors to read', async () => {
    const { number } = await take();
    await read(ana, number);
    await act(li, number, { action: 'urge' });
    const log = (await sup.get(`/access?kind=work_order&target=${number}`)).body as { staff: string; action: string }[];
    expect(log.map(({ staff, action }) => `${staff} ${action}`)).toEqual(['li urge', 'ana read', 'li receive']);
    expect((await li.get('/access')).status).toBe(403);
  });
});

describe('people and figures', () => {
  it('presence is one’s own choice; queues are set by a supervisor', async () => {
    expect((await li.get('/me/profile')).body).toMatchObject({ name: 'li', skills: [], presence: 'manual', department: null });
    expect((await li.request('PUT', '/me/presence', { presence: 'auto' })).body).toMatchObject({ presence: 'auto' });
    const skills = { skills: ['医保'], languages: ['zh', 'en'], department: null, capacity: 9 };
    expect((await li.request('PUT', '/staff/li/profile', skills)).status).toBe(403);
    expect((await sup.request('PUT', '/staff/li/profile', skills)).body).toEqual({ name: 'li', presence: 'auto', ...skills });
    expect(code(await sup.request('PUT', '/staff/nobody/profile', skills))).toBe('unknown_staff');
    expect((await sup.request('PUT', '/staff/li/profile', { ...skills, capacity: 99 })).status).toBe(400);
    expect((await sup.get('/staff')).body).toContainEqual({
      name: 'wang',
      role: 'agent',
      skills: [],
      languages: ['zh'],
      department: '城管局',
      capacity: 5,
      presence: 'manual',
    });
  });

  it('[R-140] ratings by channel, and the conversations behind a figure', async () => {
    const figures = (await ana.get('/ratings/statistics?by=channel')).body as { totals: { count: number }; groups: unknown[] };
    expect(figures).toMatchObject({ totals: { count: 1, bad: 1 }, groups: [{ value: 'web', count: 1, average: 1 }] });
    expect((await ana.get('/ratings/statistics/conversations?by=channel&value=web')).body).toEqual([{ conversationId: 'rated', score: 1 }]);
    expect((await ana.get('/ratings/statistics?by=channel&until=2020-01-01T00:00:00Z')).body).toMatchObject({
      totals: { count: 0, average: null },
    });
    expect((await ana.get('/work-orders-statistics')).body).toMatchObject({
      departments: expect.arrayContaining([expect.objectContaining({ department: '城管局', inTime: 1 })]),
      actions: { receive: expect.any(Number) },
      meanHoursToAnswer: expect.any(Number),
      followUps: [],
    });
    expect((await ana.get('/ratings/statistics?by=mood')).status).toBe(400);
    expect((await li.get('/ratings/statistics?by=agent')).status).toBe(403);
  });
});

describe('bad input', () => {
  it('never ends in a 5xx and always says what is wrong in Chinese', async () => {
    const { number } = await take();
    const bad: [string, string, unknown][] = [
      ['POST', '/work-orders', {}],
      ['POST', '/work-orders', { ...lamp, title: ' ' }],
      ['POST', '/work-orders', { ...lamp, title: 'a\u0000b' }],
      ['POST', '/work-orders', { ...lamp, phone: 'abc' }],
      ['POST', '/work-orders', { ...lamp, urgency: 'very' }],
      ['POST', `/work-orders/${number}/actions`, {}],
      ['POST', `/work-orders/${number}/actions`, { action: 'receive' }],
      ['POST', `/work-orders/${number}/actions`, { action: 'dispatch', department: 'x'.repeat(100) }],
      ['GET', '/work-orders/GD0000000000x', undefined],
      ['GET', '/work-orders/%00', undefined],
      ['GET', '/work-orders?q=%00', undefined],
      ['GET', '/work-orders?conversationId=%00', undefined],
      ['POST', `/work-orders/${number}/actions`, { action: 'note', note: 'a\u0000b' }],
      ['GET', '/ratings/statistics/conversations?by=item&value=%00', undefined],
      ['GET', '/work-orders/GD2600000010', undefined],
      ['PUT', '/me/presence', { presence: 'asleep' }],
      ['GET', '/ratings/statistics?by=channel&since=yesterday', undefined],
    ];
    for (const [method, path, body] of bad) {
      const client = path.startsWith('/ratings') ? ana : li;
      const answer = await client.request(method, path, body);
      expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true]);
      expect(answer.body).toEqual({ error: { code: expect.any(String), message: expect.stringMatching(/\p{Script=Han}/u) } });
    }
  });

  it('every route describes what goes in and comes out', () => {
    const mine = deskRoutes(options).filter(({ spec }) => /^\/(work-orders|me\/|staff|access|ratings\/)/.test(spec.path));
    expect(mine).toHaveLength(16);
    for (const { spec } of mine) {
      expect([spec.path, spec.response !== undefined]).toEqual([spec.path, true]);
      if (spec.path.includes('{')) expect([spec.path, spec.params !== undefined]).toEqual([spec.path, true]);
      if (spec.method !== 'get') expect([spec.path, spec.body !== undefined]).toEqual([spec.path, true]);
    }
  });
});
