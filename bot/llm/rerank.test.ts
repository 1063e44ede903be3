import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mask } from '../safety/mask.ts';
import { EndpointReranker } from './rerank.ts';
import { type Script, type ScriptedServer, scriptedServer } from './testing/scripted-server.ts';

let server: ScriptedServer;
beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(() => server.close());

const reranker = (path = '') => new EndpointReranker({ baseUrl: server.baseUrl + path, apiKey: 'k', model: 'r', mask, timeoutMs: 300 });
const fine: Script = { kind: 'say', content: '' };
const documents = ['最长的一段文字', '短', '中等长度'];

describe('reranking by an endpoint', () => {
  it.each(['', '/', '/rerank'])('orders by relevance (base address ending in "%s")', async (path) => {
    server.script(fine);
    const { order, scores } = await reranker(path).rerank('问题', documents);
    expect(order).toEqual([1, 2, 0]);
    expect(scores.get(1)).toBe(1);
    expect(server.requests.at(-1)).toMatchObject({ path: '/v1/rerank', json: { model: 'r', query: '问题', documents, top_n: 3 } });
  });

  it('documents it does not mention stay behind, in their order; indices that do not exist are ignored', async () => {
    server.script(fine);
    server.rank(() => [
      { index: 2, relevance_score: -3 },
      { index: 9, relevance_score: 5 },
    ]);
    expect((await reranker().rerank('问题', documents)).order).toEqual([2, 0, 1]);
  });

  it.each<[string, Script]>([
    ['500', { kind: 'status', status: 500 }],
    ['429', { kind: 'status', status: 429 }],
    ['no answer', { kind: 'hang' }],
    ['malformed', { kind: 'malformed', text: '{"results": [{"index": "x"}]}' }],
    ['no JSON', { kind: 'malformed', text: '<html>' }],
  ])('%s leaves the order as it was', async (_, script) => {
    server.script(script);
    const start = Date.now();
    const result = await reranker().rerank('问题', documents);
    expect(result.order).toEqual([0, 1, 2]);
    expect(result.error).toBeTruthy();
    expect(Date.now() - start).toBeLessThan(800);
  });

  it('sends no identifier, and nothing at all for a single document', async () => {
    server.script(fine);
    server.rank(() => []);
    await reranker().rerank('我的电话 13800138000 能办吗', documents);
    expect(server.requests.at(-1)?.body).not.toContain('13800138000');
    const before = server.requests.length;
    expect((await reranker().rerank('问题', ['一'])).order).toEqual([0]);
    expect(server.requests.length).toBe(before);
  });
});
