/** Drill: Qdrant is away at start, goes away while citizens ask, and comes back empty. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StandIn, startStandIn } from '../../knowledge/index/qdrant/testing/stand-in.ts';
import { ensureBuilt } from '../support/build.ts';
import { ask, call, startTalk } from '../support/process.ts';
import { startServer, type TestServer } from '../support/server.ts';

let qdrant: StandIn;
let server: TestServer;
beforeAll(async () => {
  await ensureBuilt();
  qdrant = await startStandIn();
  server = await startServer({ QDRANT_URL: qdrant.url });
}, 60_000);
afterAll(async () => {
  await server?.close();
  await qdrant?.close();
});

it('[R-021] the same answers from this process while Qdrant is away, said at /readyz; Qdrant again by itself, even when it lost everything', {
  timeout: 90_000,
}, async () => {
  const base = `http://127.0.0.1:${server.port}`;
  const part = async () => {
    const { status, json } = await call(`${base}/readyz`, 'GET');
    return [status, json.parts.find(({ name }: { name: string }) => name === 'qdrant').state];
  };
  // Each asked once: what was found for a question may be remembered.
  const asks = async (question: string) => ask(base, await startTalk(base), question);
  expect(await asks('居住证要多少钱')).toContain('20 元');
  expect(await part()).toEqual([200, 'ok']);

  qdrant.trouble = () => 'drop';
  expect(await asks('办居住证收费吗，多少钱')).toContain('20 元');
  // Citizens are served as well as before: an operator is told, nobody is sent elsewhere.
  expect(await part()).toEqual([200, 'degraded']);

  (qdrant.collections as Map<string, unknown>).clear();
  (qdrant.aliases as Map<string, unknown>).clear();
  qdrant.trouble = undefined;
  await expect.poll(part, { timeout: 30_000, interval: 250 }).toEqual([200, 'ok']);
  const asked = qdrant.requests.length;
  expect(await asks('请问居住证工本费是多少')).toContain('20 元');
  expect(qdrant.requests.length).toBeGreaterThan(asked);
});

it('[R-021] a server starts and answers although Qdrant is not there yet', { timeout: 90_000 }, async () => {
  qdrant.trouble = () => 'drop';
  const alone = await startServer({ QDRANT_URL: qdrant.url });
  try {
    const base = `http://127.0.0.1:${alone.port}`;
    expect(await ask(base, await startTalk(base), '居住证要多少钱')).toContain('20 元');
    expect((await call(`${base}/readyz`, 'GET')).json.warnings.join()).toContain('qdrant');
  } finally {
    qdrant.trouble = undefined;
    await alone.close();
  }
});
