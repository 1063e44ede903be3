/** A Direct Line server on a free port for tests, with its connections in hand so that a test can cut them. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import express from 'express';
import { createDirectLine } from '../directline.ts';
import { defaultLimits } from '../limits.ts';
import { DIRECT_LINE_PATH, type DirectLineOptions } from '../options.ts';
import { createDiskUploads, type UploadRecord } from '../uploads/store.ts';
import { MemoryCore } from './memory-core.ts';

export const WIDGET_ORIGIN = 'https://www.anlan.example';

export interface Grant {
  conversationId: string;
  token: string;
  expires_in: number;
  resumeToken: string;
  streamUrl: string;
}

export type Harness = Awaited<ReturnType<typeof startHarness>>;

export async function startHarness(given: Partial<DirectLineOptions> & { core?: MemoryCore } = {}) {
  const core = given.core ?? new MemoryCore();
  const clock = { now: Date.now() };
  const directory = mkdtempSync(join(tmpdir(), 'wenban-uploads-'));
  const records = new Map<string, UploadRecord>();
  const newId = () => randomBytes(16).toString('base64url');
  const now = () => clock.now;
  const limits = { ...defaultLimits, ...given.limits };
  const errors: unknown[] = [];
  const upgraded = new Set<Duplex>();

  const app = express();
  const server = createServer(app);
  const directLine = createDirectLine({
    findConversation: async (id) => core.conversations.get(id),
    signingKey: 'a signing key for tests only',
    publicUrl: (request) => `http://${request.headers.host}`,
    allowedOrigins: [WIDGET_ORIGIN],
    uploads: createDiskUploads({
      directory,
      saveRecord: async (record) => records.set(record.id, record),
      findRecord: async (id) => records.get(id),
      maxBytes: limits.uploadBytes,
      now,
      newId,
    }),
    now,
    newId,
    log: { warn: () => {}, error: (fields) => errors.push(fields) },
    ...given,
    core,
    limits,
  });
  app.use(DIRECT_LINE_PATH, directLine.router);
  directLine.attach(server);
  server.on('upgrade', (_request, socket) => {
    upgraded.add(socket);
    socket.on('close', () => upgraded.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const base = origin + DIRECT_LINE_PATH;

  /** One request; `json` is the parsed answer, if it was JSON. */
  async function call(method: string, path: string, options: { token?: string; body?: unknown; headers?: Record<string, string> } = {}) {
    const raw = typeof options.body === 'string' || options.body instanceof Uint8Array || options.body instanceof FormData;
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` }),
        ...(options.body === undefined || options.body instanceof FormData ? {} : { 'Content-Type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: raw ? (options.body as BodyInit) : JSON.stringify(options.body) }),
    });
    const text = await response.text();
    // biome-ignore lint/suspicious/noExplicitAny: answers of every kind, asserted on by the tests
    let json: any;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, text, json };
  }

  return {
    core,
    clock,
    directory,
    directLine,
    errors,
    records,
    origin,
    base,
    call,
    /** A started conversation. */
    async start(): Promise<Grant> {
      const { token } = (await call('POST', '/tokens/generate')).json;
      return (await call('POST', '/conversations', { token })).json;
    },
    say: (grant: Pick<Grant, 'conversationId' | 'token'>, activity: object) =>
      call('POST', `/conversations/${grant.conversationId}/activities`, {
        token: grant.token,
        body: { type: 'message', from: { id: 'u' }, ...activity },
      }),
    /** Cuts every WebSocket as a broken network does. */
    cutSockets(): number {
      const count = upgraded.size;
      for (const socket of upgraded) socket.destroy();
      return count;
    },
    async close() {
      await directLine.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
