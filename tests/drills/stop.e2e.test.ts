/** Drill: the server is told to stop in the middle of a turn. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { scriptedServer } from '../../bot/llm/testing/scripted-server.ts';
import { openDatabase } from '../../bot/store/database.ts';
import { expectOneTurnEach, expectWholeTalk } from '../scale/stored.ts';
import { directLine, killAll, post, startServer, startTalk } from '../support/process.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'wenban-stop-'));
const model = await scriptedServer();
afterAll(async () => {
  killAll();
  await model.close();
  await rm(dataDir, { recursive: true, force: true });
});

it('[R-021] SIGTERM: sockets are told to go elsewhere (1001), the running turn is finished and kept, the exit is clean', {
  timeout: 60_000,
}, async () => {
  // The model takes its time with everything it is asked.
  model.script({ kind: 'slow', ms: 1500, content: { commands: [] } });
  const server = await startServer(dataDir, { OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'scripted', OPENAI_TIMEOUT_MS: '4000' });
  const talk = await startTalk(server.url);
  const socket = new WebSocket(
    `${directLine(server.url).replace('http', 'ws')}/conversations/${talk.conversationId}/stream?t=${talk.token}&watermark=0`,
  );
  await once(socket, 'open');
  const closed = once(socket, 'close') as Promise<[number]>;
  const said = await post(server.url, talk, '身份证丢了怎么补办', 'm1');
  expect(said.status).toBe(200);
  await expect.poll(() => model.requests.length, { timeout: 10_000, interval: 20 }).toBeGreaterThan(0);
  const stopping = server.stop();
  expect((await closed)[0]).toBe(1001);
  expect(await stopping).toBe(0);
  await expect(post(server.url, talk, '还在吗', 'm2')).rejects.toThrow();

  const store = await openDatabase({ dataDir });
  try {
    expect(await expectOneTurnEach(store.db)).toBe(2);
    const log = await expectWholeTalk(store.db, talk.conversationId, [{ text: '身份证丢了怎么补办', acknowledged: said.json.id }]);
    expect(log.some(({ replyToId }) => replyToId === said.json.id)).toBe(true);
  } finally {
    await store.close();
  }
});
