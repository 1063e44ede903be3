import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from './support/build.ts';
import { ask, call, startTalk } from './support/process.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
beforeAll(async () => {
  await ensureBuilt();
  server = await startServer();
}, 120_000);
afterAll(() => server.close());

const pages = ['/', '/desk/', '/api'];

describe('[R-027] headers', () => {
  it('no page allows inline scripts or styles, eval, foreign sources or foreign frames', async () => {
    for (const path of [...pages, '/healthz', '/nothing', '/desk/api/me']) {
      const { headers } = await call(`${server.url}${path}`, 'GET');
      const policy = headers.get('content-security-policy') ?? '';
      expect([path, policy.includes('unsafe'), /(?:script|style|default)-src[^;]*(?:\*|https?:)/.test(policy)]).toEqual([
        path,
        false,
        false,
      ]);
      expect(policy).toMatch(/object-src 'none'|default-src 'none'/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
    }
    expect((await call(`${server.url}/desk/`, 'GET')).headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});

it("[R-027] a copy of one's data needs the signed link", async () => {
  const talk = await startTalk(server.url);
  await ask(server.url, talk, '身份证丢了怎么补办');
  for (const token of ['x', 'x.y', `${Buffer.from(JSON.stringify([talk.conversationId, 9e15])).toString('base64url')}.AAAA`])
    expect((await call(`${server.url}/privacy/export/${token}`, 'GET')).status).toBe(404);
});
