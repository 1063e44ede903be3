import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLoopback } from './local-only.ts';
import { type Harness, startHarness } from './testing/harness.ts';

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => {
  expect(h.errors).toEqual([]);
  await h.close();
});

const activity = (fields: object = {}) => h.citizen('bad').activity({ text: '居住证要多少钱', ...fields });
const json = (fields: object) => () => JSON.stringify(activity(fields));

describe('Bot Framework: broken bodies get a clear 4xx and leave nothing behind', () => {
  const bodies: [name: string, body: () => string, status: number, says: RegExp][] = [
    ['an oversized body', json({ value: 'y'.repeat(300 * 1024) }), 413, /too large/],
    ['broken JSON', () => '{"type":"message",', 400, /not valid JSON/],
    ['JSON that is no object', () => '[1,2]', 400, /one JSON activity/],
    ['no body', () => '', 400, /type|one JSON activity/],
    ['an empty object', () => '{}', 400, /^type: .*channelId: .*serviceUrl: /],
    ['no conversation', json({ conversation: undefined }), 400, /^conversation: /],
    ['a conversation that is a string', json({ conversation: 'x' }), 400, /^conversation: /],
    ['no sender', json({ from: null }), 400, /^from: /],
    ['no recipient', json({ recipient: undefined }), 400, /^recipient: /],
    ['a service that is no address', json({ serviceUrl: 'somewhere' }), 400, /^serviceUrl: /],
    ['a service that is no web address', json({ serviceUrl: 'file:///etc/passwd' }), 400, /^serviceUrl: /],
    ['a message without id', json({ id: undefined }), 400, /^id: /],
    ['a message without content', json({ text: '' }), 400, /needs text/],
    ['a text of 10,000 characters', json({ text: '问'.repeat(10_000) }), 400, /^text: .*4000/],
    ['text that is a number', json({ text: 5 }), 400, /^text: /],
    ['attachments that are none', json({ attachments: ['x'] }), 400, /^0: |attachments/],
    ['NUL in the text', json({ text: 'a\u0000b' }), 400, /^text: .*NUL/],
    ['NUL deep in the value', json({ value: { form: ['\u0000'] } }), 400, /^value\.form\.0: .*NUL/],
    ['NUL in a field name', json({ value: { 'x\u0000': 1 } }), 400, /field name .*NUL/],
    ['nesting without end', () => `{"type":"message","value":${'['.repeat(60_000)}${']'.repeat(60_000)}}`, 400, /nested too deep/],
    ['an invoke, which wants an answer at once', json({ type: 'invoke', name: 'adaptiveCard/action' }), 501, /invoke/],
    ['a wish for replies in the response', json({ deliveryMode: 'expectReplies' }), 501, /serviceUrl/],
  ];
  it.each(bodies)('%s', async (_name, body, status, says) => {
    const answer = await h.post(body());
    expect([answer.status, answer.json?.error?.message]).toEqual([status, expect.stringMatching(says)]);
    expect(answer.json.error.code).toMatch(/^\w+$/);
    expect(h.connector.sent).toEqual([]);
  });

  it('other methods', async () => {
    const answer = await h.post('', { method: 'GET' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('a body that is not declared as JSON (a web form of any page could send it)', async () => {
    expect((await h.post(json({})(), { headers: { 'Content-Type': 'text/plain' } })).status).toBe(400);
  });

  it('fields written as null are absent fields', async () => {
    const citizen = h.citizen('nulls');
    await citizen.says({
      text: '居住证要多少钱',
      replyToId: null,
      locale: null,
      attachments: null,
      value: null,
      membersAdded: null,
      from: { id: 'u', name: null },
    });
    expect(citizen.got().at(-1)?.text).toContain('20 元');
  });

  it('files keep their address only where the channel itself stores them', async () => {
    const citizen = h.citizen('files');
    const attachments = [
      { contentType: 'image/png', contentUrl: `${h.connector.origin}/v3/attachments/1/views/original`, name: '照片.png' },
      { contentType: 'image/png', contentUrl: 'https://elsewhere.example/x.png', thumbnailUrl: 'https://elsewhere.example/t.png' },
      { contentType: 'text/html', content: '<b>x</b>' },
    ];
    await citizen.says({ text: undefined, attachments });
    const said = (await h.house.log.read(citizen.id, 0)).find((one) => one.type === 'message' && one.from.role === 'user');
    expect(said?.attachments).toEqual([
      { contentType: 'image/png', contentUrl: attachments[0]?.contentUrl, name: '照片.png' },
      { contentType: 'image/png' },
      { contentType: 'text/html' },
    ]);
  });
});

describe('Bot Framework: without credentials only programs on this machine may talk', () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find((address) => address.family === 'IPv4' && !address.internal)?.address;

  it.skipIf(outside === undefined)('a request from another address is refused', async () => {
    const answer = await h.post(json({})(), { host: outside ?? '' });
    expect([answer.status, answer.json.error.message]).toEqual([403, expect.stringContaining('MICROSOFT_APP_ID')]);
  });

  it.each([
    ['X-Forwarded-For', '203.0.113.9'],
    ['Forwarded', 'for=203.0.113.9'],
    ['Via', '1.1 proxy'],
    ['Origin', 'https://evil.example'],
  ])('a request with %s is refused: it is somebody else’s', async (name, value) => {
    expect((await h.post(json({})(), { headers: { [name]: value } })).status).toBe(403);
  });

  it.each(['http://192.168.1.1/', 'https://smba.trafficmanager.net/x/', 'http://localhost.evil.example/', 'http://169.254.169.254/latest'])(
    'replies do not go to %s',
    async (serviceUrl) => {
      const answer = await h.post(json({ serviceUrl })());
      expect([answer.status, answer.json.error.message]).toEqual([403, expect.stringMatching(/^serviceUrl/)]);
    },
  );

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['2001:db8::1', false],
    ['128.0.0.1', false],
    ['', false],
    [undefined, false],
  ])('%s is this machine: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});
