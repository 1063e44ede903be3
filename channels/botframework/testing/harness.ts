/** The real house with the real router on a free port, and a client that behaves like a Bot Framework channel. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { pino } from 'pino';
import { findConversation, updateConversation } from '../../../bot/store/conversations.ts';
import { parseConfig } from '../../../server/config.ts';
import { buildHouse, type House } from '../../../server/house.ts';
import { createBotFramework } from '../botframework.ts';
import type { CredentialOptions } from '../credentials.ts';
import { MESSAGES_PATH } from '../options.ts';
import { conversationIdOf } from '../take.ts';
import { startConnector } from './connector.ts';

const conversationKey = 'a conversation key for tests only';

export type Harness = Awaited<ReturnType<typeof startHarness>>;

export async function startHarness(credentials: (connectorOrigin: string) => CredentialOptions = () => ({})) {
  const connector = await startConnector();
  const dataDir = await mkdtemp(join(tmpdir(), 'wenban-bf-'));
  const config = parseConfig({ DATA_DIR: dataDir });
  if (!config.ok) throw new Error(config.problems.join('; '));
  const clock = { now: Date.parse('2026-03-02T02:00:00Z') };
  const now = () => clock.now;
  const errors: unknown[] = [];
  let house: House | undefined;
  const built = () => {
    if (!house) throw new Error('the house is not built yet');
    return house;
  };
  const { router, binding } = createBotFramework({
    ...credentials(connector.origin),
    core: () => built().core,
    findConversation: (id) => findConversation(built().database.db, id),
    saveProfile: (id, profile) => updateConversation(built().database.db, id, { profile }, now()),
    conversationKey: async () => conversationKey,
    log: { warn: () => {}, error: (fields) => errors.push(fields) },
    requestTimeoutMs: 3000,
  });
  house = await buildHouse({ config: config.config, logger: pino({ level: 'silent' }), channels: [binding], now, refreshEveryMs: 0 });

  const app = express();
  app.use(MESSAGES_PATH, router);
  // On every interface, so that a test can come from outside.
  const server = app.listen(0, '0.0.0.0');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;

  async function post(body: unknown, { headers = {}, host = '127.0.0.1', method = 'POST' }: PostOptions = {}) {
    const response = await fetch(`http://${host}:${port}${MESSAGES_PATH}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    // biome-ignore lint/suspicious/noExplicitAny: answers of every kind, asserted on by the tests
    return { status: response.status, headers: response.headers, text, json: (text ? JSON.parse(text) : undefined) as any };
  }

  /** Everything said so far is answered, and everything due is delivered. */
  async function settled() {
    await built().core.settled();
    built().outbox.kick();
    await built().outbox.settled();
  }

  /** A person at a channel; every channel conversation is a new one. */
  function citizen(name: string, given: { channelId?: string; serviceUrl?: string } = {}) {
    const channelId = given.channelId ?? 'emulator';
    let count = 0;
    const base = {
      channelId,
      serviceUrl: given.serviceUrl ?? connector.origin,
      conversation: { id: `${name}|livechat` },
      from: { id: `user-${name}`, name: 'User', role: 'user' },
      recipient: { id: 'bot-1', name: 'Bot', role: 'bot' },
      locale: 'zh-CN',
    };
    const activity = (fields: object) => ({
      ...base,
      type: 'message',
      id: `${name}-${++count}`,
      timestamp: '2026-03-02T02:00:00.123Z',
      ...fields,
    });
    return {
      id: conversationIdOf(conversationKey, channelId, base.conversation.id),
      activity,
      joins: () => post(activity({ type: 'conversationUpdate', membersAdded: [base.recipient, base.from] })),
      /** Posts, waits for the answer's delivery, and gives what the channel got for it. */
      async says(said: string | object, options?: PostOptions) {
        const before = connector.sent.length;
        const response = await post(activity(typeof said === 'string' ? { text: said } : said), options);
        if (response.status !== 200) throw new Error(`${response.status} ${response.text}`);
        await settled();
        return connector.sent.slice(before);
      },
      got: () => connector.sent.filter((one) => one.conversationInPath === base.conversation.id),
    };
  }

  return {
    connector,
    clock,
    errors,
    house,
    binding,
    post,
    settled,
    citizen,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await built().close();
      await connector.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface PostOptions {
  readonly headers?: Record<string, string>;
  readonly host?: string;
  readonly method?: string;
}
