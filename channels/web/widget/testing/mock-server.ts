/** A tiny Direct Line 3.0 server for the widget's own tests: one process, one scripted assistant, no storage. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Activity } from '../../../../bot/activity.ts';
import { assetsFrom, readRequest } from './http.ts';

export interface MockServer {
  readonly url: string;
  /** Everything clients posted, in order; a repeated clientActivityID stands here once. */
  readonly received: readonly Activity[];
  /** How often a known clientActivityID came again. */
  readonly repeated: () => number;
  /** Says something in every conversation (or in `conversationId`). */
  say(activity: Partial<Activity>, conversationId?: string): void;
  /** A typing or streaming activity: only for who is connected now. */
  transient(activity: Partial<Activity>): void;
  /** How many clients are connected now. */
  readonly followers: () => number;
  /** Cuts all sockets without a goodbye. */
  cut(): void;
  /** While set, every call (or only what the citizen sends) is answered with this status. */
  fail(status: number | undefined, what?: 'everything' | 'messages'): void;
  /** While false, WebSockets are refused. */
  allowSockets(allowed: boolean): void;
  close(): Promise<void>;
}

export interface MockOptions {
  /** Folder with widget.js and the portal. */
  readonly assets: string;
  /** What the assistant answers to a message or event. */
  readonly answer: (activity: Activity) => readonly Partial<Activity>[];
  readonly greeting: readonly Partial<Activity>[];
}

const BOT = { id: 'wenban', name: '小澜', role: 'bot' } as const;

interface Conversation {
  readonly log: Activity[];
  readonly seen: Map<string, string>;
  readonly sockets: Set<WebSocket>;
}

export async function startMockServer(options: MockOptions): Promise<MockServer> {
  const conversations = new Map<string, Conversation>();
  const received: Activity[] = [];
  let repeated = 0;
  let failing: number | undefined;
  let refusing: number | undefined;
  let socketsAllowed = true;

  const append = (id: string, activity: Partial<Activity>): Activity => {
    const conversation = conversations.get(id);
    if (!conversation) throw new Error(`no conversation ${id}`);
    const seq = conversation.log.length + 1;
    const whole: Activity = {
      type: 'message',
      from: BOT,
      timestamp: new Date().toISOString(),
      channelData: {},
      ...activity,
      id: `${id}|${String(seq).padStart(7, '0')}`,
    };
    conversation.log.push(whole);
    for (const socket of conversation.sockets) socket.send(JSON.stringify({ activities: [whole], watermark: String(seq) }));
    return whole;
  };
  const open = (id: string): Conversation => {
    const known = conversations.get(id);
    if (known) return known;
    const made: Conversation = { log: [], seen: new Map(), sockets: new Set() };
    conversations.set(id, made);
    for (const activity of options.greeting) append(id, activity);
    return made;
  };
  const grant = (id: string) => ({
    conversationId: id,
    token: `token-${id}`,
    expires_in: 1800,
    resumeToken: `resume-${id}`,
    streamUrl: `${url.replace('http', 'ws')}/v3/directline/conversations/${id}/stream?t=token-${id}`,
  });
  const receive = (id: string, activity: Activity): string => {
    const conversation = open(id);
    const clientId = String(activity.channelData?.clientActivityID ?? '');
    const known = conversation.seen.get(clientId);
    if (known !== undefined) {
      repeated++;
      return known;
    }
    if (activity.type === 'typing') return 'typing';
    received.push(activity);
    const logged = append(id, activity).id ?? '';
    if (clientId) conversation.seen.set(clientId, logged);
    setTimeout(() => {
      for (const reply of options.answer(activity)) append(id, reply);
    }, 20);
    return logged;
  };

  const directLine = async (request: IncomingMessage, response: ServerResponse, path: string, watermark: number): Promise<void> => {
    const json = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const failure = failing ?? (request.method === 'POST' && /\/(activities|upload)$/.test(path) ? refusing : undefined);
    if (failure !== undefined) return json(failure, { error: { code: 'Scripted', message: 'scripted failure' } });
    const bearer = String(request.headers.authorization ?? '').replace('Bearer ', '');
    if (path === '/tokens/generate') return json(200, grant(`c${conversations.size + 1}`));
    const id = bearer.replace(/^(token|resume)-/, '');
    if (!bearer || (path !== '/conversations' && !conversations.has(id)))
      return json(403, { error: { code: 'BadToken', message: 'unknown' } });
    if (path === '/conversations') {
      open(id);
      return json(201, grant(id));
    }
    if (path.startsWith('/tokens/')) return json(200, grant(id));
    if (path.endsWith('/activities') && request.method === 'GET') {
      const log = open(id).log;
      return json(200, { activities: log.slice(watermark), watermark: String(log.length) });
    }
    if (path.endsWith('/activities') || path.endsWith('/upload')) {
      const { activity, file } = await readRequest(request);
      const attachments = file ? { attachments: [{ contentType: file.type, name: file.name, contentUrl: `${url}/uploaded.png` }] } : {};
      return json(200, { id: receive(id, { ...activity, ...attachments }) });
    }
    return json(200, grant(id));
  };

  const server = createServer((request, response) => {
    const address = new URL(request.url ?? '/', 'http://mock');
    if (!address.pathname.startsWith('/v3/directline')) return void assetsFrom(options.assets, address.pathname, response);
    const path = address.pathname.slice('/v3/directline'.length);
    directLine(request, response, path, Number(address.searchParams.get('watermark') ?? 0)).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  const upgrades = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const address = new URL(request.url ?? '/', 'http://mock');
    const conversation = conversations.get(String(address.searchParams.get('t')).replace('token-', ''));
    if (!socketsAllowed || failing !== undefined || !conversation) return void socket.destroy();
    upgrades.handleUpgrade(request, socket, head, (client) => {
      conversation.sockets.add(client);
      client.on('close', () => conversation.sockets.delete(client));
      const missed = conversation.log.slice(Number(address.searchParams.get('watermark') ?? 0));
      if (missed.length > 0) client.send(JSON.stringify({ activities: missed, watermark: String(conversation.log.length) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cut = (): void => {
    for (const client of upgrades.clients) client.terminate();
  };
  return {
    url,
    received,
    repeated: () => repeated,
    say: (activity, conversationId) => {
      for (const id of conversationId === undefined ? conversations.keys() : [conversationId]) append(id, activity);
    },
    transient: (activity) => {
      const text = JSON.stringify({ activities: [{ type: 'typing', from: BOT, ...activity }] });
      for (const client of upgrades.clients) client.send(text);
    },
    followers: () => upgrades.clients.size,
    cut,
    fail: (status, what = 'everything') => {
      if (what === 'everything') failing = status;
      else refusing = status;
    },
    allowSockets: (allowed) => {
      socketsAllowed = allowed;
    },
    close: async () => {
      cut();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
