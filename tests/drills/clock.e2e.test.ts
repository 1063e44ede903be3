/** Drill: the clock of the machine is set: an hour back, a day forward. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.ts';
import { ask, call, directLine, post, read, startTalk } from '../support/process.ts';
import { startServer, type TestServer } from '../support/server.ts';

const clock = { now: Date.parse('2026-03-02T10:00:00+08:00') };
let server: TestServer;
let base: string;
beforeAll(async () => {
  await ensureBuilt();
  server = await startServer({}, { now: () => clock.now });
  base = `http://127.0.0.1:${server.port}`;
}, 60_000);
afterAll(() => server?.close());

it('[R-021] an hour back: tokens and sessions still hold, order is kept, a person can be asked for and answers', {
  timeout: 60_000,
}, async () => {
  await server.addAgent('xiaoli', 'a good password');
  const login = () =>
    call(`${base}/desk/api/login`, 'POST', { body: { name: 'xiaoli', password: 'a good password' }, headers: { Origin: base } });
  const cookie = (await login()).headers.get('set-cookie')?.split(';')[0] ?? '';
  const talk = await startTalk(base);
  expect(await ask(base, talk, '居住证要多少钱')).toContain('20 元');
  clock.now -= 3_600_000;
  expect(await ask(base, talk, '身份证丢了怎么补办')).not.toBe('');
  const { activities } = await read(base, talk);
  const said = activities.filter(({ from }) => from.role === 'user').map(({ text }) => text);
  expect(said).toEqual(['居住证要多少钱', '身份证丢了怎么补办']);
  expect((await post(base, talk, '转人工', 'handoff')).status).toBe(200);
  await server.house.core.settled();
  const headers = { Cookie: cookie, Origin: base };
  const queue = await call(`${base}/desk/api/queue`, 'GET', { headers });
  expect([queue.status, queue.json.map((one: { conversationId: string }) => one.conversationId)]).toEqual([200, [talk.conversationId]]);
  expect((await call(`${base}/desk/api/conversations/${talk.conversationId}/claim`, 'POST', { headers })).status).toBe(200);
  expect((await call(`${base}/readyz`, 'GET')).status).toBe(200);
});

it('[R-021] a day forward: what has run out is refused in words, a new talk works at once; set right again, so does the old one', {
  timeout: 60_000,
}, async () => {
  const talk = await startTalk(base);
  expect(await ask(base, talk, '居住证要多少钱')).toContain('20 元');
  clock.now += 86_400_000;
  const late = await post(base, talk, '还在吗', 'late');
  expect([late.status, typeof late.json.error.code]).toEqual([403, 'string']);
  expect(await ask(base, await startTalk(base), '居住证要多少钱')).toContain('20 元');
  const ready = await call(`${base}/readyz`, 'GET');
  expect([ready.status, ready.json.problems]).toEqual([200, []]);
  clock.now -= 86_400_000;
  expect(await ask(base, talk, '身份证丢了怎么补办')).not.toBe('');
  expect((await call(`${directLine(base)}/tokens/refresh`, 'POST', { token: talk.token })).status).toBe(200);
});
