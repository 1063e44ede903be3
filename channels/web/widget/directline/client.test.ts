import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Activity } from '../../../../bot/activity.ts';
import { type ConnectionState, DirectLineClient } from './client.ts';
import type { OutboxItem } from './outbox.ts';
import type { SocketLike } from './socket.ts';
import { type KeyValueStore, memoryStore } from './storage.ts';

/** A server in memory: a log, and what happens to the next calls. */
class FakeServer {
  readonly log: Activity[] = [];
  readonly calls: string[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly byClientId = new Map<unknown, string>();
  down = false;
  /** Accepts what is posted, and loses the answer on its way back. */
  losesAnswers = false;
  refusePost: number | undefined;
  tokenGood = true;
  resumable = true;
  socketsOpen = true;

  say(text: string): void {
    this.log.push({ type: 'message', id: `c|${this.log.length + 1}`, from: { id: 'wenban', role: 'bot' }, text });
    this.publish();
  }

  publish(): void {
    for (const socket of this.sockets) socket.deliver(this.log);
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { pathname, searchParams } = new URL(url);
    const path = pathname.replace('/v3/directline', '');
    this.calls.push(`${init.method} ${path}`);
    if (this.down) throw new TypeError('fetch failed');
    const bearer = new Headers(init.headers).get('authorization') ?? '';
    const grant = { conversationId: 'c', token: 'T', expires_in: 1800, resumeToken: 'R', streamUrl: 'wss://s.example/stream?t=T' };
    if (path === '/tokens/generate') return Response.json(grant);
    if (path === '/tokens/resume')
      return this.resumable ? Response.json({ ...grant, streamUrl: undefined }) : Response.json({}, { status: 401 });
    if (!this.tokenGood && bearer === 'Bearer T') {
      this.tokenGood = true;
      return Response.json({ error: { code: 'TokenExpired' } }, { status: 403 });
    }
    if (path.endsWith('/activities') && init.method === 'GET') {
      return Response.json({ activities: this.log.slice(Number(searchParams.get('watermark') ?? 0)), watermark: String(this.log.length) });
    }
    if (path.endsWith('/activities')) {
      if (this.refusePost !== undefined) return Response.json({}, { status: this.refusePost });
      const activity = JSON.parse(String(init.body)) as Activity;
      const clientId = activity.channelData?.clientActivityID;
      const id = this.byClientId.get(clientId) ?? `c|${this.log.length + 1}`;
      if (!this.byClientId.has(clientId)) {
        this.byClientId.set(clientId, id);
        this.log.push({ ...activity, id });
      }
      if (this.losesAnswers) throw new TypeError('connection reset');
      return Response.json({ id });
    }
    return Response.json(grant);
  };

  readonly socket = (url: string): SocketLike => {
    const socket = new FakeSocket(Number(new URL(url).searchParams.get('watermark')));
    if (!this.socketsOpen || this.down) setTimeout(() => socket.end(), 5);
    else {
      this.sockets.push(socket);
      setTimeout(() => {
        socket.onopen?.(new Event('open'));
        socket.deliver(this.log);
      }, 5);
    }
    return socket as unknown as SocketLike;
  };
}

class FakeSocket {
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(private sent: number) {}
  deliver(log: readonly Activity[]): void {
    if (!this.onmessage || log.length <= this.sent) return;
    const activities = log.slice(this.sent);
    this.sent = log.length;
    this.onmessage({ data: JSON.stringify({ activities, watermark: String(this.sent) }) });
  }
  close(): void {
    this.onclose?.();
  }
  end(): void {
    this.onclose?.();
  }
}

let server: FakeServer;
let store: KeyValueStore;
let shown: Activity[];
let states: ConnectionState[];
let outbox: readonly OutboxItem[];
let ids: number;
let resets: number;
const clients: DirectLineClient[] = [];

function makeClient(): DirectLineClient {
  shown = [];
  states = [];
  const client = new DirectLineClient({
    endpoint: 'https://s.example',
    store,
    locale: () => 'zh-CN',
    fetch: server.fetch,
    socket: server.socket,
    now: () => Date.now(),
    random: () => 0.5,
    newId: () => `id${++ids}`,
    listener: {
      onActivities: (activities) => shown.push(...activities),
      onTransient: () => undefined,
      onState: (state) => states.push(state),
      onOutbox: (items) => {
        outbox = items;
      },
      onReset: () => resets++,
    },
  });
  clients.push(client);
  return client;
}

const texts = (): (string | undefined)[] => shown.map(({ text }) => text);
const settle = (milliseconds = 100) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  server = new FakeServer();
  store = memoryStore();
  ids = 0;
  resets = 0;
  outbox = [];
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  vi.useRealTimers();
});

describe('connecting', () => {
  it('opens a conversation, shows its history, and follows', async () => {
    server.say('您好');
    makeClient().connect();
    await settle();
    server.say('还在吗');
    await settle();
    expect(texts()).toEqual(['您好', '还在吗']);
    expect(states).toEqual(['connecting', 'online']);
  });

  it('takes the same conversation up again after a reload, own messages included', async () => {
    const before = makeClient();
    before.connect();
    await settle();
    before.send({ type: 'message', text: '身份证丢了' });
    await settle();
    before.close();
    makeClient().connect();
    await settle();
    expect(texts()).toEqual(['身份证丢了']);
    expect(server.calls.filter((call) => call === 'POST /conversations')).toHaveLength(1);
  });

  it('comes back with the resume token after a day', async () => {
    server.say('您好');
    makeClient().connect();
    await settle();
    clients[0]?.close();
    vi.setSystemTime(Date.now() + 86_400_000);
    makeClient().connect();
    await settle();
    expect(server.calls).toContain('POST /tokens/resume');
    expect(texts()).toEqual(['您好']);
  });

  it('starts another conversation when the old one is gone, and keeps what was not sent', async () => {
    makeClient().connect();
    await settle();
    clients[0]?.close();
    vi.setSystemTime(Date.now() + 86_400_000);
    server.resumable = false;
    const client = makeClient();
    client.send({ type: 'message', text: '还没发出' });
    client.connect();
    await settle();
    expect(server.log.map(({ text }) => text)).toEqual(['还没发出']);
    expect(server.calls.filter((call) => call === 'POST /conversations')).toHaveLength(2);
  });

  it('forgets the conversation and its unsent words on a new chat', async () => {
    const client = makeClient();
    client.connect();
    await settle();
    server.refusePost = 503;
    client.send({ type: 'message', text: '旧话' });
    await settle();
    server.refusePost = undefined;
    client.restart();
    await settle(5_000);
    expect([resets, outbox.length, server.log.length]).toEqual([1, 0, 0]);
  });
});

describe('losing the connection', () => {
  it('misses nothing and doubles nothing that was said meanwhile', async () => {
    makeClient().connect();
    await settle();
    server.say('一');
    await settle();
    for (const socket of server.sockets.splice(0)) socket.end();
    server.say('二');
    server.say('三');
    await settle(2_000);
    server.say('四');
    await settle();
    expect(texts()).toEqual(['一', '二', '三', '四']);
    expect(states).toEqual(['connecting', 'online', 'reconnecting', 'online']);
  });

  it('tries again with growing pauses while the server is down, and at once when told to hurry', async () => {
    server.down = true;
    const client = makeClient();
    client.connect();
    await settle(120_000);
    const tries = server.calls.length;
    expect(tries).toBeGreaterThan(5);
    expect(tries).toBeLessThan(15);
    server.down = false;
    client.hurry();
    await settle();
    expect(states.at(-1)).toBe('online');
  });

  it('polls where no WebSocket gets through', async () => {
    server.socketsOpen = false;
    makeClient().connect();
    await settle(10_000);
    server.say('轮询也能收到');
    await settle(5_000);
    expect(texts()).toEqual(['轮询也能收到']);
  });

  it('leaves a socket that has gone silent', async () => {
    makeClient().connect();
    await settle();
    // The network swallowed the socket: it neither delivers nor closes.
    server.sockets.splice(0);
    server.say('断了才说的');
    await settle(80_000);
    expect(texts()).toEqual(['断了才说的']);
  });

  it('refreshes the token before it expires', async () => {
    makeClient().connect();
    await settle();
    const keepAlive = setInterval(() => server.sockets[0]?.onmessage?.({ data: '' }), 30_000);
    await settle(1_500_000);
    clearInterval(keepAlive);
    expect(server.calls).toContain('POST /tokens/refresh');
    expect(states).toEqual(['connecting', 'online']);
  });
});

describe('sending', () => {
  it('sends in order what was written before and during an outage', async () => {
    server.down = true;
    const client = makeClient();
    client.send({ type: 'message', text: '一' });
    client.connect();
    await settle(1_000);
    client.send({ type: 'message', text: '二' });
    server.down = false;
    await settle(10_000);
    expect(server.log.map(({ text }) => text)).toEqual(['一', '二']);
  });

  it('keeps unsent words over a reload', async () => {
    server.down = true;
    const before = makeClient();
    before.connect();
    before.send({ type: 'message', text: '别丢了' });
    await settle(1_000);
    before.close();
    server.down = false;
    makeClient().connect();
    await settle(2_000);
    expect(server.log.map(({ text }) => text)).toEqual(['别丢了']);
    expect(store.keys('out:')).toEqual([]);
  });

  it('repeats a message whose answer got lost under the same id, so that it stands in the log once', async () => {
    const client = makeClient();
    client.connect();
    await settle();
    server.losesAnswers = true;
    client.send({ type: 'message', text: '只要一份' });
    await settle(1_000);
    server.losesAnswers = false;
    await settle(10_000);
    expect(server.log).toHaveLength(1);
    expect(server.calls.filter((call) => call.startsWith('POST') && call.endsWith('/activities')).length).toBeGreaterThan(1);
    server.publish();
    await settle();
    expect([texts(), outbox]).toEqual([['只要一份'], []]);
  });

  it('marks what the server refuses, goes on with the rest, and sends it again when asked', async () => {
    const client = makeClient();
    client.connect();
    await settle();
    server.refusePost = 413;
    const id = client.send({ type: 'message', text: '太长' });
    await settle();
    expect(outbox).toMatchObject([{ id, status: 'failed', failure: 413 }]);
    server.refusePost = undefined;
    client.send({ type: 'message', text: '短的' });
    await settle();
    client.retry(id);
    await settle();
    expect(server.log.map(({ text }) => text)).toEqual(['短的', '太长']);
  });

  it('renews a refused token by itself and then sends', async () => {
    const client = makeClient();
    client.connect();
    await settle();
    server.tokenGood = false;
    client.send({ type: 'message', text: '令牌过期' });
    await settle(3_000);
    expect(server.log.map(({ text }) => text)).toEqual(['令牌过期']);
    expect(states.at(-1)).toBe('online');
  });

  it('takes its own message out of the outbox when it comes back', async () => {
    const client = makeClient();
    client.connect();
    await settle();
    client.send({ type: 'message', text: '你好' });
    await settle();
    expect(outbox).toMatchObject([{ status: 'sent' }]);
    server.publish();
    expect(outbox).toEqual([]);
  });
});
