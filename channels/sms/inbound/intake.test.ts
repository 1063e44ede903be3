import { expect, test } from 'vitest';
import { onEachEngine } from '../../../bot/store/testing/engines.ts';
import type { InboundSms } from '../providers/provider.ts';
import { Intake, type IntakeOptions } from './intake.ts';

const start = Date.parse('2026-03-02T10:00:00+08:00');
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const message = (id: string, from: string): InboundSms => ({ id, from, port: '', text: id });
const receipt = (providerId: string) => ({ provider: 'aliyun', providerId, state: 'delivered' as const, code: null });
const pushed = (messages: InboundSms[], receipts = [] as ReturnType<typeof receipt>[]) => ({ messages, receipts, problems: [] });

onEachEngine('what HTTP providers pushed', (store) => {
  const clock = { now: start };
  function intake(given: Partial<IntakeOptions>): Intake {
    clock.now = start;
    const nobody = async () => {
      throw new Error('out of order');
    };
    const { database } = store();
    return new Intake({ database: () => database, now: () => clock.now, log: silent, inbound: nobody, receipt: nobody, ...given });
  }
  const left = async () => (await store().db.selectFrom('sms_pushes').select('id').execute()).length;

  test('stays whole when the process dies after the acknowledgement; another works on it, messages first, in order', async () => {
    const dying = intake({});
    const receipts = Array.from({ length: 450 }, (_, index) => receipt(String(index)));
    await dying.keep('aliyun', pushed([message('1', 'a'), message('2', 'b'), message('3', 'a')], receipts));
    await dying.close();
    expect(await left()).toBe(453);
    const taken: string[] = [];
    const living = intake({
      inbound: async (provider, { id }) => void taken.push(`${provider}:${id}`),
      receipt: async ({ providerId }) => void taken.push(providerId),
    });
    clock.now += 61_000;
    living.kick();
    await living.settled();
    expect(taken).toEqual(['aliyun:1', 'aliyun:2', 'aliyun:3', ...receipts.map((one) => one.providerId)]);
    expect(await left()).toBe(0);
  });

  test('several processes keep the order of a sender, and take each message once', async () => {
    const taken: InboundSms[] = [];
    const inbound = async (_provider: string, sms: InboundSms) => {
      await new Promise((resolve) => setImmediate(resolve));
      taken.push(sms);
    };
    const databases = [store().database, await store().another(), await store().another()];
    const intakes = databases.map((database) => intake({ database: () => database, inbound }));
    const messages = Array.from({ length: 60 }, (_, index) => message(String(index), `sender${index % 7}`));
    for (const [index, one] of intakes.entries()) await one.keep('aliyun', pushed(messages.slice(index * 20, index * 20 + 20)));
    for (let round = 0; round < 50 && (await left()) > 0; round++) {
      for (const one of intakes) one.kick();
      await Promise.all(intakes.map((one) => one.settled()));
    }
    expect(taken.map((one) => Number(one.id)).sort((a, b) => a - b)).toEqual(messages.map((_, index) => index));
    for (const from of new Set(messages.map((one) => one.from))) {
      const ids = taken.filter((one) => one.from === from).map((one) => Number(one.id));
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
    }
  });

  test('what can’t be taken waits longer each time, holds up its sender only, and is given up after three days', async () => {
    const taken: string[] = [];
    let tries = 0;
    const one = intake({
      inbound: async (_provider, { id }) => {
        if (id !== 'bad') return void taken.push(id);
        tries++;
        throw new Error('never');
      },
    });
    await one.keep('tencent', pushed([message('bad', 'a'), message('after', 'a'), message('other', 'b')]));
    await one.settled();
    expect(taken).toEqual(['other']);
    for (let minutes = 0; minutes < 60; minutes++) {
      clock.now += 60_000;
      one.kick();
      await one.settled();
    }
    expect(tries).toBeGreaterThan(8);
    expect(tries).toBeLessThan(20);
    clock.now += 3 * 24 * 3_600_000;
    one.kick();
    await one.settled();
    one.kick();
    await one.settled();
    expect([taken, await left()]).toEqual([['other', 'after'], 0]);
  });
});
