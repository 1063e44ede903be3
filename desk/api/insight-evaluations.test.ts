import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listEvaluations } from '../../bot/insights/evaluation/repository.ts';
import { loadIndicators } from '../../server/manifest.ts';
import { reportOf } from '../../server/service-reports.ts';
import { busyMonth } from '../app/testing/busy-month.ts';
import { holdsIdentifier } from './testing/identifiers.ts';
import { type DeskClient, type DeskServer, startDeskServer } from './testing/server.ts';

let server: DeskServer;
let ana: DeskClient;
let sup: DeskClient;
const at = Date.parse('2026-03-31T04:00:00Z');
const halls = [
  { id: 'east', name: '东厅' },
  { id: 'west', name: '西厅' },
];

beforeAll(async () => {
  const tree = await loadIndicators(fileURLToPath(new URL('../../knowledge/packs/anlan', import.meta.url)));
  server = await startDeskServer({
    api: {
      evaluation: { tree, city: '安澜市', halls, items: () => [] },
      itemOf: (id) => (id === 'id-card' ? { title: '身份证补领', department: '公安局' } : undefined),
    },
  });
  server.house.clock.now = at;
  await busyMonth(server.house, at);
  ana = await server.signedIn('ana');
  sup = await server.signedIn('sup');
}, 60_000);
afterAll(async () => {
  await server.close();
  expect(server.errors).toEqual([]);
});

const code = (answer: { body: unknown }) => (answer.body as { error?: { code: string } }).error?.code;
const zip = async (seed: string) => {
  const answer = await fetch(`${server.url}/desk/api/evaluations/pack.zip?period=2026-Q1&seed=${seed}&size=40`, {
    headers: { cookie: ana.cookie },
  });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { status: answer.status, bytes, hash: createHash('sha256').update(bytes).digest('hex') };
};

describe('[R-146] [R-153] indicators at the desk', () => {
  it('counted ones have a value and how; typed ones wait for every hall, and the newest counts', async () => {
    interface Leaf {
      id: string;
      value: number | null;
      how: string;
      n: number | null;
    }
    const read = async () => {
      const { body } = await ana.get('/evaluations/indicators?period=2026-Q1');
      const { result } = body as { result: { possible: number; parts: { leaves: Leaf[] }[] } };
      return { possible: result.possible, of: (id: string) => result.parts.flatMap(({ leaves }) => leaves).find((leaf) => leaf.id === id) };
    };
    const before = await read();
    expect(before.of('satisfied')).toMatchObject({ n: 15, value: expect.closeTo(9 / 15, 6), how: expect.stringContaining('评价 3 分') });
    expect(before.of('hall-wait')?.value).toBeNull();
    const wait = { period: '2026-Q1', leaf: 'hall-wait', source: '叫号系统' };
    expect((await ana.post('/evaluations/inputs', { ...wait, hall: 'east', value: 30 })).status).toBe(204);
    expect((await ana.post('/evaluations/inputs', { ...wait, hall: 'east', value: 20 })).status).toBe(204);
    expect((await read()).of('hall-wait')).toMatchObject({ value: null, how: '2 个大厅中 1 个已填报，填齐后取平均' });
    expect((await ana.post('/evaluations/inputs', { ...wait, hall: 'west', value: 30 })).status).toBe(204);
    const after = await read();
    expect(after.of('hall-wait')?.value).toBe(25);
    expect(after.possible).toBe(before.possible + 3);
    expect(code(await ana.post('/evaluations/inputs', { ...wait, hall: 'north', value: 30 }))).toBe('bad_input');
    expect(code(await ana.post('/evaluations/inputs', { ...wait, leaf: 'satisfied', value: 1 }))).toBe('bad_input');
    expect((await ana.get('/evaluations/indicators?period=2026-Q5')).status).toBe(400);
  });
});

describe('[R-142] three kinds of evaluation', () => {
  it('a period that runs on is not evaluated; analysts see records, supervisors make them', async () => {
    expect(code(await sup.post('/evaluations', { kind: 'self', period: '2026-Q1' }))).toBe('not_over');
    expect((await zip('a')).status).toBe(409);
    server.house.clock.now = Date.parse('2026-04-02T04:00:00Z');
    [ana, sup] = [await server.signedIn('ana'), await server.signedIn('sup')];
    expect(code(await ana.post('/evaluations', { kind: 'self', period: '2026-Q1' }))).toBe('forbidden');
    for (const body of [
      { kind: 'self', period: '2026-Q1' },
      { kind: 'satisfaction', period: '2026-Q1' },
      {
        kind: 'third_party',
        period: '2026-Q1',
        evaluator: '某大学评价中心',
        score: 88.5,
        method: '抽样 400 件',
        findings: '回答清楚，等人工久',
      },
    ])
      expect((await sup.post('/evaluations', body)).status).toBe(200);
    const { body } = await ana.get('/evaluations');
    expect(body).toMatchObject([
      { evaluator: '某大学评价中心', result: { kind: 'third_party', report: { score: 88.5, pack: null } }, publishedAt: null },
      { evaluator: '安澜市', result: { kind: 'satisfaction', ratings: { count: 15, scores: [3, 3, 3, 3, 3], satisfaction: 0.6 } } },
      { result: { kind: 'self', tree: { basis: expect.stringContaining('39735') } } },
    ]);
    expect(
      code(
        await sup.post('/evaluations', { kind: 'third_party', period: '2026-Q1', evaluator: 'x', score: 101, method: 'x', findings: 'x' }),
      ),
    ).toBe('bad_request');
  });
});

describe('[R-142] [R-145] the pack for a third party', () => {
  it('the same logs and seed give the same bytes; hashes fit; nobody is in it', async () => {
    const [one, again, other] = [await zip('a'), await zip('a'), await zip('b')];
    expect(one.hash).toBe(again.hash);
    expect(one.hash).not.toBe(other.hash);
    const unzipped = unzipSync(one.bytes);
    const files = Object.entries(unzipped).map(([name, bytes]) => [name, strFromU8(bytes)] as const);
    const names = ['METHOD.md', 'SHA256SUMS', 'evaluations.json', 'figures.csv', 'indicators.json', 'months.csv', 'sample.csv'];
    expect(files.map(([name]) => name).toSorted()).toEqual(names);
    const of = (name: string) => files.find(([found]) => found === name)?.[1] ?? '';
    for (const line of of('SHA256SUMS').trim().split('\n')) {
      const [hash = '', name = ''] = line.split('  ');
      expect([
        name,
        createHash('sha256')
          .update(unzipped[name] ?? '')
          .digest('hex'),
      ]).toEqual([name, hash]);
    }
    const everything = files
      .filter(([name]) => name !== 'SHA256SUMS')
      .map(([, text]) => text)
      .join('\n');
    expect(holdsIdentifier(everything)).toBe(false);
    // No id, no word of a citizen, no day in the sample.
    expect(everything).not.toMatch(/busy-\d|飞机|13812345678/);
    expect(of('sample.csv')).not.toMatch(/2026-0\d-\d/);
    expect(of('sample.csv').trim().split('\r\n').length).toBe(41);
    expect(of('METHOD.md')).toContain('种子：a');
    expect(of('METHOD.md')).toContain('2026-01-01 至 2026-03-31');
    expect(of('figures.csv')).toContain('"direct_answer"');
  });
});

describe('[R-147] what everybody may see', () => {
  it('only what was published, shares of fewer than ten cases left out; and it can be taken back', async () => {
    const { db } = server.house.database;
    expect(await listEvaluations(db, { published: true })).toEqual([]);
    const all = await listEvaluations(db, { published: false });
    for (const { id } of all) expect((await sup.request('PUT', `/evaluations/${id}/publication`, { published: true })).status).toBe(204);
    expect((await ana.request('PUT', `/evaluations/${all[0]?.id}/publication`, { published: true })).status).toBe(403);
    expect(code(await sup.request('PUT', '/evaluations/999/publication', { published: true }))).toBe('no_such_evaluation');
    const [third, satisfaction, self] = (await listEvaluations(db, { published: true })).map(reportOf);
    expect(third).toMatchObject({ kindName: '第三方评价', publishedOn: '2026-04-02', lines: [{ name: '得分', value: '88.5 / 100' }] });
    expect(satisfaction?.lines).toMatchObject([{ value: '60.0%' }, { value: '15' }, { name: '回访解决率', value: '没有数据' }]);
    expect(self?.lines.find(({ name }) => name.includes('满意率'))?.value).toBe('0 / 12');
    expect(self?.lines.find(({ name }) => name.includes('指南要素'))?.value).toBe('没有数据');
    expect(self?.words.join()).toMatch(/有 [\d.]+ 分的指标没有数据/);
    expect(holdsIdentifier(JSON.stringify([third, satisfaction, self]))).toBe(false);
    expect((await sup.request('PUT', `/evaluations/${all[0]?.id}/publication`, { published: false })).status).toBe(204);
    expect(await listEvaluations(db, { published: true })).toHaveLength(2);
    // A leaf counted over too few is neither shown nor hidden in a sum.
    const leaf = { name: 'x', weight: 50, value: 1, points: 50, how: 'x', unit: null };
    const leaves = [
      { ...leaf, id: 'a', n: 200 },
      { ...leaf, id: 'b', n: 3, points: 20 },
    ];
    const tree = {
      name: 'x',
      basis: 'x',
      points: 70,
      possible: 100,
      parts: [{ id: 'p', name: 'p', weight: 100, points: 70, possible: 100, leaves }],
    };
    const shown = reportOf({ period: '2026', evaluator: 'x', publishedAt: at, result: { kind: 'self', tree } });
    expect(shown.lines.map(({ value }) => value)).toEqual(['50 / 50', '50 / 50', '50 / 50', '样本少于 10，不公布']);
    const few = {
      kind: 'satisfaction' as const,
      ratings: { scores: [0, 0, 0, 0, 3], count: 3, satisfaction: 1, followUps: { sent: 2, answered: 1, resolved: 1 } },
    };
    expect(reportOf({ period: '2026', evaluator: 'x', publishedAt: at, result: few }).lines.map(({ value }) => value)).toEqual([
      '样本少于 10，不公布',
      '少于 10',
      '样本少于 10，不公布',
    ]);
  });
});
