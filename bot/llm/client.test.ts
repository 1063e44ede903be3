import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mask } from '../safety/mask.ts';
import { OpenAIModel, type OpenAIModelOptions } from './client.ts';
import type { ModelRequest, ModelUsage } from './model.ts';
import { type Script, type ScriptedServer, scriptedServer } from './testing/scripted-server.ts';

const schema = z.object({ city: z.string(), days: z.int() });
const good = { city: '安澜', days: 20 };
const request: ModelRequest<z.infer<typeof schema>> = { prompt: 'test@1', system: '规则', user: '问题', name: 'test', schema };

let server: ScriptedServer;
let usages: ModelUsage[] = [];
beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  usages = [];
  server.refuseFormats();
  server.refuseParameters();
});

const model = (more: Partial<OpenAIModelOptions> = {}) =>
  new OpenAIModel({
    baseUrl: server.baseUrl,
    apiKey: 'k',
    model: 'm',
    mask,
    timeoutMs: 2000,
    onUsage: (usage) => usages.push(usage),
    ...more,
  });
const say = (content: unknown): Script => ({ kind: 'say', content });
const formatOf = (body: Record<string, unknown> | undefined) =>
  body?.tools ? 'tool' : ((body?.response_format as { type?: string })?.type ?? 'text');
const newRequests = () => {
  const from = server.requests.length;
  return () => server.requests.slice(from).map((one) => one.json);
};

describe('structured answers', () => {
  it('come by strict JSON schema where the endpoint knows it', async () => {
    server.script(say(good));
    const sent = newRequests();
    expect(await model().complete(request)).toEqual({ ok: true, value: good });
    const [body] = sent();
    expect(body?.response_format).toMatchObject({
      type: 'json_schema',
      json_schema: { strict: true, schema: { additionalProperties: false, required: ['city', 'days'] } },
    });
    expect(body).toMatchObject({ temperature: 0, model: 'm' });
  });

  it.each([
    [['json_schema'], 'tool'],
    [['json_schema', 'tool'], 'json_object'],
    [['json_schema', 'tool', 'json_object'], 'text'],
  ] as const)('an endpoint without %j is asked by %s, found out once', async (refused, used) => {
    server.refuseFormats(...refused);
    server.script(say(good));
    const one = model();
    const sent = newRequests();
    expect((await one.complete(request)).ok).toBe(true);
    expect((await one.complete(request)).ok).toBe(true);
    expect(one.format).toBe(used);
    expect(sent().map(formatOf)).toEqual([...['json_schema', 'tool', 'json_object', 'text'].slice(0, refused.length + 1), used]);
  });

  it('parameters an endpoint refuses are left out', async () => {
    server.refuseParameters('temperature', 'stream_options', 'max_tokens');
    server.script(say(good));
    const one = model();
    expect(await one.complete({ ...request, maxTokens: 50, stream: { property: 'x', onElement: () => {} } })).toEqual({
      ok: true,
      value: good,
    });
    expect(one.format).toBe('json_schema');
  });

  it('fences, thoughts and a comma too many are repaired', async () => {
    server.refuseFormats('json_schema', 'tool');
    server.script({ kind: 'malformed', text: '<think>{"city": "别处"}</think>好的：\n```json\n{"city": "安澜", "days": 20,}\n```' });
    expect(await model().complete(request)).toEqual({ ok: true, value: good });
  });

  it.each(['whole', 'streamed'])('a %s answer that ignores the structure is asked for once more, then an error', async (way) => {
    const streamed = way === 'streamed' ? { stream: { property: 'sentences', onElement: () => {} } } : {};
    server.script({ kind: 'malformed', text: '{"city": 5' }, say(good));
    expect(await model().complete({ ...request, ...streamed })).toEqual({ ok: true, value: good });
    server.script({ kind: 'malformed', text: '我不知道' });
    const sent = newRequests();
    expect(await model().complete({ ...request, ...streamed })).toMatchObject({ ok: false, error: { kind: 'malformed' } });
    expect(sent()).toHaveLength(2);
  });
});

describe('streaming', () => {
  it.each([[[]], [['json_schema']], [['json_schema', 'tool']]] as const)(
    'tells finished elements once each, in order (without %j)',
    async (refused) => {
      server.refuseFormats(...refused);
      const list = z.object({ done: z.boolean(), items: z.array(z.object({ n: z.int() })) });
      server.script({ kind: 'say', content: { done: true, items: [{ n: 1 }, { n: 2 }, { n: 3 }] }, pieces: 40 });
      const heard: unknown[] = [];
      const result = await model().complete({
        ...request,
        schema: list,
        stream: { property: 'items', onElement: (element, known) => heard.push([element, known.done]) },
      });
      expect(result.ok).toBe(true);
      expect(heard).toEqual([1, 2, 3].map((n) => [{ n }, true]));
    },
  );
});

describe('trouble becomes an error value', () => {
  it.each<[string, Script, string, number]>([
    ['429', { kind: 'status', status: 429, retryAfter: 0 }, 'rate_limited', 2],
    ['500', { kind: 'status', status: 500 }, 'unavailable', 2],
    ['401', { kind: 'status', status: 401, message: 'bad key' }, 'rejected', 1],
    ['a dropped connection', { kind: 'dropped', content: good, after: 9 }, 'unavailable', 2],
    ['a truncated answer', { kind: 'truncated', content: good, after: 9 }, 'truncated', 2],
    ['a refusal', { kind: 'refusal', text: '不行' }, 'refused', 1],
    ['no answer at all', { kind: 'hang' }, 'timeout', 2],
    ['no choices', { kind: 'foreign', contentType: 'application/json', body: '{"object":"chat.completion","choices":[]}' }, 'strange', 2],
    ['nothing in the reply', { kind: 'foreign', contentType: 'application/json', body: '{}' }, 'strange', 2],
    ['null', { kind: 'foreign', contentType: 'application/json', body: 'null' }, 'strange', 2],
    ['a page instead of JSON', { kind: 'foreign', contentType: 'text/html', body: '<html>请登录</html>' }, 'strange', 2],
    ['JSON that is none', { kind: 'foreign', contentType: 'application/json', body: '{"choices": [' }, 'strange', 2],
    ['an empty body', { kind: 'foreign', contentType: 'text/event-stream', body: '' }, 'strange', 2],
  ])('%s', async (_, script, kind, tries) => {
    server.script(script);
    for (const stream of [undefined, { property: 'items', onElement: () => {} }]) {
      const sent = newRequests();
      const start = Date.now();
      const result = await model({ timeoutMs: 500 }).complete({ ...request, ...(stream ? { stream } : {}) });
      // What is no reply at all may be called broken, cut off or unreachable: only that it is an error counts.
      expect(result).toMatchObject({
        ok: false,
        error: { kind: kind === 'strange' ? expect.stringMatching(/^(?:malformed|truncated|unavailable)$/) : kind },
      });
      expect(Date.now() - start).toBeLessThan(1500);
      expect(sent()).toHaveLength(tries);
    }
  });

  it('a server that is not there', async () => {
    expect(await model({ baseUrl: 'http://127.0.0.1:9/v1' }).complete(request)).toMatchObject({
      ok: false,
      error: { kind: 'unavailable' },
    });
  });

  it('one retry mends a passing fault', async () => {
    server.script({ kind: 'status', status: 503 }, say(good));
    expect(await model().complete(request)).toEqual({ ok: true, value: good });
    expect(usages[0]).toMatchObject({ attempts: 2, error: undefined });
  });

  it('the caller can give up', async () => {
    server.script({ kind: 'slow', content: good, ms: 1000 });
    expect(await model().complete({ ...request, signal: AbortSignal.timeout(50) })).toMatchObject({
      ok: false,
      error: { kind: 'aborted' },
    });
    expect(await model().complete({ ...request, signal: AbortSignal.abort() })).toMatchObject({ ok: false, error: { kind: 'aborted' } });
  });

  it('an endpoint that fails again and again is left alone, then tried once', async () => {
    let now = 0;
    const one = model({ breaker: { failures: 3, restMs: 1000 }, now: () => now });
    server.script({ kind: 'status', status: 401 });
    for (let i = 0; i < 3; i++) await one.complete(request);
    const sent = newRequests();
    expect(await one.complete(request)).toMatchObject({ ok: false, error: { kind: 'resting' } });
    expect(sent()).toHaveLength(0);
    now = 1001;
    server.script(say(good));
    expect(await one.complete(request)).toEqual({ ok: true, value: good });
    expect(await one.complete(request)).toEqual({ ok: true, value: good });
  });
});

describe('accounting', () => {
  it('counts tokens and money, whole and streamed', async () => {
    server.script(say(good));
    const one = model({ prices: { input: 10, cachedInput: 1, output: 20 } });
    await one.complete(request);
    await one.complete({ ...request, stream: { property: 'items', onElement: () => {} } });
    for (const usage of usages)
      expect(usage).toMatchObject({
        prompt: 'test@1',
        model: 'm',
        mode: 'json_schema',
        inputTokens: 1000,
        cachedTokens: 600,
        outputTokens: 50,
        estimated: false,
        cost: (400 * 10 + 600 * 1 + 50 * 20) / 1e6,
      });
    expect(usages).toHaveLength(2);
  });

  it('guesses where the endpoint does not count', async () => {
    server.script({ kind: 'say', content: good, usage: false });
    await model().complete(request);
    expect(usages[0]).toMatchObject({ estimated: true, cost: undefined });
    expect(usages[0]?.inputTokens).toBeGreaterThan(0);
  });
});

describe('personal identifiers stay inside', () => {
  const phone = '13800138000';
  const idCard = '11010119900307803X';

  it('are masked in the request and put back in the result', async () => {
    server.script(say({ city: '⟨MY_PHONE:2⟩ 的主人', days: 1 }));
    const sent = newRequests();
    const result = await model().complete({ ...request, user: `我的身份证 ${idCard}，电话 ${phone}，再说一次 ${phone}` });
    expect(result).toEqual({ ok: true, value: { city: `${phone} 的主人`, days: 1 } });
    expect(JSON.stringify(sent())).not.toMatch(/13800138000|11010119900307803X/);
    expect(JSON.stringify(sent())).toContain('⟨MY_ID_CARD:1⟩');
  });

  it('a request in which one is left is not sent', async () => {
    const blind = (text: string) => (text.includes('\u001e') ? { text, originals: new Map<string, string>() } : mask(text));
    server.script(say(good));
    const sent = newRequests();
    expect(await model({ mask: blind }).complete({ ...request, user: `我是 ${idCard}` })).toMatchObject({
      ok: false,
      error: { kind: 'identifier' },
    });
    expect(sent()).toHaveLength(0);
  });

  it('error messages hold nothing of the request', async () => {
    server.script({ kind: 'status', status: 401, message: `bad request: 问题 ${phone}` });
    const result = await model().complete(request);
    expect(JSON.stringify(result)).not.toContain(phone);
  });
});
