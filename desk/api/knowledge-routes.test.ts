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

type Body = Record<string, never> & {
  id: string;
  version: number;
  yaml: string;
  status: string;
  published: number | null;
  total: number;
  items: { id: string }[];
  versions: { status: string; author: string; events: { action: string; actor: string; note: string | null }[] }[];
  error: { code: string; message: string };
};
const bodyOf = (answer: { body: unknown }) => answer.body as Body;
const faq = { question: '飞机可以带宠物吗？', similar: ['猫能上飞机吗'], answer: '请问航空公司。', department: '公安局', note: '市民常问' };
const newFaq = async () => bodyOf(await ed.post('/knowledge/faqs', faq)).id;

describe('[R-086] [R-101] keeping the knowledge', () => {
  it('a question becomes a draft, is reviewed by somebody else, and is served once published', async () => {
    const id = await newFaq();
    expect(bodyOf(await ed.get(`/knowledge/items/${id}`))).toMatchObject({ status: 'draft', published: null, version: 1 });
    const own = await ed.post(`/knowledge/items/${id}/review`);
    expect([own.status, bodyOf(own).error.code]).toEqual([409, 'refused']);
    expect((await boss.post(`/knowledge/items/${id}/publish`)).status).toBe(409);
    expect((await boss.post(`/knowledge/items/${id}/review`, { note: '核对过' })).status).toBe(200);
    expect((await ed.post(`/knowledge/items/${id}/publish`)).status).toBe(200);
    const read = bodyOf(await ed.get(`/knowledge/items/${id}`));
    expect(read).toMatchObject({ status: 'published', published: 1 });
    expect(read.versions[0]?.events.map(({ action, actor, note }) => [action, actor, note])).toEqual([
      ['save', 'ed', '市民常问'],
      ['review', 'boss', '核对过'],
      ['publish', 'ed', null],
    ]);
    expect(bodyOf(await ed.get('/knowledge/items?status=published&q=宠物')).items.map((item) => item.id)).toEqual([id]);
    expect(bodyOf(await ed.get('/knowledge/items?kind=policy')).total).toBe(0);
  });

  it('an edit is a new draft; two editors at once: the second is told; a diff and a rollback', async () => {
    const id = await newFaq();
    const { yaml } = bodyOf(await ed.get(`/knowledge/items/${id}`));
    const changed = yaml.replace('请问航空公司。', '请先问航空公司，多数要托运。');
    expect(bodyOf(await ed.request('PUT', `/knowledge/items/${id}`, { yaml: changed, basedOn: 1 }))).toEqual({ id, version: 2 });
    const late = await boss.request('PUT', `/knowledge/items/${id}`, { yaml: yaml.replace('航空公司', '机场'), basedOn: 1 });
    expect([late.status, bodyOf(late).error.code]).toEqual([409, 'refused']);
    expect((await ed.get(`/knowledge/items/${id}/diff?from=1&to=2`)).body).toMatchObject([
      { before: '请问航空公司。', after: '请先问航空公司，多数要托运。' },
    ]);
    expect((await ed.get(`/knowledge/items/${id}/diff?from=1&to=9`)).status).toBe(404);
    expect(bodyOf(await ed.post(`/knowledge/items/${id}/rollback`, { version: 1 }))).toMatchObject({ version: 3 });
    expect(bodyOf(await ed.get(`/knowledge/items/${id}`)).yaml).toContain('请问航空公司。');
    expect((await ed.post(`/knowledge/items/${id}/withdraw`)).status).toBe(200);
  });

  it('what is not an entry is refused with the place of the mistake', async () => {
    const id = await newFaq();
    const put = async (yaml: string) => bodyOf(await ed.request('PUT', `/knowledge/items/${id}`, { yaml })).error;
    const { yaml } = bodyOf(await ed.get(`/knowledge/items/${id}`));
    expect((await put('a: [1')).message).toMatch(/第 \d+ 行/);
    expect((await put(`${yaml}\nwrong: 1`)).message).toContain('wrong');
    expect((await put(yaml.replace('kind: faq', 'kind: song'))).code).toBe('bad_item');
    expect((await put(yaml.replace(`id: ${id}`, 'id: other'))).message).toContain('编号不能改');
    expect((await put('a: &a [*a, *a]\nb: *a')).code).toBe('bad_item');
    expect((await ed.post('/knowledge/faqs', { ...faq, department: '没有的局' })).status).toBe(422);
    expect((await ed.get('/knowledge/items/none')).status).toBe(404);
    expect((await ed.post('/knowledge/items/none/review')).status).toBe(404);
  });
});
