import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Router } from 'express';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addStaff } from '../../bot/store/staff.ts';
import { hashPassword } from '../../desk/api/passwords.ts';
import { COOKIE, startSession } from '../../desk/api/sessions.ts';
import { parseConfig } from '../config.ts';
import { buildHouse, type House } from '../house.ts';
import { createWeb, type Web } from '../http.ts';
import type { OpenApiDocument } from './document.ts';
import { bodyFor, textFor } from './testing/values.ts';

/** Requests for each route; `WENBAN_LONG=1` sends many more. */
const rounds = process.env.WENBAN_LONG ? 400 : 12;
const hangMs = 20_000;

let house: House;
let web: Web;
let dataDir: string;
let cookie = '';
let base = '';
const failures: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-fuzz-'));
  const parsed = parseConfig({ DATA_DIR: dataDir });
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  const logger = pino({ level: 'error' }, { write: (line: string) => void failures.push(line) });
  house = await buildHouse({ config: parsed.config, logger, channels: [], refreshEveryMs: 0 });
  web = await createWeb({
    house,
    logger,
    webFolder: dataDir,
    botFramework: Router().post('/', (_request, response) => void response.end()),
  });
  await new Promise<void>((resolve) => web.server.listen(0, '127.0.0.1', () => resolve()));
  base = `http://127.0.0.1:${(web.server.address() as AddressInfo).port}`;
  const { db } = house.database;
  await addStaff(db, { name: 'fuzz', role: 'admin', passwordHash: await hashPassword('fuzz', { log2N: 8 }) }, Date.now());
  cookie = `${COOKIE}=${await startSession(db, 'fuzz', Date.now())}`;
});
afterAll(async () => {
  await web.close();
  await house.close();
  await rm(dataDir, { recursive: true });
});

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { name: string; in: string; schema: object }[];
  readonly body: object | undefined;
  readonly statuses: ReadonlySet<string>;
}

async function operations(): Promise<Operation[]> {
  const document = (await (await fetch(`${base}/openapi.json`)).json()) as OpenApiDocument;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => {
      const content = (one.requestBody as { content?: Record<string, { schema: object }> } | undefined)?.content;
      return {
        method: method.toUpperCase(),
        path,
        parameters: one.parameters as Operation['parameters'],
        body: content?.['application/json']?.schema,
        statuses: new Set(Object.keys(one.responses as object)),
      };
    }),
  );
}

/** One request as the description allows it, or bent. */
const requestOf = (operation: Operation) =>
  fc.record({
    parameters: fc.tuple(...operation.parameters.map((one) => textFor(one.schema))),
    body: operation.body
      ? fc.oneof(
          { weight: 3, arbitrary: bodyFor(operation.body) },
          fc.json().map((text) => text as unknown),
        )
      : fc.constant(undefined),
    signedIn: fc.boolean(),
  });

async function send(operation: Operation, request: { parameters: readonly string[]; body: unknown; signedIn: boolean }) {
  let path = operation.path;
  const query = new URLSearchParams();
  operation.parameters.forEach((one, index) => {
    const value = request.parameters[index] ?? '';
    if (one.in === 'path') path = path.replace(`{${one.name}}`, encodeURIComponent(value) || '%20');
    else if (value !== '') query.append(one.name, value);
  });
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), hangMs);
  try {
    const response = await fetch(`${base}${path}?${query}`, {
      method: operation.method,
      signal: stop.signal,
      headers: {
        ...(request.signedIn ? { cookie } : {}),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.body === undefined || operation.method === 'GET'
        ? {}
        : { body: typeof request.body === 'string' ? request.body : JSON.stringify(request.body) }),
    });
    const stream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (stream) await response.body?.cancel();
    else await response.arrayBuffer();
    return response.status;
  } finally {
    clearTimeout(timer);
  }
}

describe('every route of the OpenAPI document', () => {
  it('answers whatever is sent: no 5xx, no hang, no status it does not name', async () => {
    for (const operation of await operations()) {
      // Signing out in the middle would turn the rest into 401s.
      if (operation.path === '/desk/api/logout') continue;
      await fc.assert(
        fc.asyncProperty(requestOf(operation), async (request) => {
          const status = await send(operation, request);
          const named =
            operation.statuses.has(String(status)) ||
            [400, 404, 413, 414, 415, 429, 431].includes(status) ||
            (status >= 200 && status < 300);
          expect([operation.method, operation.path, status, named]).toEqual([operation.method, operation.path, status, true]);
          if (operation.path !== '/readyz') expect(status).toBeLessThan(500);
        }),
        { numRuns: rounds },
      );
    }
    expect(failures).toEqual([]);
  }, 600_000);
});
