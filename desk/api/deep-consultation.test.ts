import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainOptions } from './testing/options.ts';
import { type DeskClient, type DeskServer, startDeskServer } from './testing/server.ts';

let server: DeskServer;
let li: DeskClient;
let wang: DeskClient;
let ed: DeskClient;

beforeAll(async () => {
  server = await startDeskServer();
  [li, wang, ed] = [await server.signedIn('li'), await server.signedIn('wang'), await server.signedIn('ed')];
  const sup = await server.signedIn('sup');
  const profile = { skills: [], languages: ['zh'], department: '公安局', capacity: 5 };
  expect((await sup.request('PUT', '/staff/wang/profile', profile)).status).toBe(200);
});
afterAll(async () => {
  await server.close();
  expect(server.errors).toEqual([]);
});

const code = (answer: { body: unknown }) => (answer.body as { error?: { code: string } }).error?.code;
const take = async (more: object = {}) => {
  const asked = {
    demandType: 'consult',
    title: '收养的孩子怎么上户口',
    detail: '收养登记证是外省的，问过窗口说不清',
    channel: 'phone',
    ...more,
  };
  return ((await li.post('/work-orders', asked)).body as { number: string }).number;
};

describe('[R-017] deep consultation', () => {
  it('goes to the department that owns the matter with its deadline; the department answers and proposes knowledge from the same order', async () => {
    const number = await take();
    const given = await li.post(`/work-orders/${number}/deep-consultation`, {});
    // One working day from Monday, 9:00, ends with Tuesday's office hours.
    expect(given.body).toMatchObject({ state: 'dispatched', department: '公安局', dueAt: '2026-03-03T09:30:00.000Z' });
    const inbox = (await wang.get('/work-orders?state=dispatched&sort=due')).body as { orders: { number: string }[] };
    expect(inbox.orders.map((order) => order.number)).toContain(number);

    const words = { question: '外省收养登记证能上户口吗？我电话13812345678', answer: '能。带收养登记证和户口簿到派出所办理。' };
    await wang.post(`/work-orders/${number}/actions`, { action: 'handle', note: '查过规定' });
    const answered = { action: 'answer', reply: words.answer, resolution: 'explained' };
    expect((await wang.post(`/work-orders/${number}/actions`, answered)).body).toMatchObject({ state: 'answered' });
    const proposed = await wang.post(`/work-orders/${number}/knowledge-proposal`, words);
    expect(proposed.status).toBe(200);
    const { id } = proposed.body as { id: string };
    const draft = (await ed.get(`/knowledge/items/${id}`)).body as { yaml: string; status: string; department: string };
    expect(draft).toMatchObject({ status: 'draft', department: '公安局' });
    expect(draft.yaml).toContain('外省收养登记证能上户口吗');
    expect(draft.yaml).not.toContain('13812345678');
    expect((await ed.post(`/knowledge/items/${id}/review`)).status).toBe(200);
    const history = (await wang.get(`/work-orders/${number}/history`)).body as { note: string | null }[];
    expect(history.at(-1)?.note).toContain(id);
  });

  it('only consultations, only with an owner, and only the department that has it proposes', async () => {
    const help = await take({ demandType: 'help' });
    expect(code(await li.post(`/work-orders/${help}/deep-consultation`, {}))).toBe('not_a_consultation');
    const fresh = await take();
    expect(code(await li.post(`/work-orders/${fresh}/knowledge-proposal`, { question: '问', answer: '答' }))).toBe('no_department');
    await li.post(`/work-orders/${fresh}/deep-consultation`, { department: '民政局' });
    expect(code(await li.post(`/work-orders/${fresh}/knowledge-proposal`, { question: '问', answer: '答' }))).toBe('not_yours');
    expect(code(await wang.post(`/work-orders/${fresh}/knowledge-proposal`, { question: '问', answer: '答' }))).toBe('unknown_order');
    expect(code(await li.post(`/work-orders/${fresh}/deep-consultation`, {}))).toBe('wrong_state');
    const { work } = plainOptions(server.house);
    const { database } = server.house;
    const unowned = await startDeskServer({ api: { database, work: work && { ...work, foundFor: async () => [] } } });
    try {
      const other = await unowned.signedIn('li');
      const asked = { demandType: 'consult', title: '没有部门管的事', detail: '没有部门管的事', channel: 'phone' };
      const { number } = (await other.post('/work-orders', asked)).body as { number: string };
      expect(code(await other.post(`/work-orders/${number}/deep-consultation`, {}))).toBe('no_owner');
    } finally {
      await unowned.close();
    }
  });
});
