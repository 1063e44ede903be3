import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { talk } from '../../bot/insights/testing/talk.ts';
import { busyMonth } from '../app/testing/busy-month.ts';
import { holdsIdentifier } from './testing/identifiers.ts';
import { type DeskClient, type DeskServer, startDeskServer } from './testing/server.ts';

let server: DeskServer;
let ana: DeskClient;
let li: DeskClient;
const at = Date.parse('2026-03-31T04:00:00Z');
const month = 'from=2026-03-01&to=2026-03-31';
const day = 86_400_000;

beforeAll(async () => {
  server = await startDeskServer({
    api: { itemOf: (id) => (id === 'id-card' ? { title: '身份证补领', department: '公安局' } : undefined) },
  });
  server.house.clock.now = at;
  await busyMonth(server.house, at);
  ana = await server.signedIn('ana');
  li = await server.signedIn('li');
}, 60_000);
afterAll(async () => {
  await server.close();
  expect(server.errors).toEqual([]);
});

const file = async (path: string) => {
  const answer = await fetch(`${server.url}/desk/api${path}`, { headers: { cookie: ana.cookie } });
  return { status: answer.status, text: await answer.text() };
};
const lamp = {
  demandType: 'help',
  title: '东澜区路灯不亮',
  detail: '幸福路的路灯不亮，电话 13800001234',
  place: '东澜区幸福路',
  channel: 'phone',
};
const take = async () => ((await li.post('/work-orders', lamp)).body as { number: string }).number;
const act = (number: string, body: object) => li.post(`/work-orders/${number}/actions`, body);

describe('[R-055] answered directly or dispatched', () => {
  it('each matter counts once by how it was settled; what is still open counts against the rate', async () => {
    const figure = async () =>
      ((await ana.get(`/insights?${month}`)).body as { figures: { id: string; value: number; n: number }[] }).figures.find(
        ({ id }) => id === 'direct_answer',
      );
    const before = await figure();
    // Ten of sixty asked about the identity card, ten about the residence permit, ten finished a flow.
    expect(before?.n).toBeGreaterThan(30);
    const hits = Math.round((before?.value ?? 0) * (before?.n ?? 0));
    const [direct, sent, , declined] = [await take(), await take(), await take(), await take()];
    await act(direct, { action: 'answer_directly', reply: '已经在修了', resolution: 'explained' });
    await act(sent, { action: 'dispatch', department: '城管局' });
    await act(declined, { action: 'decline', note: '请找供电公司' });
    const after = await figure();
    expect(after?.n).toBe((before?.n ?? 0) + 3);
    expect(Math.round((after?.value ?? 0) * (after?.n ?? 0))).toBe(hits + 1);
  });
});

describe('[R-151] [R-163] what leaves as a file', () => {
  it('topics by district hold no person and no small number', async () => {
    for (let i = 0; i < 4; i++) await take();
    const body = (await ana.get(`/insights/topics?${month}&by=type`)).body as {
      cells: { topic: string; district: string; count: number | null }[];
    };
    expect(body.cells).toContainEqual({ topic: 'help', district: '东澜区', time: '2026-03', count: 8 });
    const { text } = await file(`/insights/topics.csv?${month}&by=item&every=week`);
    expect(text).toContain('"身份证补领","没有说到区县"');
    expect(text).toMatch(/少于 5/);
    expect(text).not.toMatch(/"[1-4]"/);
    expect(holdsIdentifier(text)).toBe(false);
    expect(text).not.toMatch(/busy-\d|13800001234/);
  });

  it('a forecast from four weeks says what it has not been checked by', async () => {
    const { status, text } = await file('/insights/forecast.csv');
    expect([status, text]).toEqual([200, expect.stringContaining('还没有倒测')]);
    expect(text.split('\r\n').length).toBe(28 * 24 + 3);
  });
});

describe('[R-020] what rises', () => {
  it('is not judged before five weeks are there, then named with its department', async () => {
    expect((await ana.get('/insights/rising')).body).toEqual({ rising: null });
    const { house } = server;
    await house.arrive('old');
    await talk(house, { id: 'old', text: '居住证多少钱', outcome: 'answered', citations: ['residence#fee'], at: at - 40 * day });
    for (let i = 0; i < 30; i++) {
      await house.arrive(`rise-${i}`);
      const asked = { text: '身份证丢了怎么补', outcome: 'answered', citations: ['id-card#steps'] } as const;
      await talk(house, { id: `rise-${i}`, ...asked, at: at - day, took: 40 });
    }
    expect((await ana.get('/insights/rising')).body).toMatchObject({
      rising: [{ item: 'id-card', title: '身份证补领', department: '公安局' }],
    });
  });
});

describe('[R-156] availability and speed', () => {
  it('counts the minutes of what stops answers once, however many parts were down, and times whole answers', async () => {
    const { db } = server.house.database;
    const incident = (kind: string, begun: string, ended: string | null) =>
      db
        .insertInto('incidents')
        .values({
          kind,
          detail: 'x',
          begun_at: Date.parse(begun),
          seen_at: at,
          due_at: Date.parse(begun) + 1_800_000,
          ended_at: ended === null ? null : Date.parse(ended),
          ended_by: null,
          cause: null,
          noted_by: null,
        })
        .execute();
    await incident('database', '2026-03-10T00:00:00Z', '2026-03-10T01:00:00Z');
    await incident('knowledge', '2026-03-10T00:30:00Z', '2026-03-10T01:30:00Z');
    await incident('model', '2026-03-11T00:00:00Z', '2026-03-12T00:00:00Z');
    await incident('database', '2026-02-28T00:00:00Z', '2026-02-28T01:00:00Z');
    const { body } = await ana.get('/insights/service?from=2026-03-10&to=2026-03-11');
    // Two days of 2880 minutes; 90 of them without database or knowledge, from 8:00 on the 10th in China.
    expect(body).toMatchObject({
      minutes: 2880,
      availability: 1 - 90 / 2880,
      parts: [
        { kind: 'model', minutes: 960, overdue: 1 },
        { kind: 'database', minutes: 60 },
        { kind: 'knowledge', minutes: 60 },
      ],
    });
    expect((await ana.get(`/insights/service?${month}`)).body).toMatchObject({ turns: 30, p50: 40, p99: 40 });
    // Before the oldest turn nobody knows how it was.
    expect((await ana.get('/insights/service?from=2025-12-01&to=2025-12-02')).body).toMatchObject({ availability: null, minutes: 0 });
    expect((await ana.get('/insights/service?from=2026-05-01&to=2026-05-02')).body).toMatchObject({
      availability: null,
      turns: 0,
      p50: null,
    });
  });
});

describe('[R-090] [R-154] orders checked', () => {
  it('promised beside real; a step written past the rules is named', async () => {
    const number = await take();
    await act(number, { action: 'dispatch', department: '城管局' });
    const { db } = server.house.database;
    const { id } = await db.selectFrom('work_orders').select('id').where('number', '=', number).executeTakeFirstOrThrow();
    const clean = (await ana.get(`/insights/audit?${month}`)).body as { flags: unknown[]; promisedHours: number };
    expect(clean.flags).toEqual([]);
    expect(clean.promisedHours).toBeGreaterThan(24);
    await db
      .insertInto('work_order_events')
      .values({ order_id: id, seq: 3, action: 'confirm', actor_kind: 'agent', actor_name: 'li', at, note: null, data_json: '{}' })
      .execute();
    expect((await ana.get(`/insights/audit?${month}`)).body).toMatchObject({
      flagged: 1,
      flags: [{ kind: 'out_of_order', order: number, seq: 3 }],
    });
  });
});
