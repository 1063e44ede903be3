import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../testing/gateway.ts';
import { startHarness } from '../../testing/harness.ts';
import { closeAll, closers, direct, loggedIn, minute, port, until } from '../../testing/scenes.ts';

afterEach(closeAll);

describe('CMPP', () => {
  it.each(['2.0', '3.0'] as const)(
    'carries long Chinese texts both ways byte-exact in %s, parts in any order and repeated',
    async (version) => {
      const { gateway, h } = await direct({}, version);
      const text = `我想问${'社保卡补办😀𠮷'.repeat(30)}要带什么`;
      await gateway.says(
        '13800000001',
        port,
        text,
        [2, 0, 4, 4, 1, 3, 0].filter((index) => index < 4 || text.length > 268),
      );
      expect(h.received.map((one) => one.text)).toEqual([text]);
      await h.settled();
      await until(() => gateway.sent.length === 1);
      expect(gateway.sent[0]?.parts).toBe(3);
      expect(gateway.sent[0]?.text).toMatch(/^【安澜政务】我是智能助手小澜，是机器人。\n答：我想问社保卡补办𠮷社/u);
      expect(gateway.sent[0]?.from).toBe(port);
      await until(async () => (await h.states()).delivered === 1);
      expect(gateway.problems).toEqual([]);
    },
  );
  it('asks to send again when a part is missing, and still takes it when it comes late', async () => {
    const { gateway, h } = await direct();
    const text = '我'.repeat(100);
    await gateway.says('13800000001', port, text, [1]);
    expect(h.received).toEqual([]);
    h.clock.now += 11 * minute;
    await h.sms.sweep();
    await h.settled();
    await until(() => gateway.sent.length === 1);
    expect(gateway.sent[0]?.text).toContain('没有收全');
    await h.sms.sweep();
    await h.settled();
    expect(gateway.sent).toHaveLength(1);
    await gateway.deliver({
      from: '13800000001',
      to: port,
      udhi: true,
      content: Buffer.concat([Buffer.from([5, 0, 3, 0, 2, 1]), Buffer.from('我'.repeat(67), 'utf16le').swap16()]),
    });
    expect(h.received.map((one) => one.text)).toEqual([text]);
  });
  it('takes GB text and the same DELIVER once, leaves unstored ones unanswered, drops what is no text', async () => {
    const { gateway, h } = await direct();
    const message = {
      from: '8613800000001',
      to: port,
      content: Buffer.from('c9e7b1a3bfa8', 'hex'),
      fmt: 15,
      messageId: '00000000000000aa',
    };
    await gateway.deliver(message);
    await gateway.deliver(message);
    expect(h.received.map((one) => one.text)).toEqual(['社保卡']);
    await gateway.deliver({ from: '13800000001', to: port, content: Buffer.from([0, 1, 2]), fmt: 4 });
    await gateway.deliver({ from: '13800000001', to: port, content: Buffer.from([9]), fmt: 8, udhi: true });
    h.setBroken(true);
    let answered = false;
    const again = { ...message, messageId: '00000000000000ab' };
    void gateway.deliver(again).then(() => {
      answered = true;
    });
    await until(() => h.logged.some((one) => one.message.includes('could not be stored')));
    expect(answered).toBe(false);
    h.setBroken(false);
    await gateway.deliver(again);
    expect(h.received).toHaveLength(2);
  });
  it('slows down on result 8, gives up on a wrong number, keeps the window, and sends only missing parts again', async () => {
    const { gateway, h } = await direct({ CMPP_WINDOW: '2', SMS_RATE_PER_SECOND: '100' });
    gateway.answerNext(0, 8);
    await gateway.says('13800000001', port, '长'.repeat(150));
    await h.settled();
    expect((await h.states()).pending).toBe(1);
    await h.passes(10_000, 1000);
    expect(gateway.sent.map((sms) => sms.parts)).toEqual([3]);
    expect(gateway.submits.map((one) => one.number)).toEqual([1, 2, 3]);
    gateway.answerNext(13);
    await gateway.says('13800000002', port, '好');
    await h.passes(60_000, 10_000);
    expect(await h.states()).toMatchObject({ failed: 1 });
    gateway.setAnswering(false);
    for (let person = 10; person < 18; person++) await gateway.says(`138000000${person}`, port, '好');
    for (let tries = 0; tries < 20; tries++) {
      h.sms.queue.kick();
      await sleep(10);
    }
    gateway.setAnswering(true);
    await h.settled();
    expect(gateway.mostUnanswered()).toBeLessThanOrEqual(2);
    await until(() => gateway.sent.length === 9);
  });
  it('comes back after a broken line; what was sent without an answer waits before it is sent again', async () => {
    const { gateway, h } = await direct();
    gateway.answerNext('cut');
    await gateway.says('13800000001', port, '好');
    await h.settled();
    expect((await h.states()).uncertain).toBe(1);
    await loggedIn(h, 2);
    await h.passes(minute, 10_000);
    expect(gateway.submits).toHaveLength(1);
    await h.passes(3 * minute, 10_000);
    expect(gateway.submits).toHaveLength(2);
    await until(async () => (await h.states()).delivered === 1);
  });
  it('does not get in with a wrong secret, and says why', async () => {
    const gateway: Gateway = await startGateway({ version: '3.0', spId: '901234', secret: 'another' });
    closers.push(() => gateway.close());
    const h = await startHarness(
      {
        SMS_PROVIDER: 'cmpp',
        CMPP_HOST: '127.0.0.1',
        CMPP_PORT: String(gateway.port),
        CMPP_SP_ID: '901234',
        CMPP_SECRET: 's3cret',
        CMPP_SRC_ID: port,
        SMS_SIGNATURE: '安澜政务',
      },
      { timers: { cmppTimers: { firstReconnect: 20, longestReconnect: 50 } } },
    );
    closers.push(() => h.close());
    await until(() => gateway.logins() >= 2);
    expect(gateway.connected()).toBe(false);
    expect(h.logged.some((one) => String((one.fields as { err?: Error }).err?.message).includes('wrong secret'))).toBe(true);
  });
  it('asks a silent gateway whether it is there', async () => {
    const gateway = await startGateway({ version: '3.0', spId: '901234', secret: 's3cret' });
    closers.push(() => gateway.close());
    const h = await startHarness(
      {
        SMS_PROVIDER: 'cmpp',
        CMPP_HOST: '127.0.0.1',
        CMPP_PORT: String(gateway.port),
        CMPP_SP_ID: '901234',
        CMPP_SECRET: 's3cret',
        CMPP_SRC_ID: port,
        SMS_SIGNATURE: '安澜政务',
      },
      { timers: { cmppTimers: { idle: 20 } } },
    );
    closers.push(() => h.close());
    await until(() => gateway.activeTests() >= 2);
    expect(gateway.connected()).toBe(true);
  });
});
