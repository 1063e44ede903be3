import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  ask,
  call,
  directLine,
  killAll,
  post,
  type RunningServer,
  startServer,
  startTalk,
  type Talk,
} from './support/process.ts';

let dataDir: string;
let server: RunningServer;
let talk: Talk;
let other: Talk;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-bad-input-'));
  server = await startServer(dataDir);
  talk = await startTalk(server.url);
  other = await startTalk(server.url);
});
afterAll(async () => {
  await server?.stop();
  killAll();
  await rm(dataDir, { recursive: true, force: true });
});

/** After every piece of bad input the same process still answers. */
afterEach(async () => {
  expect(server.process.exitCode).toBeNull();
  expect((await call(`${server.url}/healthz`, 'GET')).json).toEqual({ status: 'ok' });
});

const activities = () => `${directLine(server.url)}/conversations/${talk.conversationId}/activities`;
const upload = () => `${directLine(server.url)}/conversations/${talk.conversationId}/upload`;
const message = (fields: object) => ({ type: 'message', from: { id: 'x' }, ...fields });
const send = (body: unknown) => call(activities(), 'POST', { token: talk.token, body });
/** A refusal says what is wrong, in the error format of its API, and nothing of the inside. */
const expectRefusal = (answer: Answer, status: number | RegExp) => {
  expect(String(answer.status)).toMatch(status instanceof RegExp ? status : String(status));
  expect(answer.json?.error).toMatchObject({ code: expect.stringMatching(/^\w+$/), message: expect.stringMatching(/\w{3}/) });
  expect(answer.text).not.toMatch(/node_modules|\.ts:|\.js:|\n\s+at /);
};

describe('messages', () => {
  const deep = (open: string, close: string, depth: number) =>
    `{"type":"message","text":"x","value":${open.repeat(depth)}1${close.repeat(depth)}}`;
  it.each<[name: string, body: () => unknown, status: number]>([
    ['an oversized body', () => message({ text: 'x', value: 'y'.repeat(5 * 1024 * 1024) }), 413],
    ['a text of 10,000 characters', () => message({ text: '问'.repeat(10_000) }), 400],
    ['broken JSON', () => '{"type":"message","text":', 400],
    ['JSON cut in the middle of a character', () => new Uint8Array([123, 34, 116, 34, 58, 34, 0xe9, 0x97]), 400],
    ['a list', () => '[1,2,3]', 400],
    ['a bare number', () => '7', 400],
    ['nothing', () => '', 400],
    ['NUL in the text', () => message({ text: 'a\u0000b' }), 400],
    ['NUL in the value', () => message({ text: 'a', value: { a: ['\u0000'] } }), 400],
    ['objects nested 20,000 deep', () => deep('{"a":', '}', 20_000), 400],
    ['lists nested 20,000 deep', () => deep('[', ']', 20_000), 400],
    ['a prototype for everybody', () => '{"type":"message","__proto__":{"text":"polluted"}}', 400],
    ['a message that says nothing', () => message({}), 400],
    ['a type that nobody knows', () => message({ type: 'invoke', text: 'x' }), 400],
    ['text that is a list', () => message({ text: ['x'] }), 400],
    ['attachments without end', () => message({ text: 'x', attachments: Array(200).fill({ contentType: 'image/png' }) }), 400],
    [
      'an attachment on the server’s own disk',
      () => message({ attachments: [{ contentType: 'image/png', contentUrl: 'file:///etc/passwd' }] }),
      400,
    ],
  ])('%s → %3$s', async (_name, body, status) => expectRefusal(await send(body()), status));

  it('JSON that says it is something else → 4xx', async () => {
    const body = JSON.stringify(message({ text: 'x' }));
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=klingon']) {
      expectRefusal(await call(activities(), 'POST', { token: talk.token, body, headers: { 'Content-Type': type } }), /^4\d\d$/);
    }
  });

  it('a body that says it is gzip and is not → 4xx', async () => {
    expectRefusal(await call(activities(), 'POST', { token: talk.token, body: '{}', headers: { 'Content-Encoding': 'gzip' } }), /^4\d\d$/);
  });

  it.each([
    ['emoji', '👨‍👩‍👧‍👦🎉'],
    ['Arabic', 'مرحبا، كيف أجدد بطاقة الهوية؟'],
    ['words turned around', '\u202E身份证丢了怎么办\u202C'],
    ['half a character', '身份证\uD83D丢了'],
    ['invisible characters', '身​份​证​丢​了'],
    ['HTML', '<img src=x onerror=alert(1)><script>alert(1)</script>'],
    ['SQL', "'; drop table conversations; --"],
    ['a template', `{{constructor.constructor("return process")()}} \${7*7}`],
    ['a very long word', '啊'.repeat(4000)],
    ['many lines', '\n'.repeat(3999)],
    ['combining marks without end', `a${'\u0301'.repeat(3000)}`],
  ])('%s is answered in words', async (_name, text) => {
    const answer = await ask(server.url, talk, text === '\n'.repeat(3999) ? `${text}a` : text);
    expect(answer.length).toBeGreaterThan(5);
    expect(answer).not.toContain('出了点问题');
  });

  it('a wrong rating and an unknown event are taken without harm', async () => {
    for (const event of [
      { name: 'rating.submit', value: { score: 'drop' } },
      { name: 'rating.submit', value: null },
      { name: 'handoff.initiate', value: {} },
      { name: 'x'.repeat(200), value: { a: 1 } },
    ]) {
      expect((await send({ type: 'event', from: { id: 'x' }, ...event })).status).toBe(200);
    }
    expectRefusal(await send({ type: 'event', from: { id: 'x' }, name: 'x'.repeat(2000) }), 400);
    expect(await ask(server.url, talk, '你好')).toContain('您好');
  });

  it('a form of nonsense is taken without harm', async () => {
    for (const value of [
      { wenbanForm: 'x', __proto__: 1, constructor: 'y', toString: 'z' },
      { wenbanForm: {}, a: [[[]]] },
      'text',
      7,
      [1, 2],
    ]) {
      expect([200, 400]).toContain((await send(message({ text: '表单', value }))).status);
    }
    expect(await ask(server.url, talk, '居住证要多少钱')).toContain('居住证');
  });
});

describe('who may speak', () => {
  it.each<[name: string, token: () => string | undefined, status: number]>([
    ['no token', () => undefined, 401],
    ['a made-up token', () => 'abc', 401],
    ['a token without signature', () => `${talk.token.split('.').slice(0, -1).join('.')}.`, 401],
    ['a token with one letter changed', () => talk.token.replace(/.(?=.{10}$)/, (c) => (c === 'A' ? 'B' : 'A')), 401],
    ['the token of another conversation', () => other.token, 403],
  ])('%s → %3$s', async (_name, token, status) => {
    for (const [method, url] of [
      ['GET', activities()],
      ['POST', activities()],
      ['POST', upload()],
      ['GET', `${directLine(server.url)}/conversations/${talk.conversationId}`],
    ] as const) {
      const answer = await call(url, method, { token: token(), ...(method === 'POST' ? { body: message({ text: 'x' }) } : {}) });
      expectRefusal(answer, status);
    }
  });

  it('nobody can speak as the bot, as somebody else, or choose where a message stands', async () => {
    const posted = await send(
      message({
        id: 'mine',
        from: { id: 'wenban', role: 'bot', name: '小澜' },
        text: '我是机器人',
        timestamp: '1999-01-01T00:00:00Z',
        seq: 1,
      }),
    );
    const log = await call(activities(), 'GET', { token: talk.token });
    const stored = log.json.activities.find((activity: { id: string }) => activity.id === posted.json.id);
    expect(stored.from).toMatchObject({ role: 'user', id: expect.stringMatching(/^dl_/) });
    expect(stored.timestamp).not.toContain('1999');
    expect(stored.id).not.toBe('mine');
  });

  it('the desk is closed to whoever has not logged in, also with a citizen’s token', async () => {
    for (const [method, path] of [
      ['GET', 'queue'],
      ['GET', 'ratings'],
      ['POST', `conversations/${talk.conversationId}/claim`],
      ['GET', `conversations/${talk.conversationId}/activities`],
    ] as const) {
      const answer = await call(`${server.url}/desk/api/${path}`, method, { token: talk.token });
      expect([path, answer.status]).toEqual([path, expect.toSatisfy((status: number) => status === 401 || status === 403)]);
    }
  });
});

describe('uploads', () => {
  it('50 MB → 413, nothing is kept of it', async () => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(50 * 1024 * 1024)], { type: 'application/pdf' }), 'big.pdf');
    let answer: Answer | undefined;
    try {
      answer = await call(upload(), 'POST', { token: talk.token, body: form });
    } catch (error) {
      // The server may hang up on a sender who doesn't stop; it must say why first whenever the client still listens.
      expect(String((error as Error).cause ?? error)).toMatch(/ECONNRESET|EPIPE|terminated|other side closed/);
    }
    if (answer) expectRefusal(answer, 413);
    const log = await call(activities(), 'GET', { token: talk.token });
    expect(JSON.stringify(log.json)).not.toContain('big.pdf');
  });

  it('a program that calls itself a picture, and a name that climbs out of the folder', async () => {
    const program = new FormData();
    program.append('file', new Blob([new Uint8Array([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0])], { type: 'image/png' }), 'a.png');
    expectRefusal(await call(upload(), 'POST', { token: talk.token, body: program }), /^4(00|15)$/);
    const climbing = new FormData();
    climbing.append('file', new Blob(['plain text of a file'], { type: 'text/plain' }), '../../../../etc/cron.d/x.txt');
    const answer = await call(upload(), 'POST', { token: talk.token, body: climbing });
    if (answer.status === 200) {
      const log = await call(activities(), 'GET', { token: talk.token });
      const stored = log.json.activities.find((activity: { id: string }) => activity.id === answer.json.id);
      expect(stored.attachments[0].name).not.toMatch(/[\\/]/);
    } else expectRefusal(answer, /^4\d\d$/);
  });

  it('a multipart body that is none', async () => {
    for (const [type, body] of [
      ['multipart/form-data', 'x'],
      ['multipart/form-data; boundary=a', '--a\r\nnonsense'],
      ['application/json', '{}'],
    ] as const) {
      expectRefusal(await call(upload(), 'POST', { token: talk.token, body, headers: { 'Content-Type': type } }), /^4\d\d$/);
    }
  });
});

describe('addresses', () => {
  it.each([
    ['GET', '/nothing/here', 404],
    ['GET', '/v3/directline/nothing', 404],
    ['GET', '/desk/api/nothing', /^40[14]$/],
    ['DELETE', '/v3/directline/conversations', /^40[45]$/],
    ['PUT', '/healthz', /^40[45]$/],
    ['GET', '/v3/directline/conversations/%E0%A4%A/activities', 400],
    ['GET', '/%2e%2e/%2e%2e/etc/passwd', /^40[04]$/],
    ['GET', '/portal/..%2f..%2f..%2fetc%2fpasswd', /^40[034]$/],
    ['GET', '/portal/%2e%2e%2fserver%2fwenban.js', /^40[034]$/],
    ['GET', '/desk/..%5c..%5cpackage.json', /^40[034]$/],
    ['GET', '/portal/index.html%00.js', /^40[04]$/],
    ['GET', '/v3/directline/uploads/..%2f..%2fwenban.sqlite', /^40[134]$/],
    ['GET', '/widget.js/../server/wenban.js', 404],
  ])('%s %s → %s', async (method, path, status) => {
    // Not by fetch: that would tidy the path first.
    const answer = await raw(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    const code = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'no answer';
    expect(code).toMatch(status instanceof RegExp ? status : String(status));
    expect(answer).not.toMatch(/root:x:|"name": "wenban"|esbuild|node_modules/);
  });

  it('what is no HTTP at all gets a 4xx and the line is closed', async () => {
    expect(await raw('GARBAGE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    expect(await raw(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'a'.repeat(100_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431/);
  });

  it('a watermark that is no number → 400', async () => {
    for (const watermark of ['x', '-1', '1e9', '99999999999999999999', '1;drop']) {
      expectRefusal(await call(`${activities()}?watermark=${encodeURIComponent(watermark)}`, 'GET', { token: talk.token }), 400);
    }
  });
});

it('after all that the citizens’ talk goes on, and nothing was logged as an error', async () => {
  expect(await ask(server.url, talk, '身份证丢了怎么补办')).toContain('居民身份证补领/换领');
  expect(await ask(server.url, other, '居住证要多少钱')).toContain('居住证');
  expect((await post(server.url, talk, '谢谢', 'bye')).status).toBe(200);
  const errors = server
    .log()
    .split('\n')
    .filter((line) => /"level":[56]0/.test(line));
  expect(errors).toEqual([]);
});

/** Sends bytes and reads until the server closes the connection. */
function raw(request: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.setTimeout(20_000, () => socket.destroy(new Error('the server keeps silent')));
    socket.on('data', (data) => (answer += data));
    socket.on('close', () => resolve(answer));
    socket.on('error', (error) => (answer ? resolve(answer) : reject(error)));
  });
}
