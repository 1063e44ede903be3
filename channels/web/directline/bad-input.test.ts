import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Grant, type Harness, startHarness } from './testing/harness.ts';

let h: Harness;
let grant: Grant;
beforeAll(async () => {
  h = await startHarness({ limits: { postsPerConversation: 1000, postsPerIp: 1000 } });
  grant = await h.start();
});
afterAll(() => h.close());

const message = (fields: object) => JSON.stringify({ type: 'message', from: { id: 'u' }, ...fields });

describe('Direct Line: bad input gets a clear 4xx and the server stays unharmed', () => {
  const bodies: [name: string, body: string, status: number, says: RegExp][] = [
    ['an oversized body', message({ text: 'x', value: 'y'.repeat(300 * 1024) }), 413, /too large/],
    ['broken JSON', '{"type":"message",', 400, /not valid JSON/],
    ['JSON that is no object', '[1,2]', 400, /one JSON activity/],
    ['no body', '', 400, /^type: /],
    ['a text of 10,000 characters', message({ text: '问'.repeat(10_000) }), 400, /^text: .*4000/],
    ['NUL in the text', message({ text: 'a\u0000b' }), 400, /^text: .*NUL/],
    ['NUL deep in the value', message({ text: 'a', value: { form: ['\u0000'] } }), 400, /^value\.form\.0: .*NUL/],
    ['NUL in a field name', message({ text: 'a', channelData: { 'x\u0000': 1 } }), 400, /field name .*NUL/],
    ['nesting without end', `{"type":"message","value":${'['.repeat(60_000)}${']'.repeat(60_000)}}`, 400, /nested too deep/],
    ['an unknown type', message({ type: 'invoke' }), 400, /^type: /],
    ['no type', '{"text":"x"}', 400, /^type: /],
    ['text that is a number', message({ text: 5 }), 400, /^text: /],
    ['a message without content', message({}), 400, /needs text/],
    ['channelData that is a list', message({ text: 'x', channelData: [1] }), 400, /^channelData: /],
    [
      'a foreign picture',
      message({ attachments: [{ contentType: 'image/png', contentUrl: 'http://e.example/x' }] }),
      400,
      /^attachments\.0/,
    ],
    [
      'a card of its own',
      message({ attachments: [{ contentType: 'application/vnd.microsoft.card.hero', content: {} }] }),
      400,
      /contentUrl/,
    ],
  ];
  it.each(bodies)('%s', async (_name, body, status, says) => {
    const answer = await h.call('POST', `/conversations/${grant.conversationId}/activities`, { token: grant.token, body });
    expect([answer.status, answer.json?.error?.message]).toEqual([status, expect.stringMatching(says)]);
    expect(answer.json.error.code).toMatch(/^\w+$/);
  });

  it.each([
    ['no token', undefined, 401],
    ['a nonsense token', 'abc', 401],
    ['a forged token', 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2UiOiJ0YWxrIn0.AAAA', 401],
    ['"undefined" as token', 'undefined', 401],
  ])('%s', async (_name, token, status) => {
    const answer = await h.call('POST', `/conversations/${grant.conversationId}/activities`, {
      ...(token === undefined ? {} : { token }),
      body: message({ text: 'x' }),
    });
    expect([answer.status, answer.json.error.code]).toEqual([status, expect.any(String)]);
  });

  it.each([
    ['GET', '/nothing', 404],
    ['GET', '/conversations/%E0%A4%A/activities', 400],
    ['DELETE', '/conversations', 404],
    ['GET', '/uploads/aaaaaaaaaaaaaaaaaaaaaa', 401],
    ['GET', '/uploads/..%2f..%2fetc%2fpasswd', 401],
  ])('%s %s → %i', async (method, path, status) => {
    const answer = await h.call(method, path);
    expect([answer.status, typeof answer.json?.error?.message]).toEqual([status, 'string']);
  });

  it.each(['abc', '-1', '1.5', '1e9', '99999999999999999999'])('watermark %s', async (watermark) => {
    for (const path of ['', '/activities']) {
      const answer = await h.call('GET', `/conversations/${grant.conversationId}${path}?watermark=${watermark}`, { token: grant.token });
      expect([answer.status, answer.json.error.message]).toEqual([400, expect.stringMatching(/^watermark/)]);
    }
  });

  it('a token whose conversation was never started, or is gone', async () => {
    const { conversationId, token, resumeToken } = (await h.call('POST', '/tokens/generate')).json;
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/activities'],
    ] as const) {
      expect((await h.call(method, `/conversations/${conversationId}${path}`, { token })).status).toBe(404);
    }
    expect((await h.say({ conversationId, token }, { text: 'x' })).status).toBe(404);
    expect((await h.call('POST', '/tokens/resume', { body: { resumeToken } })).status).toBe(404);
  });

  it('bad start bodies', async () => {
    const { token } = (await h.call('POST', '/tokens/generate')).json;
    for (const body of [{ user: 'me' }, { user: { id: 'x'.repeat(300) } }, { user: { id: '\u0000' } }, { locale: 7 }]) {
      const answer = await h.call('POST', '/conversations', { token, body });
      expect([body, answer.status]).toEqual([body, 400]);
    }
  });

  it('after all that the conversation goes on, and nothing was logged as our own failure', async () => {
    expect((await h.say(grant, { text: '还在吗？' })).status).toBe(200);
    expect(h.errors).toEqual([]);
  });
});
