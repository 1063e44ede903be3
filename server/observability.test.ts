/** A real server with everything switched on that looks into it, and a citizen who says things nobody else may ever see. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type ScriptedServer, scriptedServer } from '../bot/llm/testing/scripted-server.ts';
import { call, directLine, startTalk, type Talk } from '../tests/support/process.ts';
import { parseConfig } from './config.ts';
import { turnFields } from './observing.ts';
import { type Running, serve } from './serve.ts';
import { otlpReceiver, type Receiver } from './tracing/testing/receiver.ts';

/** What a citizen said and who they are: in no log, no span, no figure. */
const canaries = ['欧阳芷兰', '11010119900307803X', '13800138000', '我家楼下的紫色气球', '身份证丢了'];
const traceId = '0af7651916cd43dd8448eb211c80319c';

let receiver: Receiver;
let model: ScriptedServer;
let server: Running;
let talk: Talk;
let dataDir: string;
let figures: string;
const log: string[] = [];

/** Says something and waits for the turn. */
async function say(text: string, headers: Record<string, string> = {}): Promise<void> {
  const body = { type: 'message', from: { id: 'x' }, text };
  const posted = await call(`${directLine(server.url)}/conversations/${talk.conversationId}/activities`, 'POST', {
    token: talk.token,
    headers,
    body,
  });
  expect(posted.status).toBe(200);
  await server.house.core.settled();
}

beforeAll(async () => {
  receiver = await otlpReceiver();
  model = await scriptedServer();
  model.script({ kind: 'status', status: 503 });
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-seen-'));
  const parsed = parseConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    OPENAI_BASE_URL: model.baseUrl,
    OPENAI_MODEL: 'scripted',
    OPENAI_TIMEOUT_MS: '1000',
    OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.endpoint}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=an%20lan',
  });
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  const logger = pino({ level: 'debug', mixin: turnFields }, { write: (line: string) => void log.push(line) });
  server = await serve(parsed.config, logger);
  talk = await startTalk(server.url);
  await say('身份证丢了怎么补办', { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
  for (const text of [
    '我叫欧阳芷兰，身份证号11010119900307803X，手机13800138000，居住证要多少钱',
    '我家楼下的紫色气球被风吹走了怎么办',
    '转人工',
    '帮我列一份身份证材料清单',
  ])
    await say(text);
  await call(`${server.url}/desk/api/conversations/${talk.conversationId}/claim`, 'POST', { body: {} });
  await call(`${server.url}/there/is/nothing/${canaries[2]}`, 'GET');
  const { conversationId, token } = talk;
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v3/directline/conversations/${conversationId}/stream?t=${token}`);
  await once(socket, 'open');
  figures = await (await fetch(`${server.url}/metrics`)).text();
  await server.close();
});
afterAll(async () => {
  await model?.close();
  await receiver?.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe('spans', () => {
  it('[R-122] a traced request leads to its turn, and the turn to each of its steps and model calls', () => {
    const spans = receiver.spans().filter((span) => span.traceId === traceId);
    const request = spans.find((span) => span.parentSpanId === 'b7ad6b7169203331');
    expect(request).toMatchObject({
      name: 'POST /v3/directline/conversations/:conversationId/activities',
      facts: { 'http.response.status_code': 200 },
    });
    const turn = spans.find((span) => span.name === 'turn');
    expect(turn).toMatchObject({ parentSpanId: request?.spanId, facts: { 'wenban.channel': 'web', 'wenban.outcome': 'answered' } });
    const steps = spans.filter((span) => span.parentSpanId === turn?.spanId).map((span) => span.name);
    expect(new Set(steps)).toEqual(new Set(['receive', 'screen', 'understand', 'act', 'ground', 'render', 'record']));
    const understand = spans.find((span) => span.name === 'understand');
    expect(spans.find((span) => span.name === 'retrieve')?.parentSpanId).toBe(understand?.spanId);
    expect(spans.find((span) => span.name === 'model')?.facts).toMatchObject({ 'wenban.outcome': 'unavailable' });
    expect(receiver.headers[0]).toMatchObject({ 'x-tenant': 'an lan' });
  });

  it('the model is told which trace it works for', () => {
    const told = model.requests.map(({ headers }) => headers.traceparent);
    expect(told).toContainEqual(expect.stringMatching(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`)));
  });

  it('[R-129] hold nothing of what was said, and no id that opens a conversation', () => {
    for (const body of receiver.bodies)
      for (const secret of [...canaries, talk.conversationId, talk.token]) expect(body).not.toContain(secret);
    const hashes = receiver.spans().flatMap((span) => span.facts['wenban.conversation_hash'] ?? []);
    expect(hashes.length).toBeGreaterThan(0);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('the log', () => {
  it('[R-129] at its most talkative holds nothing of what was said', () => {
    const all = log.join('');
    expect(log.length).toBeGreaterThan(2);
    for (const secret of [...canaries, talk.token]) expect(all).not.toContain(secret);
  });

  it('is one JSON object a line; what a turn wrote names the turn', () => {
    const lines = log.map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const line of lines) expect(line).toMatchObject({ level: expect.any(Number), time: expect.any(Number), msg: expect.any(String) });
    const modelLines = lines.filter((line) => line.msg === 'language model called');
    expect(modelLines.length).toBeGreaterThan(0);
    for (const line of modelLines) expect(line.turn).toMatch(/^[\w-]{22}$/);
  });
});

describe('figures', () => {
  const samples = () =>
    figures
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => /^([\w:]+)(?:\{(.*)\})? (\S+)/.exec(line) ?? []);

  it('follow the conventions: known units, _total for counters, a help text each', () => {
    const types = [...figures.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => ({ name, type }));
    expect(types.length).toBeGreaterThan(30);
    for (const { name, type } of types.filter((one) => one.name.startsWith('wenban_'))) {
      expect([name, new RegExp(`^# HELP ${name} \\S.{8,}$`, 'm').test(figures)]).toEqual([name, true]);
      expect([name, type === 'counter']).toEqual([name, name.endsWith('_total')]);
      if (type === 'histogram') expect(name).toMatch(/_duration_seconds$/);
      expect(name).not.toMatch(/_(ms|millis|minutes|hours|kb|mb|percent)(_|$)/);
    }
  });

  it('tell of turns, steps, retrieval, requests, sockets, queue, work orders and the store', () => {
    const value = (name: string, labels = '') => Number(samples().find(([, one, has = '']) => one === name && has.includes(labels))?.[3]);
    expect(value('wenban_turns_total', 'channel="web",outcome="answered"')).toBeGreaterThan(0);
    expect(value('wenban_turns_total', 'outcome="greeted"')).toBe(1);
    for (const step of ['receive', 'screen', 'understand', 'retrieve', 'act', 'ground', 'render', 'record'])
      expect([step, value('wenban_turn_step_duration_seconds_count', `step="${step}"`) > 0]).toEqual([step, true]);
    expect(
      value('wenban_http_request_duration_seconds_count', 'route="/v3/directline/conversations/:conversationId/activities"'),
    ).toBeGreaterThan(0);
    expect(value('wenban_model_calls_total', 'outcome="unavailable"')).toBeGreaterThan(0);
    expect(value('wenban_store_up')).toBe(1);
    for (const name of ['inbox_pending_messages', 'outbox_oldest_age_seconds', 'queue_longest_wait_seconds', 'work_orders_overdue'])
      expect([name, Number.isFinite(value(`wenban_${name}`))]).toEqual([name, true]);
    expect(value('wenban_websocket_connections')).toBe(1);
  });

  it('[R-129] have labels of closed sets only: no ids, no addresses, nothing anybody wrote', () => {
    for (const secret of [...canaries, talk.conversationId]) expect(figures).not.toContain(secret);
    const allowed: Readonly<Record<string, RegExp>> = {
      channel: /^(web|botframework|wechat[\w-]*|wechaty|sms)$/,
      outcome: /^[a-z_]{2,40}$/,
      step: /^(receive|screen|understand|retrieve|act|ground|render|record)$/,
      prompt: /^[a-z-]+@\d+$/,
      model: /^scripted$/,
      method: /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|other)$/,
      route: /^(other|(\/:?[\w.-]*)+)$/,
      status: /^([1-5]xx|aborted)$/,
      part: /^[a-z]+$/,
      state: /^(ok|degraded|down|off)$/,
      role: /^(agent|editor|analyst|supervisor|admin)$/,
      score: /^[1-5]$/,
      version: /^\d+\.\d+\.\d+$/,
      le: /^(\+Inf|[\d.e-]+)$/,
    };
    for (const [, name = '', labels = ''] of samples()) {
      if (!name.startsWith('wenban_')) continue;
      for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="([^"]*)"/g))
        expect([name, label, value]).toEqual([name, label, expect.stringMatching(allowed[label] ?? /(?!)/)]);
    }
    expect(figures).toContain('route="other"');
  });
});

it('tracing off loads nothing of OpenTelemetry, and a wrong endpoint is named', () => {
  const off = parseConfig({ DATA_DIR: dataDir });
  expect(off.ok && off.config.tracing).toBeUndefined();
  expect(parseConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'nowhere' })).toMatchObject({
    ok: false,
    problems: [expect.stringMatching(/^OTEL_EXPORTER_OTLP_ENDPOINT:/)],
  });
});
