/** Microsoft's own client, unchanged, talks to the whole server: real core, real store, real knowledge. */
import { DirectLine } from 'botframework-directlinejs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import XMLHttpRequest from 'xhr2';
import type { MessageEntity } from '../bot/activity.ts';
import { type Line, startLine, startServer, type TestServer } from './support/server.ts';

vi.stubGlobal('XMLHttpRequest', XMLHttpRequest);
vi.stubGlobal('WebSocket', WebSocket);

let server: TestServer;
let line: Line;
let client: DirectLine | undefined;
afterEach(async () => {
  client?.end();
  await line.close();
  await server.close();
});

interface Heard {
  id?: string;
  type: string;
  text?: string;
  from: { role?: string };
  entities?: MessageEntity[];
}

/** A server behind a line, and a client that collects what it hears. */
async function talk(webSocket: boolean) {
  let port = 0;
  line = await startLine(() => port);
  server = await startServer({ PUBLIC_URL: line.url, WIDGET_ORIGINS: '*' });
  port = server.port;
  const { token, conversationId } = (await (await fetch(`${line.url}/v3/directline/tokens/generate`, { method: 'POST' })).json()) as {
    token: string;
    conversationId: string;
  };
  client = new DirectLine({ domain: `${line.url}/v3/directline`, token, webSocket, timeout: 5000, pollingInterval: 200, random: () => 0 });
  const heard: Heard[] = [];
  client.activity$.subscribe(
    (activity) => heard.push(activity as Heard),
    () => {},
  );
  return {
    heard,
    conversationId,
    say: (text: string, id?: string) =>
      client
        ?.postActivity({ type: 'message', from: { id: 'me' }, text, ...(id ? { channelData: { clientActivityID: id } } : {}) })
        .take(1)
        .toPromise(),
    replied: (pattern: RegExp) =>
      vi.waitFor(() => expect(heard.some((one) => one.from.role === 'bot' && pattern.test(one.text ?? ''))).toBe(true), {
        timeout: 15_000,
        interval: 25,
      }),
  };
}

describe.each([
  ['WebSocket', true],
  ['polling', false],
])('[R-030] botframework-directlinejs on the whole server over %s', (_name, webSocket) => {
  it('[R-001] holds a conversation: greeting, cited answer, flow, small talk', async () => {
    const { heard, say, replied } = await talk(webSocket);
    await replied(/智能助手小澜/);
    await say('身份证丢了怎么补办要带什么');
    await replied(/居民身份证补领/);
    const answer = heard.find((one) => one.text?.includes('居民身份证补领'));
    expect(answer?.entities?.[0]?.citation.length).toBeGreaterThanOrEqual(4);
    await say('帮我列一份身份证材料清单');
    await replied(/哪种情况/);
    await say('算了');
    await replied(/先不办了/);
    expect(heard.filter((one) => one.from.role === 'user').map((one) => one.text)).toEqual([
      '身份证丢了怎么补办要带什么',
      '帮我列一份身份证材料清单',
      '算了',
    ]);
  });
});

describe('[R-030] botframework-directlinejs whose line is cut again and again', () => {
  it('misses nothing and hears nothing twice', async () => {
    const { heard, say, replied, conversationId } = await talk(true);
    await replied(/智能助手小澜/);
    const questions = ['身份证丢了怎么补办', '居住证要多少钱', '医保局电话', '失业金怎么领', '今天天气怎么样', '转人工'];
    for (const [i, question] of questions.entries()) {
      // The client repeats a failed post with the same id; a person would press "send again".
      await vi.waitFor(() => say(question, `q-${i}`), { timeout: 15_000, interval: 100 });
      expect(line.cut()).toBeGreaterThan(0);
    }
    await server.house.core.settled(conversationId);
    const log = (await server.house.log.read(conversationId, 0)).filter((one) => one.type !== 'conversationUpdate');
    await vi.waitFor(() => expect(heard.filter((one) => one.type !== 'typing')).toHaveLength(log.length), {
      timeout: 20_000,
      interval: 50,
    });
    expect(heard.filter((one) => one.type !== 'typing').map((one) => one.id)).toEqual(log.map((one) => one.id));
    expect(log.filter((one) => one.from.role === 'user').map((one) => one.text)).toEqual(questions);
  });
});
