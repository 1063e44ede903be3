import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeskClient, type DeskServer, startDeskServer } from './testing/server.ts';

let server: DeskServer;
let ed: DeskClient;
let boss: DeskClient;

beforeAll(async () => {
  server = await startDeskServer();
  ed = await server.signedIn('ed');
  boss = await server.signedIn('boss');
});
afterAll(async () => {
  await server.close();
  expect(server.errors).toEqual([]);
});

const flow = (id: string, say: string, more = ''): string => `# written by hand
id: ${id}
version: 1
name: 示例流程${id}
description: 示例
owner: police
kind: other
examples: [一, 二, 三, 四, 五]
slots:
  age: {type: number, label: 年龄, ask: 几岁？, min: 0, max: 120}
steps:
  - collect: age
  - say: ${say}
${more}  - end: completed
`;
interface Standing {
  version: number;
  status: string;
  published: number | null;
  yaml: string;
  versions: { version: number; status: string }[];
}
const put = (id: string, yaml: string, basedOn?: number) =>
  ed.request('PUT', `/knowledge/flows/${id}`, { yaml, ...(basedOn === undefined ? {} : { basedOn }) });
const standing = async (id: string) => (await ed.get(`/knowledge/flows/${id}`)).body as Standing;
const problemOf = (answer: { body: unknown }) => (answer.body as { error: { code: string; message: string } }).error;
async function published(id: string, yaml: string): Promise<void> {
  expect((await put(id, yaml)).status).toBe(200);
  expect((await boss.post(`/knowledge/flows/${id}/review`)).status).toBe(200);
  expect((await boss.post(`/knowledge/flows/${id}/publish`)).status).toBe(200);
}

describe('[R-086] [R-062] flows in the editors’ hands', () => {
  it('written, reviewed by somebody else, published, changed, compared, brought back', async () => {
    await put('first', flow('first', '好'));
    expect(await standing('first')).toMatchObject({ version: 1, status: 'draft', published: null });
    expect((await ed.post('/knowledge/flows/first/review')).status).toBe(409);
    expect((await boss.post('/knowledge/flows/first/publish')).status).toBe(409);
    await published('first', flow('first', '好的'));
    expect(await standing('first')).toMatchObject({ version: 2, status: 'published', published: 2 });
    expect((await standing('first')).yaml).toContain('# written by hand');
    await published('first', flow('first', '好极了'));
    const diff = (await ed.get('/knowledge/flows/first/diff?from=2&to=3')).body;
    expect(diff).toEqual([{ path: 'yaml', label: '流程文件', before: '  - say: 好的', after: '  - say: 好极了' }]);
    expect((await boss.post('/knowledge/flows/first/rollback', { version: 2 })).status).toBe(200);
    expect(await standing('first')).toMatchObject({ version: 4, status: 'reviewed', published: 3 });
    expect((await boss.post('/knowledge/flows/first/publish')).status).toBe(200);
    expect((await standing('first')).yaml).toContain('好的');
    const list = (await ed.get('/knowledge/flows?q=FIRST')).body as { items: { id: string }[]; total: number };
    expect(list).toMatchObject({ total: 1, items: [{ id: 'first', status: 'published' }] });
  });

  it('two who change the same flow: the second is told', async () => {
    await put('both', flow('both', '一'));
    expect((await put('both', flow('both', '二'), 1)).status).toBe(200);
    expect((await put('both', flow('both', '三'), 1)).status).toBe(409);
  });

  it('what is wrong is named by its place, before saving and at publishing', async () => {
    const broken = flow('broken', '好', '  - goto: nowhere\n');
    const check = (await ed.post('/knowledge/flow-check', { yaml: broken })).body as { problems: { path: string }[]; outline: unknown[] };
    expect(check.problems.map(({ path }) => path)).toContain('steps[2].goto');
    expect(check.outline.slice(0, 2)).toEqual([
      { id: null, kind: 'collect', words: '问：年龄', next: [{ to: 1, label: null }] },
      { id: null, kind: 'say', words: '说：好', next: [{ to: 2, label: null }] },
    ]);
    const refused = await put('broken', broken);
    expect([refused.status, problemOf(refused).message]).toEqual([422, expect.stringContaining('steps[2].goto')]);
    expect(problemOf(await put('broken', 'id: [')).code).toBe('bad_item');
    expect((await ed.post('/knowledge/flow-check', { yaml: 'id: [' })).body).toMatchObject({ outline: [] });
    expect(problemOf(await put('other', flow('broken', '好'))).message).toContain('编号');
    expect((await ed.get('/knowledge/flows/broken')).status).toBe(404);
  });

  it('a flow that others run inside themselves is neither withdrawn nor changed under them', async () => {
    await published('inner', flow('inner', '里面'));
    await published('outer', flow('outer', '外面 {inner.age}', '').replace('  - say:', '  - flow: {flow: inner}\n  - say:'));
    const refused = await boss.post('/knowledge/flows/inner/withdraw');
    expect([refused.status, problemOf(refused).message]).toEqual([409, expect.stringContaining('示例流程outer')]);
    const renamed = flow('inner', '里面').replaceAll('age', 'years');
    expect(problemOf(await put('inner', renamed)).message).toContain('outer');
    expect((await boss.post('/knowledge/flows/outer/withdraw')).status).toBe(200);
    expect((await boss.post('/knowledge/flows/inner/withdraw')).status).toBe(200);
    expect(await standing('inner')).toMatchObject({ status: 'expired', published: null });
  });
});

describe('[R-101] looking at an answer before it is published', () => {
  it('as the widget and as a text message, nothing kept', async () => {
    const yaml = [
      'id: faq-preview',
      'kind: faq',
      "region: '990100'",
      'question: 飞机可以带宠物吗？',
      'answer: 多数航空公司要**托运**，请先打电话问。',
      'department: 公安局',
      'sample: true',
      "updatedAt: '2026-03-01'",
    ].join('\n');
    const { status, body } = await ed.post('/knowledge/preview', { yaml });
    expect(status).toBe(200);
    expect(body).toMatchObject({ question: '飞机可以带宠物吗？' });
    expect(JSON.stringify((body as { messages: unknown[] }).messages)).toContain('托运');
    expect((body as { plain: string }).plain).not.toContain('**');
    expect((await ed.get('/knowledge/items/faq-preview')).status).toBe(404);
    expect((await ed.post('/knowledge/preview', { yaml: 'kind: song' })).status).toBe(422);
  });
});
