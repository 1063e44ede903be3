import { expect, test } from 'vitest';
import type { OpenDatabase } from '../../../bot/store/database.ts';
import { findSms, queueSms, smsStates } from '../../../bot/store/sms-messages.ts';
import { onEachEngine } from '../../../bot/store/testing/engines.ts';
import { noMetrics } from '../metrics.ts';
import type { SendRequest, SendResult, SmsProvider } from '../providers/provider.ts';
import { SmsQueue } from './queue.ts';

const start = Date.parse('2026-03-02T10:00:00+08:00');
const limits = { perSecond: 4, perNumberHour: 1000, perNumberDay: 1000, dailyBudget: 0 };
const silent = { info: () => {}, warn: () => {}, error: () => {} };

function provider(name: string, send: (request: SendRequest) => Promise<SendResult>, extra: Partial<SmsProvider> = {}): SmsProvider {
  return { name, freeText: true, mainland: true, countryCode: '86', send, ...extra };
}

const message = (key: string, phone: string) => ({
  key,
  phone,
  port: '',
  conversationId: null,
  class: 'reply' as const,
  draft: { kind: 'page', text: key, vars: {} },
  segments: 1,
  expiresAt: start + 86_400_000,
});

onEachEngine('the SMS queue', (store) => {
  function setUp(send: (request: SendRequest) => Promise<SendResult>) {
    const clock = { now: start };
    const queueOn = (database: OpenDatabase, providers: SmsProvider[]) =>
      new SmsQueue({ database, now: () => clock.now, providers, limits, log: silent, metrics: noMetrics, everyMs: 0 });
    return { clock, queueOn, provider: provider('p', send) };
  }

  test('several processes on one store send each message once, in order, and together within the rate', async () => {
    const { database, another } = store();
    const sent: { key: string; to: string; at: number }[] = [];
    const scene = setUp(async ({ key, to }) => {
      sent.push({ key, to, at: scene.clock.now });
      return { ok: true, ids: [key] };
    });
    const databases = [database, await another(), await another()];
    const queues = databases.map((one) => scene.queueOn(one, [scene.provider]));
    const people = ['+8613800000001', '+8613800000002', '+8613800000003', '+8613800000004', '+8613800000005', '+8613800000006'];
    for (let index = 0; index < 24; index++) await queueSms(database.db, message(`m${index}`, people[index % 6] ?? ''), start);
    for (let round = 0; round < 60 && sent.length < 24; round++) {
      for (const queue of queues) queue.kick();
      await Promise.all(queues.map((queue) => queue.settled()));
      scene.clock.now += 250;
    }
    expect(sent.map((one) => one.key).sort()).toEqual(Array.from({ length: 24 }, (_, index) => `m${index}`).sort());
    for (const phone of people) {
      const numbers = sent.filter((one) => one.to === phone).map((one) => Number(one.key.slice(1)));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
    for (const { at } of sent)
      expect(sent.filter((one) => one.at >= at && one.at < at + 1000).length).toBeLessThanOrEqual(limits.perSecond);
    expect(await smsStates(database.db)).toEqual({ accepted: 24 });
    for (const queue of queues) await queue.close();
  });

  test('a message the second provider has no template for waits for the first', async () => {
    const { database } = store();
    let down = true;
    const sent: string[] = [];
    const scene = setUp(async ({ key }) => {
      if (down) return { ok: false, why: 'down', code: 'not connected' };
      sent.push(key);
      return { ok: true, ids: [key] };
    });
    const second = provider('t', async ({ key }) => ({ ok: true, ids: [`t-${key}`] }), { carries: ({ text }) => text !== 'plain' });
    const queue = scene.queueOn(database, [scene.provider, second]);
    await queueSms(database.db, message('plain', '+8613800000001'), start);
    await queueSms(database.db, message('templated', '+8613800000002'), start);
    for (let round = 0; round < 8; round++) {
      queue.kick();
      await queue.settled();
      scene.clock.now += 1000;
    }
    expect(await findSms(database.db, 'templated')).toMatchObject({ status: 'accepted', provider: 't' });
    expect(await findSms(database.db, 'plain')).toMatchObject({ status: 'pending' });
    down = false;
    queue.ready('p');
    await queue.settled();
    expect(sent).toEqual(['plain']);
    await queue.close();
  });

  test('a process that died while sending: another asks the provider before it sends again', async () => {
    const { database, another } = store();
    const asked: string[] = [];
    const sent: string[] = [];
    const scene = setUp(() => new Promise(() => {}));
    const dead = scene.queueOn(database, [scene.provider]);
    await queueSms(database.db, message('taken', '+8613800000001'), start);
    await queueSms(database.db, message('not taken', '+8613800000002'), start);
    dead.kick();
    while ((await smsStates(database.db)).sending !== 2) await new Promise((resolve) => setImmediate(resolve));
    const other = provider(
      'p',
      async ({ key }) => {
        sent.push(key);
        return { ok: true, ids: [key] };
      },
      {
        lookUp: async ({ key }) => {
          asked.push(key);
          return key === 'taken' ? ['id of the first try'] : undefined;
        },
      },
    );
    const queue = scene.queueOn(await another(), [other]);
    queue.kick();
    await queue.settled();
    expect([asked, sent]).toEqual([[], []]);
    scene.clock.now += 6 * 60_000;
    queue.kick();
    await queue.settled();
    expect([asked.sort(), sent]).toEqual([['not taken', 'taken'], ['not taken']]);
    expect(await smsStates(database.db)).toEqual({ accepted: 2 });
    await queue.close();
  });
});
