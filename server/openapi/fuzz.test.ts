/**
 * Property-based requests at every route of the OpenAPI document, with names of things that exist. The long form:
 *   WENBAN_LONG=1 npx vitest run server/openapi/fuzz.test.ts
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addStaff } from '../../bot/store/staff.ts';
import { hashPassword } from '../../desk/api/passwords.ts';
import { COOKIE, startSession } from '../../desk/api/sessions.ts';
import { parseConfig } from '../config.ts';
import { type Running, serve } from '../serve.ts';
import type { OpenApiDocument } from './document.ts';
import { answerCheck } from './testing/answers.ts';
import { kindOf, Pool } from './testing/pool.ts';
import { bodyFor, textFor } from './testing/values.ts';

/** Requests for each route. */
const rounds = process.env.WENBAN_LONG ? 400 : 12;
const hangMs = 20_000;
const staffName = 'fuzz';

let running: Running;
let dataDir: string;
let base = '';
let document: OpenApiDocument;
const pool = new Pool();
const failures: string[] = [];
/** One address sends everything. */
const limits = {
  startsPerIp: 1e6,
  postsPerIp: 1e6,
  postsPerConversation: 1e6,
  readsPerConversation: 1e6,
  uploadsPerConversation: 1e6,
};

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-fuzz-'));
  const parsed = parseConfig({ PORT: '0', DATA_DIR: dataDir });
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  const logger = pino({ level: 'error' }, { write: (line: string) => void failures.push(line) });
  running = await serve(parsed.config, logger, { limits, refreshEveryMs: 0 });
  base = `http://127.0.0.1:${running.port}`;
  const { db } = running.house.database;
  await addStaff(db, { name: staffName, role: 'admin', passwordHash: await hashPassword('fuzz', { log2N: 8 }) }, Date.now());
  document = (await (await fetch(`${base}/openapi.json`)).json()) as OpenApiDocument;
  await haveSomethingToFind();
});
afterAll(async () => {
  await running.close();
  await rm(dataDir, { recursive: true });
});

/** A citizen who asks, wants a person and rates; what they leave is there for the routes of the desk. */
async function haveSomethingToFind(): Promise<void> {
  const { token, conversationId } = await talk();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  for (const text of ['身份证丢了怎么补办', '我要投诉路灯不亮', '转人工'])
    await fetch(`${base}/v3/directline/conversations/${conversationId}/activities`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ type: 'message', from: { id: 'u' }, text }),
    });
  await running.house.core.settled();
  pool.add('conversations', conversationId);
}

async function talk(): Promise<{ token: string; conversationId: string }> {
  return (await (await fetch(`${base}/v3/directline/tokens/generate`, { method: 'POST' })).json()) as Awaited<ReturnType<typeof talk>>;
}

/** Whoever may call it: requests before may have ended a session or a conversation. */
async function credentialsFor({ security }: Operation): Promise<Record<string, string>> {
  if (security === 'deskCookie') return { cookie: `${COOKIE}=${await startSession(running.house.database.db, staffName, Date.now())}` };
  if (security !== 'directLineToken') return {};
  const { token, conversationId } = await talk();
  pool.add('conversations', conversationId);
  return { authorization: `Bearer ${token}` };
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { name: string; in: string; schema: object }[];
  readonly body: object | undefined;
  readonly statuses: ReadonlySet<string>;
  readonly security: string | undefined;
}

function operations(): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => {
      const content = (one.requestBody as { content?: Record<string, { schema: object }> } | undefined)?.content;
      return {
        method: method.toUpperCase(),
        path,
        parameters: one.parameters as Operation['parameters'],
        body: content?.['application/json']?.schema,
        statuses: new Set(Object.keys(one.responses as object)),
        security: Object.keys((one.security as object[] | undefined)?.[0] ?? {})[0],
      };
    }),
  );
}

interface Sent {
  /** Undefined: something that exists, by number. */
  readonly parameters: readonly { text: string; known: number | undefined }[];
  readonly body: unknown;
  readonly signedIn: boolean;
}

/** One request as the description allows it, or bent. */
const requestOf = (operation: Operation): fc.Arbitrary<Sent> =>
  fc.record({
    parameters: fc.tuple(
      ...operation.parameters.map((one) =>
        fc.record({ text: textFor(one.schema), known: fc.option(fc.nat(), { nil: undefined, freq: 4 }) }),
      ),
    ),
    body: operation.body
      ? fc.oneof(
          { weight: 5, arbitrary: bodyFor(operation.body) },
          fc.json().map((text) => text as unknown),
        )
      : fc.constant(undefined),
    signedIn: fc.nat(7).map((one) => one > 0),
  });

function addressOf(operation: Operation, { parameters }: Sent): string {
  let path = operation.path;
  const query = new URLSearchParams();
  operation.parameters.forEach((one, index) => {
    const { text = '', known } = parameters[index] ?? {};
    if (one.in === 'path') {
      const found = known === undefined ? undefined : pool.pick(kindOf(operation.path, one.name), known);
      // Who sends all this stays able to.
      const name = encodeURIComponent(found === staffName ? 'nobody' : (found ?? text));
      // No client can send a dot as a name: the address would be that of the folder.
      path = path.replace(`{${one.name}}`, /^\.{0,2}$/.test(name) ? '%20' : name);
    } else if (text !== '') query.append(one.name, text);
  });
  return `${base}${path}?${query}`;
}

async function send(operation: Operation, request: Sent, credentials: Record<string, string>) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), hangMs);
  try {
    const response = await fetch(addressOf(operation, request), {
      method: operation.method,
      signal: stop.signal,
      redirect: 'manual',
      headers: {
        ...(request.signedIn ? credentials : {}),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.body === undefined || operation.method === 'GET'
        ? {}
        : { body: typeof request.body === 'string' ? request.body : JSON.stringify(request.body) }),
    });
    const type = response.headers.get('content-type') ?? '';
    if (type.startsWith('text/event-stream')) {
      await response.body?.cancel();
      return { status: response.status, type, json: undefined };
    }
    const text = await response.text();
    const json = type.startsWith('application/json') ? (JSON.parse(text) as unknown) : undefined;
    if (response.ok) pool.learn(operation.path, json);
    return { status: response.status, type, json };
  } finally {
    clearTimeout(timer);
  }
}

/** What any route may answer of itself, beyond what the document names. */
const always = new Set([400, 404, 413, 414, 415, 429, 431]);

describe('every route of the OpenAPI document', () => {
  it('[R-027] answers whatever is sent: no 5xx, no hang, no status and no content the document does not have', async () => {
    const wrong = answerCheck(document);
    const succeeded = new Set<string>();
    const problems: string[] = [];
    const all = operations();
    // What lists comes first: it teaches names to what follows. Signing out in the middle would turn the rest into 401s.
    const order = [...all.filter(({ method }) => method === 'GET'), ...all].filter(({ path }) => path !== '/desk/api/logout');
    for (const operation of order) {
      const credentials = await credentialsFor(operation);
      const result = await fc.check(
        fc.asyncProperty(requestOf(operation), async (request) => {
          const answer = await send(operation, request, credentials);
          const { status } = answer;
          if (status < 400) succeeded.add(`${operation.method} ${operation.path}`);
          const trouble =
            (status >= 500 && operation.path !== '/readyz' && 'failed') ||
            (!operation.statuses.has(String(status)) && !always.has(status) && 'not in the document') ||
            wrong(operation.method, operation.path, answer);
          if (trouble) throw new Error(`${status}: ${trouble}`);
        }),
        { numRuns: rounds },
      );
      if (result.failed)
        problems.push(
          `${operation.method} ${operation.path}: ${result.errorInstance} for ${JSON.stringify(result.counterexample).slice(0, 500)}`,
        );
    }
    expect(problems).toEqual([]);
    expect(failures).toEqual([]);
    console.log(`${order.length * rounds} requests at ${all.length} operations; ${succeeded.size} of them succeeded at least once`);
  }, 3_600_000);
});
