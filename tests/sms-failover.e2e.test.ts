/** What became of each SMS, on the real server: a second provider takes over, nothing goes twice, receipts tell the truth. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, expect, it } from 'vitest';
import { smsStates } from '../bot/store/sms-messages.ts';
import { type Carrier, startCarriers } from '../channels/sms/testing/carriers.ts';
import { aliyunKeys, startClouds, twilioKeys } from '../channels/sms/testing/fake-clouds.ts';
import { startServer, type TestServer } from './support/server.ts';

const carriers = await startCarriers();
const clouds = await startClouds();
afterAll(async () => {
  for (const carrier of Object.values(carriers)) await carrier.close();
  await clouds.close();
});

const morning = Date.parse('2026-03-02T10:00:00+08:00');
const clock = { now: morning };
let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(environment: Record<string, string>): Promise<TestServer> {
  clock.now = morning;
  server = await startServer({ ...environment, SMS_FOLLOW_UP_RATE: '0' }, { now: () => clock.now });
  return server;
}

/** Everything said is answered, and everything that may go has left. */
async function settled({ house, sms }: TestServer): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await sms?.settled();
    await house.core.settled();
    house.outbox.kick();
    await house.outbox.settled();
    sms?.queue.kick();
    await sms?.queue.settled();
  }
}

async function passes(running: TestServer, ms: number, step: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += step) {
    clock.now += step;
    await settled(running);
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await condition()) return;
    await sleep(10);
  }
  throw new Error('it never happened');
}

/** The other providers, in the environment of the first. */
const twilioBeside = {
  SMS_FALLBACK_PROVIDER: 'twilio',
  TWILIO_ACCOUNT_SID: twilioKeys.sid,
  TWILIO_AUTH_TOKEN: twilioKeys.token,
  TWILIO_FROM: '+15550001111',
  TWILIO_BASE_URL: `${clouds.origin}/twilio`,
};
const aliyunBeside = {
  SMS_FALLBACK_PROVIDER: 'aliyun',
  ALIYUN_SMS_ACCESS_KEY_ID: aliyunKeys.id,
  ALIYUN_SMS_ACCESS_KEY_SECRET: aliyunKeys.secret,
  ALIYUN_SMS_SIGN_NAME: '安澜政务',
  ALIYUN_SMS_TEMPLATES: 'page:SMS_PAGE,rating:SMS_RATING',
  ALIYUN_SMS_BASE_URL: `${clouds.origin}/aliyun`,
};

it.each([
  ['smpp', twilioBeside, '13800000101'],
  ['cmpp', aliyunBeside, '13800000102'],
] as const)(
  '%s goes away in the middle of a conversation with a person: the second provider carries it on, and hands it back',
  async (name, beside, phone) => {
    const carrier: Carrier = carriers[name];
    const running = await start({ ...carrier.environment, ...beside });
    const { desk, database } = running.house;
    await carrier.push(running, phone, '转人工', '1');
    await settled(running);
    const { conversation_id: id } = await database.db
      .selectFrom('sms_sessions')
      .select('conversation_id')
      .where('phone', '=', `+86${phone}`)
      .executeTakeFirstOrThrow();
    await desk.claim(id, '小李');
    await settled(running);
    const heard = carrier.got(phone).length;
    expect(heard).toBeGreaterThan(0);
    await carrier.setDown(true);
    clock.now += 1000;
    await desk.say(id, '小李', { text: '请稍等，我查一下。', messageId: '1' });
    await passes(running, 10_000, 1000);
    const others = () => clouds.sent.filter((sms) => sms.to.endsWith(phone)).map((sms) => sms.text);
    expect(others()).toHaveLength(1);
    expect(others()[0]).toMatch(name === 'smpp' ? /请稍等，我查一下/ : /人工服务已有答复.*短码\d{8}/);
    expect(carrier.got(phone)).toHaveLength(heard);
    await carrier.setDown(false);
    await desk.say(id, '小李', { text: '查好了，可以来领证。', messageId: '2' });
    await passes(running, 3000, 1000);
    await until(() => carrier.got(phone).length > heard);
    expect(carrier.got(phone).slice(heard)).toEqual([expect.stringContaining('查好了，可以来领证')]);
    expect(others()).toHaveLength(1);
    await until(async () => {
      const { accepted = 0, delivered = 0, ...rest } = await smsStates(database.db);
      return accepted === 1 && delivered > 0 && Object.keys(rest).length === 0;
    });
    expect([...carrier.problems(), ...clouds.problems]).toEqual([]);
  },
  60_000,
);

it('Aliyun loses its answer: it is asked for the message by our id, which goes once, and its receipt is believed', async () => {
  const { environment, got, push, problems, troubleNext, report } = carriers.aliyun;
  const running = await start(environment);
  const phone = '13800000103';
  troubleNext?.({ cut: true });
  await push(running, phone, '居住证要多少钱', '1772000001');
  await settled(running);
  expect(await smsStates(running.house.database.db)).toEqual({ uncertain: 1 });
  await passes(running, 10 * 60_000, 60_000);
  expect(got(phone)).toHaveLength(1);
  expect(await smsStates(running.house.database.db)).toEqual({ accepted: 1 });
  for (const delivered of [false, true]) {
    await report?.(running, phone, delivered);
    await running.sms?.settled();
    expect(await smsStates(running.house.database.db)).toEqual({ failed: 1 });
  }
  expect(problems()).toEqual([]);
}, 60_000);
