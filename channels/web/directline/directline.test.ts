import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Harness, startHarness, WIDGET_ORIGIN } from './testing/harness.ts';
import { MemoryCore, says } from './testing/memory-core.ts';

let h: Harness;
afterEach(() => h.close());

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe('Direct Line: tokens and conversations', () => {
  it('gives an anonymous page a token, starts its conversation once, and reads it', async () => {
    h = await startHarness();
    const generated = await h.call('POST', '/tokens/generate', { headers: { Origin: WIDGET_ORIGIN } });
    expect(generated.status).toBe(200);
    expect(generated.json).toMatchObject({ conversationId: expect.stringMatching(/^[\w-]{22,}$/), expires_in: 1800 });

    const first = await h.call('POST', '/conversations', { token: generated.json.token, body: { locale: 'zh-CN', user: {} } });
    const again = await h.call('POST', '/conversations', { token: generated.json.token });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.json.conversationId).toBe(generated.json.conversationId);
    expect(first.json.streamUrl).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v3\/directline\/conversations\/[\w-]+\/stream\?watermark=-&t=/);
    expect(h.core.conversations.get(first.json.conversationId)).toMatchObject({ channel: 'web', locale: 'zh-CN' });

    const read = await h.call('GET', `/conversations/${first.json.conversationId}/activities`, { token: first.json.token });
    expect(read.json.watermark).toBe('1');
    expect(read.json.activities[0]).toMatchObject({ type: 'message', channelId: 'directline', from: { role: 'bot' } });
    expect(read.json.activities[0]).not.toHaveProperty('seq');
    expect(
      (await h.call('GET', `/conversations/${first.json.conversationId}?watermark=1`, { token: first.json.token })).json,
    ).toMatchObject({
      conversationId: first.json.conversationId,
      streamUrl: expect.stringContaining('watermark=1&'),
    });
  });

  it('an anonymous page cannot choose who it is; the holder of the secret can say', async () => {
    h = await startHarness({ secret: 'server-to-server' });
    const anonymous = await h.call('POST', '/tokens/generate', { body: { user: { id: 'mayor' } } });
    const wrong = await h.call('POST', '/tokens/generate', { token: 'guess' });
    expect([anonymous.status, wrong.status]).toEqual([401, 403]);
    const { json } = await h.call('POST', '/tokens/generate', { token: 'server-to-server', body: { user: { id: 'dl_citizen-7' } } });
    await h.call('POST', '/conversations', { token: json.token });
    await h.say(json, { text: '你好', from: { id: 'mayor', name: '张三', role: 'bot' } });
    expect(h.core.received[0]?.from).toEqual({ id: 'dl_citizen-7', name: '张三', role: 'user' });
    await h.close();

    h = await startHarness();
    const grant = (await h.call('POST', '/tokens/generate', { body: { user: { id: 'mayor' } } })).json;
    await h.call('POST', '/conversations', { token: grant.token, body: { user: { id: 'mayor' } } });
    expect(h.core.conversations.get(grant.conversationId)?.userId).toMatch(/^dl_[\w-]{22,}$/);
  });

  it('the secret works on the routes of any web conversation, and of no other channel', async () => {
    h = await startHarness({ secret: 's' });
    const started = await h.call('POST', '/conversations', { token: 's', body: { user: { id: 'u1' } } });
    expect(started.status).toBe(201);
    expect((await h.say({ ...started.json, token: 's' }, { text: 'hi', from: { id: 'u1' } })).status).toBe(200);
    h.core.conversations.set('wx-1', { id: 'wx-1', channel: 'wechat', userId: 'w' });
    expect((await h.call('GET', '/conversations/wx-1/activities', { token: 's' })).status).toBe(404);
  });

  it('refreshes a living token, and an expired one not', async () => {
    h = await startHarness();
    const grant = await h.start();
    h.clock.now += 29 * MINUTE;
    const fresh = await h.call('POST', '/tokens/refresh', { token: grant.token });
    expect(fresh.json).toMatchObject({ conversationId: grant.conversationId, expires_in: 1800 });
    h.clock.now += 2 * MINUTE;
    const late = await h.call('POST', '/tokens/refresh', { token: grant.token });
    expect([late.status, late.json.error.code]).toEqual([403, 'TokenExpired']);
    expect((await h.say({ ...grant, token: fresh.json.token }, { text: '还在' })).status).toBe(200);
  });

  it('a resume token finds the conversation again after days, and opens nothing by itself', async () => {
    h = await startHarness();
    const grant = await h.start();
    await h.say(grant, { text: '昨天问的' });
    h.clock.now += 20 * DAY;
    const direct = await h.call('GET', `/conversations/${grant.conversationId}/activities`, { token: grant.resumeToken });
    expect(direct.status).toBe(401);
    const resumed = await h.call('POST', '/tokens/resume', { body: { resumeToken: grant.resumeToken, watermark: '1' } });
    expect(resumed.json).toMatchObject({ conversationId: grant.conversationId, streamUrl: expect.stringContaining('watermark=1&') });
    const read = await h.call('GET', `/conversations/${grant.conversationId}/activities`, { token: resumed.json.token });
    expect(read.json.activities.map((a: { text: string }) => a.text)).toContain('昨天问的');
    expect((await h.call('POST', '/tokens/resume', { token: resumed.json.token })).status).toBe(401);
    h.clock.now += 31 * DAY;
    expect((await h.call('POST', '/tokens/resume', { token: resumed.json.resumeToken })).status).toBe(403);
  });

  it('a token opens its own conversation only, for the page it was given to', async () => {
    h = await startHarness({ allowedOrigins: [WIDGET_ORIGIN, 'https://other.example'] });
    const [mine, theirs] = [await h.start(), await h.start()];
    const path = `/conversations/${theirs.conversationId}`;
    for (const [method, url] of [
      ['GET', path],
      ['GET', `${path}/activities`],
      ['POST', `${path}/activities`],
      ['POST', `${path}/upload`],
    ] as const) {
      expect([url, (await h.call(method, url, { token: mine.token })).status]).toEqual([url, 403]);
    }
    const bound = (await h.call('POST', '/tokens/generate', { headers: { Origin: WIDGET_ORIGIN } })).json;
    const elsewhere = await h.call('POST', '/conversations', { token: bound.token, headers: { Origin: 'https://other.example' } });
    expect(elsewhere.json.error.code).toBe('OriginMismatch');
  });
});

describe('Direct Line: origins', () => {
  it('answers preflights of allowed origins and its own, and refuses others', async () => {
    h = await startHarness();
    for (const origin of [WIDGET_ORIGIN, h.origin]) {
      const answer = await h.call('OPTIONS', '/tokens/generate', { headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' } });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-allow-headers')).toMatch(/Authorization.*x-ms-bot-agent/);
    }
    for (const origin of ['https://evil.example', 'null', 'not a url']) {
      const answer = await h.call('POST', '/tokens/generate', { headers: { Origin: origin } });
      expect([answer.status, answer.json.error.code]).toEqual([403, 'OriginNotAllowed']);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('errors carry the CORS headers too, or a page could not read them', async () => {
    h = await startHarness();
    const answer = await h.call('GET', '/conversations/x/activities', { headers: { Origin: WIDGET_ORIGIN } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([401, WIDGET_ORIGIN]);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe('Direct Line: activities', () => {
  it('a repeated POST is said once and answers the same id', async () => {
    h = await startHarness({ core: new MemoryCore(({ text }) => [says(`答：${text}`)]) });
    const grant = await h.start();
    const message = { text: '身份证丢了怎么补办', channelData: { clientActivityID: 'c-1' } };
    const first = await h.say(grant, message);
    const second = await h.say(grant, message);
    expect(second.json).toEqual(first.json);
    await h.core.settled();
    const read = await h.call('GET', `/conversations/${grant.conversationId}/activities?watermark=1`, { token: grant.token });
    expect(read.json.activities.map((a: { text: string }) => a.text)).toEqual([message.text, `答：${message.text}`]);
    expect(read.json.activities[0]).toMatchObject({ id: first.json.id, channelData: { clientActivityID: 'c-1' }, from: { role: 'user' } });
    expect(read.json.watermark).toBe('3');
  });

  it('the same client id in two conversations is two messages; the client cannot choose the id in the log', async () => {
    h = await startHarness();
    const [a, b] = [await h.start(), await h.start()];
    const ids = [await h.say(a, { id: 'x', text: '一' }), await h.say(b, { id: 'x', text: '一' })].map((answer) => answer.json.id);
    expect(new Set(ids).size).toBe(2);
    expect(h.core.received).toHaveLength(2);
    expect(h.core.received[0]).not.toHaveProperty('id');
  });

  it('who joined is not for clients, but counts in the watermark', async () => {
    h = await startHarness();
    const grant = await h.start();
    h.core.append(grant.conversationId, { type: 'conversationUpdate', from: { id: 'u', role: 'user' } });
    const read = await h.call('GET', `/conversations/${grant.conversationId}/activities?watermark=1`, { token: grant.token });
    expect(read.json).toEqual({ activities: [], watermark: '2' });
  });

  it('typing is forwarded and not logged', async () => {
    h = await startHarness();
    const grant = await h.start();
    expect((await h.say(grant, { type: 'typing' })).status).toBe(200);
    expect(h.core.typed).toEqual([grant.conversationId]);
    expect(h.core.received).toEqual([]);
  });

  it('an ended conversation answers 410', async () => {
    h = await startHarness();
    const grant = await h.start();
    Object.assign(h.core.conversations.get(grant.conversationId) ?? {}, { ended: true });
    const answer = await h.say(grant, { text: '还在吗' });
    expect([answer.status, answer.json.error.code]).toEqual([410, 'ConversationEnded']);
  });

  it('emoji, joined emoji, right-to-left and rare characters come back unharmed', async () => {
    h = await startHarness();
    const grant = await h.start();
    const text = '👨‍👩‍👧‍👦 שלום مرحبا ‏‮ 𠮷野家 👍🏽 é\u0301 <b>&amp;</b> "\'\\ \n\t。';
    await h.say(grant, { text, value: { nested: [text] } });
    const read = await h.call('GET', `/conversations/${grant.conversationId}/activities?watermark=1`, { token: grant.token });
    expect(read.json.activities[0]).toMatchObject({ text, value: { nested: [text] } });
  });

  it('limits messages of one conversation with 429 and Retry-After, and leaves others alone', async () => {
    h = await startHarness({ limits: { postsPerConversation: 2 } });
    const [busy, quiet] = [await h.start(), await h.start()];
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push(await h.say(busy, { text: `${i}` }));
    expect(statuses.map((answer) => answer.status)).toEqual([200, 200, 429]);
    expect(Number(statuses[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(statuses[2]?.json.error.code).toBe('TooManyRequests');
    expect((await h.say(quiet, { text: 'hi' })).status).toBe(200);
  });

  it('limits conversation starts of one address', async () => {
    h = await startHarness({ limits: { startsPerIp: 1 } });
    expect((await h.call('POST', '/tokens/generate')).status).toBe(200);
    expect((await h.call('POST', '/tokens/generate')).status).toBe(429);
  });

  it('asks whoever counts for all processes, and lets pass what cannot be counted', async () => {
    const elsewhere = new Map<string, number>();
    let broken = false;
    const countUse = async (key: string) => {
      if (broken) throw new Error('the store is out of order');
      elsewhere.set(key, (elsewhere.get(key) ?? 0) + 1);
      return { used: elsewhere.get(key) ?? 0, until: Date.now() + 30_000 };
    };
    h = await startHarness({ limits: { startsPerIp: 3 }, countUse });
    const complaint = vi.spyOn(console, 'error');
    expect((await h.say(await h.start(), { text: '你好' })).status).toBe(200);
    // Two limits of one request are counted apart, and express-rate-limit has nothing against it.
    expect(complaint).not.toHaveBeenCalled();
    expect([...elsewhere.values()]).toEqual(expect.arrayContaining([1, 1, 1]));
    elsewhere.clear();
    const generate = () => h.call('POST', '/tokens/generate');
    const first = await generate();
    expect(first.status).toBe(200);
    // Two more came to another process.
    for (const key of elsewhere.keys()) elsewhere.set(key, 3);
    const late = await generate();
    expect(late.status).toBe(429);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    broken = true;
    expect((await generate()).status).toBe(200);
  });
});
