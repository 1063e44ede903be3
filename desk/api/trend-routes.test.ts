import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { twoShares } from '../../bot/insights/compare.ts';
import { busyMonth } from '../app/testing/busy-month.ts';
import { holdsIdentifier } from './testing/identifiers.ts';
import { type DeskClient, type DeskServer, startDeskServer } from './testing/server.ts';

let server: DeskServer;
let ana: DeskClient;
let ed: DeskClient;
const at = Date.parse('2026-03-31T04:00:00Z');
const month = 'from=2026-03-01&to=2026-03-31';

beforeAll(async () => {
  server = await startDeskServer({
    api: { itemOf: (id) => (id === 'id-card' ? { title: '身份证补领', department: '公安局' } : undefined), now: () => at },
  });
  server.house.clock.now = at;
  await busyMonth(server.house, at);
  ana = await server.signedIn('ana');
  ed = await server.signedIn('ed');
}, 60_000);
afterAll(async () => {
  await server.close();
  expect(server.errors).toEqual([]);
});

describe('[R-150] two periods', () => {
  it('the test agrees with values computed by hand', () => {
    // 60/100 against 40/100: z = 0.2 / sqrt(0.5·0.5·0.02) = 2.828
    expect(twoShares(60, 100, 40, 100)).toBeCloseTo(0.00468, 4);
    expect(twoShares(5, 10, 50, 100)).toBeCloseTo(1, 6);
    expect([twoShares(0, 10, 0, 20), twoShares(10, 10, 20, 20)]).toEqual([1, 1]);
  });
  it('each figure beside the period before; too few say so', async () => {
    const { status, body } = await ana.get(`/insights/compare?${month}`);
    expect(status).toBe(200);
    const rows = body as { id: string; before: { n: number }; after: { n: number }; note: string; p: number | null }[];
    expect(rows.find(({ id }) => id === 'self_service')).toMatchObject({
      before: { n: 0 },
      p: null,
      note: expect.stringContaining('样本太少'),
    });
    expect(rows.find(({ id }) => id === 'conversations')?.after.n).toBeGreaterThan(30);
  });
});

describe('[R-116] concentrated demands', () => {
  it('a burst of one matter is named with its size, masked; scattered ones are not', async () => {
    const { house } = server;
    for (let i = 0; i < 6; i += 1) {
      await house.database.db
        .insertInto('work_orders')
        .values({
          ...{ id: `b${i}`, number: `B${i}`, kind: 'demand', state: 'received', demand_type: 'help', urgency: 'general', department: null },
          ...{ handler: null, citizen_key: null, conversation_id: null, channel: 'phone', received_at: at - i * 60_000, due_at: at },
          title: `${['东澜', '西屏', '南浦'][i % 3]}小区停水了，电话1381234567${i}`,
          ...{ next_check_at: null, overdue_at: null, supervised: 0, closed_at: null, updated_at: at, version: 1, order_json: '{}' },
          ...{ proof_failures: 0, proof_locked_until: 0, co_departments: '' },
        })
        .execute();
    }
    const { body } = await ana.get('/insights/bursts?hours=2&least=5');
    expect(body).toMatchObject([{ count: 6, words: expect.stringContaining('停水') }]);
    expect(holdsIdentifier(JSON.stringify(body))).toBe(false);
    expect((await ana.get('/insights/bursts?hours=2&least=7')).body).toEqual([]);
  });
});

describe('[R-108] [R-135] what citizens said', () => {
  it('is found within a period and channel, masked', async () => {
    const ask = async (more: string) => (await ana.get(`/insights/search?${month}${more}`)).body as { text: string; outcome: string }[];
    const found = await ask(`&q=${encodeURIComponent('带宠物坐飞机')}`);
    expect(found[0]?.text).toContain('飞机');
    expect(holdsIdentifier(JSON.stringify(found.map(({ text }) => text)))).toBe(false);
    expect(JSON.stringify(found)).not.toContain('13812345678');
    expect(await ask(`&q=${encodeURIComponent('飞机')}&channel=sms`)).toEqual([]);
    const lost = await ask(`&q=${encodeURIComponent('飞机')}&outcome=unanswerable_not_found`);
    expect(new Set(lost.map(({ outcome }) => outcome))).toEqual(new Set(['unanswerable_not_found']));
  });
});

describe('[R-148] [R-149] scorecards', () => {
  it('count people and departments, and name no citizen', async () => {
    const { body } = await ana.get(`/insights/scorecards?${month}`);
    const cards = body as { agents: { agent: string; taken: number }[] };
    expect(cards.agents[0]?.taken).toBeGreaterThan(0);
    expect(holdsIdentifier(JSON.stringify(body))).toBe(false);
  });
});

describe('[R-122] what leaves as a file', () => {
  it.each(['/insights.csv'])('%s holds no personal data', async (path) => {
    const answer = await fetch(`${server.url}/desk/api${path}?${month}`, { headers: { cookie: ana.cookie } });
    const text = await answer.text();
    expect(text).toContain('self_service');
    expect(holdsIdentifier(text)).toBe(false);
  });
});

describe('[R-104] evaluation cases', () => {
  it('are kept with the entry that answers them; an identifier never gets in', async () => {
    const question = '我叫王小明，电话13812345678，身份证11010519491231002X丢了怎么补？';
    expect((await ed.post('/evaluation-cases', { question, itemIds: ['id-card'] })).status).toBe(204);
    expect((await ana.post('/evaluation-cases', { question: '火星移民怎么办？', itemIds: [] })).status).toBe(204);
    expect((await ed.post('/evaluation-cases', { question: '别的', itemIds: ['nothing'] })).status).toBe(422);
    const { body } = await ana.get('/evaluation-cases');
    expect(body).toMatchObject([
      { itemIds: ['id-card'], author: 'ed' },
      { question: '火星移民怎么办？', itemIds: [] },
    ]);
    const stored = JSON.stringify(await server.house.database.db.selectFrom('evaluation_cases').selectAll().execute());
    expect(stored).not.toMatch(/13812345678|11010519491231002X/);
    expect(holdsIdentifier(stored)).toBe(false);
  });
});
