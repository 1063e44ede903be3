/** Microsoft's own client, unchanged, against this server: over WebSocket and over polling, also when its connection is cut. */
import { type Activity as ClientActivity, ConnectionStatus, DirectLine } from 'botframework-directlinejs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import XMLHttpRequest from 'xhr2';
import type { Activity } from '../../../bot/activity.ts';
import { type Harness, startHarness } from './testing/harness.ts';
import { bot, MemoryCore, says } from './testing/memory-core.ts';

vi.stubGlobal('XMLHttpRequest', XMLHttpRequest);
vi.stubGlobal('WebSocket', WebSocket);

// Generous: the machine may be busy with other tests.
vi.setConfig({ testTimeout: 30_000, expect: { poll: { timeout: 10_000 } } });

let h: Harness;
const clients: DirectLine[] = [];
const subscriptions: { unsubscribe(): void }[] = [];
afterEach(async () => {
  for (const subscription of subscriptions.splice(0)) subscription.unsubscribe();
  for (const client of clients.splice(0)) client.end();
  await h.close();
});

interface Heard {
  client: DirectLine;
  activities: ClientActivity[];
  texts(): string[];
  waitFor(text: string): Promise<void>;
  post(text: string, id?: string): Promise<string>;
}

/** A client as Web Chat uses it: subscribes, collects. `random: 0` makes it retry after 3 seconds, its shortest. */
function listen(options: ConstructorParameters<typeof DirectLine>[0]): Heard {
  const client = new DirectLine({ domain: h.base, timeout: 5000, pollingInterval: 200, random: () => 0, ...options });
  clients.push(client);
  const activities: ClientActivity[] = [];
  const texts = () => activities.flatMap((activity) => (activity.type === 'message' ? [activity.text ?? ''] : []));
  subscriptions.push(
    client.activity$.subscribe(
      (activity) => activities.push(activity),
      () => {},
    ),
  );
  return {
    client,
    activities,
    texts,
    waitFor: (text) => vi.waitFor(() => expect(texts()).toContain(text), { timeout: 12_000, interval: 20 }),
    post: (text, id) =>
      client
        .postActivity({ type: 'message', from: { id: 'me' }, text, channelData: { clientActivityID: id } })
        .take(1)
        .toPromise(),
  };
}

const parts = ['第一部分', '第二部分', '第三部分', '第四部分', '第五部分', '第六部分'];
const answering = () => new MemoryCore(({ text }) => parts.flatMap((part) => [60, says(`${text}${part}`)]));
const expected = (question: string) => ['您好，我是小问。', question, ...parts.map((part) => question + part)];
const token = async () => (await h.call('POST', '/tokens/generate')).json.token as string;

describe.each([
  ['WebSocket', true],
  ['polling', false],
])('[R-030] botframework-directlinejs over %s', (_name, webSocket) => {
  it('holds a conversation: greeting, own message, answers, in order and once', async () => {
    h = await startHarness({ core: answering() });
    const heard = listen({ token: await token(), webSocket });
    await heard.waitFor('您好，我是小问。');
    const id = await heard.post('问题', 'c-1');
    await heard.waitFor('问题第六部分');
    expect(heard.texts()).toEqual(expected('问题'));
    const echo = heard.activities.find((activity) => activity.id === id);
    expect(echo).toMatchObject({ from: { role: 'user' }, channelData: { clientActivityID: 'c-1' } });
    expect(heard.client.connectionStatus$.getValue()).toBe(ConnectionStatus.Online);
    expect(h.core.log && new Set(heard.activities.map((activity) => activity.id)).size).toBe(heard.activities.length);
  });

  it('two questions at once are both answered, and a second client of the conversation reads the same', async () => {
    h = await startHarness({ core: answering() });
    const heard = listen({ token: await token(), webSocket });
    await heard.waitFor('您好，我是小问。');
    await Promise.all([heard.post('甲'), heard.post('乙')]);
    await vi.waitFor(() => expect(heard.activities).toHaveLength(15), { timeout: 10_000 });
    const { conversationId, token: own } = heard.client as unknown as { conversationId: string; token: string };
    const reload = listen({ token: own, conversationId, webSocket });
    await vi.waitFor(() => expect(reload.activities).toHaveLength(15), { timeout: 10_000 });
    expect(reload.texts()).toEqual(heard.texts());
  });

  it('works with the secret, as a server uses it', async () => {
    h = await startHarness({ core: answering(), secret: 'server-to-server' });
    const heard = listen({ secret: 'server-to-server', webSocket });
    await heard.waitFor('您好，我是小问。');
    await heard.post('问');
    await heard.waitFor('问第六部分');
    expect(heard.texts()).toEqual(expected('问'));
  });
});

describe('[R-030] botframework-directlinejs whose connection is cut', () => {
  it('misses nothing and hears nothing twice when its socket is destroyed in the middle of an answer, twice', async () => {
    h = await startHarness({ core: answering() });
    const heard = listen({ token: await token() });
    await heard.waitFor('您好，我是小问。');
    await heard.post('断线');
    await heard.waitFor('断线第二部分');
    expect(h.cutSockets()).toBe(1);
    expect(heard.texts()).not.toContain('断线第六部分');
    await heard.waitFor('断线第六部分');
    await heard.post('再断');
    await heard.waitFor('再断第三部分');
    expect(h.cutSockets()).toBe(1);
    await heard.waitFor('再断第六部分');
    expect(heard.texts()).toEqual([...expected('断线'), ...expected('再断').slice(1)]);
  });

  it('a message it repeats after a lost answer is said once', async () => {
    h = await startHarness({ core: answering() });
    const heard = listen({ token: await token() });
    await heard.waitFor('您好，我是小问。');
    const ids = [await heard.post('重复', 'same'), await heard.post('重复', 'same')];
    expect(ids[0]).toBe(ids[1]);
    await heard.waitFor('重复第六部分');
    expect(heard.texts()).toEqual(expected('重复'));
  });

  it('an expired token is told apart from a failure', async () => {
    h = await startHarness();
    const heard = listen({ token: await token(), webSocket: false });
    await heard.waitFor('您好，我是小问。');
    h.clock.now += 31 * 60_000;
    await vi.waitFor(() => expect(heard.client.connectionStatus$.getValue()).toBe(ConnectionStatus.ExpiredToken), { timeout: 10_000 });
    const { conversationId } = heard.client as unknown as { conversationId: string };
    expect(h.core.conversations.has(conversationId)).toBe(true);
  });
});

describe('streaming to botframework-directlinejs', () => {
  it('live parts arrive between the logged ones and leave the watermark alone', async () => {
    const part = (sequence: number, text: string): { live: Activity } => ({
      live: { type: 'typing', from: bot, text, channelData: { streamType: 'streaming', streamId: 's1', streamSequence: sequence } },
    });
    const final: Activity = { ...says('带好身份证。'), channelData: { streamType: 'final', streamId: 's1' } };
    h = await startHarness({ core: new MemoryCore(() => [part(1, '带'), part(2, '带好'), final, part(1, '后来')]) });
    const heard = listen({ token: await token() });
    await heard.waitFor('您好，我是小问。');
    await heard.post('带什么');
    await vi.waitFor(() => expect(heard.activities).toHaveLength(6), { timeout: 10_000 });
    expect(heard.activities.slice(2).map((activity) => [activity.type, (activity as { text?: string }).text])).toEqual([
      ['typing', '带'],
      ['typing', '带好'],
      ['message', '带好身份证。'],
      ['typing', '后来'],
    ]);
    expect(heard.activities.every((activity) => activity.id && activity.timestamp)).toBe(true);
    expect((heard.client as unknown as { watermark: string }).watermark).toBe('3');
  });
});
