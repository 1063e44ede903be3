/** An answer that WeChat does not take any more is announced by SMS, on the real server. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startCarriers } from '../channels/sms/testing/carriers.ts';
import { type PlatformAccount, startPlatform } from '../channels/wechat/testing/platform.ts';
import { ensureBuilt } from './support/build.ts';
import { startServer, type TestServer } from './support/server.ts';

/** SMS nobody asked for go out by day. */
const clock = { now: Date.parse('2026-03-02T10:00:00+08:00') };
const now = () => clock.now;
const program: PlatformAccount = {
  appId: 'wx00000000000000a2',
  secret: 'the secret',
  token: 'zwfwtoken2026',
  encodingAesKey: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopQ',
  original: 'gh_mp',
  type: 'mini-program',
};
const phone = '13800003333';
const path = '/channels/wechat/mini-program';
const carriers = await startCarriers();
const carrier = carriers.twilio;
let platform: Awaited<ReturnType<typeof startPlatform>>;
let server: TestServer;
beforeAll(async () => {
  await ensureBuilt();
  platform = await startPlatform({ now });
  platform.add(program);
  const environment = {
    ...carrier.environment,
    WECHAT_MP_APP_ID: program.appId,
    WECHAT_MP_APP_SECRET: program.secret,
    WECHAT_MP_TOKEN: program.token,
    WECHAT_MP_ENCODING_AES_KEY: program.encodingAesKey,
    WECHAT_API_BASE_URL: platform.url,
  };
  server = await startServer(environment, { now });
  await server.addAgent('xiaoli', 'a good password');
});
afterAll(async () => {
  await server.close();
  await platform.close();
  for (const one of Object.values(carriers)) await one.close();
});

const base = () => `http://127.0.0.1:${server.port}`;
async function settled(): Promise<void> {
  await server.house.core.settled();
  server.house.outbox.kick();
  await server.house.outbox.settled();
  server.sms?.queue.kick();
  await server.sms?.queue.settled();
}
async function says(text: string): Promise<void> {
  const fields = { ToUserName: program.original, FromUserName: 'mTold', CreateTime: Math.floor(now() / 1000), MsgType: 'text' };
  await platform.push([`${base()}${path}`], program, { ...fields, Content: text, MsgId: platform.nextId() });
  await settled();
}

it('a citizen who gave their phone is told there, once, and reads the answer in WeChat when they write', async () => {
  await says('转人工');
  platform.codes.set('login', 'mTold').set('pressed', phone);
  const bound = await fetch(`${base()}${path}/phone`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code: 'login', phoneCode: 'pressed' }),
  });
  expect(bound.status).toBe(204);
  const { desk } = server.house;
  const conversationId = (await desk.queue())[0]?.conversationId ?? '';
  await desk.claim(conversationId, 'xiaoli');
  await settled();
  // Two days and an hour of silence.
  clock.now += 49 * 3_600_000;
  for (const [i, text] of ['您的居住证办好了', '请带上回执'].entries()) {
    await desk.say(conversationId, 'xiaoli', { text, messageId: `m${i}` });
    await settled();
  }
  await vi.waitFor(
    async () => {
      await settled();
      expect(carrier.got(phone)).toHaveLength(1);
    },
    { timeout: 10_000 },
  );
  expect(carrier.got(phone)[0]).toContain('打开微信');
  // What it is about stays in WeChat.
  expect(carrier.got(phone)[0]).not.toContain('居住证');
  await says('好的');
  const chat = (platform.chats.get('mTold') ?? []).map(({ text }) => text).join('\n');
  expect(chat).toMatch(/居住证办好了[\s\S]*回执/);
  expect(carrier.got(phone)).toHaveLength(1);
  expect(carrier.problems()).toEqual([]);
});
