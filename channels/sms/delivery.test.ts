import { afterEach, describe, expect, it } from 'vitest';
import { giveConsent } from '../../bot/store/sms-numbers.ts';
import { twilioKeys } from './testing/fake-clouds.ts';
import { abroad, closeAll, clouds, direct, hour, loggedIn, minute, notice, until } from './testing/scenes.ts';

afterEach(closeAll);

describe('the provider is down for an hour', () => {
  it('nothing is lost, order is kept per number, all is delivered after, never above the rate limit', async () => {
    const { gateway, h } = await direct({ SMS_RATE_PER_SECOND: '5' });
    const people = ['13800000001', '13800000002', '13800000003'];
    const texts = Array.from({ length: 8 }, (_, index) => `问题${index}`);
    await gateway.down();
    await until(() => !gateway.connected());
    for (const text of texts) {
      for (const phone of people) await h.inbound(phone, text);
      await h.settled();
      h.clock.now += minute;
    }
    await h.passes(hour, minute);
    expect(gateway.sent).toEqual([]);
    expect((await h.states()).pending).toBe(24);
    await gateway.up();
    await loggedIn(h, 2);
    await h.passes(3 * minute, minute);
    const atOnce = gateway.submits.length;
    expect(atOnce).toBeLessThanOrEqual(4 * 5);
    const each: number[] = [];
    for (let second = 0; second < 30; second++) {
      const before = gateway.submits.length;
      await h.passes(1000, 250);
      each.push(gateway.submits.length - before);
    }
    expect(Math.max(...each)).toBeLessThanOrEqual(10);
    expect(each.reduce((sum, one) => sum + one, 0) + atOnce).toBe(24);
    for (const phone of people)
      expect(gateway.sent.filter((sms) => sms.to === phone).map((sms) => /答：(\S+)/.exec(sms.text)?.[1])).toEqual(texts);
    await until(async () => (await h.states()).delivered === 24);
  });
});

describe('outbound duties', () => {
  it('notices go only with consent, by day, once', async () => {
    const cloud = await clouds();
    const h = await abroad(cloud);
    expect(await h.sms.notify(notice(h, 'a'))).toBe('no_consent');
    await giveConsent(h.database.db, '+15550002222', 'form', h.clock.now);
    h.clock.now = Date.parse('2026-03-02T22:00:00+08:00');
    expect(await h.sms.notify(notice(h, 'b'))).toBe('queued');
    expect(await h.sms.notify(notice(h, 'b'))).toBe('already_queued');
    await h.passes(9 * hour + 59 * minute, minute);
    expect(cloud.sent).toEqual([]);
    await h.passes(2 * minute, minute);
    expect(cloud.sent.map((sms) => sms.text)).toEqual(['提醒 b：您预约了明天 9:00 到市政务中心办理。']);
  });
  it('an opt-out after queueing is still honoured', async () => {
    const cloud = await clouds();
    const h = await abroad(cloud);
    await giveConsent(h.database.db, '+15550002222', 'form', h.clock.now);
    h.clock.now = Date.parse('2026-03-02T23:00:00+08:00');
    await h.sms.notify(notice(h, 'a'));
    await h.inbound('+15550002222', '退订');
    await h.settled();
    expect(cloud.sent.map((sms) => sms.text)).toEqual(['已退订，不再给您发短信。想恢复请回“恢复”。']);
    await h.passes(24 * hour, hour);
    expect(cloud.sent).toHaveLength(1);
    expect(await h.sms.notify(notice(h, 'b'))).toBe('opted_out');
  });
  it('the budget stops notices and raises one alarm; answers go on', async () => {
    const cloud = await clouds();
    const h = await abroad(cloud, { SMS_DAILY_BUDGET: '2' });
    for (let person = 0; person < 4; person++) {
      await giveConsent(h.database.db, `+1555000300${person}`, 'form', h.clock.now);
      await h.sms.notify(notice(h, `n${person}`, `+1555000300${person}`));
    }
    await h.passes(hour, minute);
    expect(cloud.sent).toHaveLength(2);
    await h.inbound('+15550004444', '居住证');
    await h.settled();
    expect(cloud.sent).toHaveLength(3);
    expect(h.logged.filter((one) => one.message.startsWith('ALARM'))).toHaveLength(1);
    await h.passes(24 * hour, hour);
    expect(cloud.sent).toHaveLength(5);
  });
  it('one number gets no more than its share', async () => {
    const cloud = await clouds();
    const h = await abroad(cloud, { SMS_NUMBER_PER_HOUR: '3' });
    for (let index = 0; index < 5; index++) await h.inbound('+15550004444', `问题${index}`);
    await h.passes(10 * minute, 10_000);
    expect(cloud.sent).toHaveLength(3);
    await h.passes(70 * minute, minute);
    expect(cloud.sent.map((sms) => /答：(\S+)/.exec(sms.text)?.[1])).toEqual(['问题0', '问题1', '问题2', '问题3', '问题4']);
  });
});

describe('fail-over', () => {
  it('the second provider takes over while the first is down, and the first comes back', async () => {
    const cloud = await clouds();
    const { gateway, h } = await direct({
      SMS_FALLBACK_PROVIDER: 'twilio',
      TWILIO_ACCOUNT_SID: twilioKeys.sid,
      TWILIO_AUTH_TOKEN: twilioKeys.token,
      TWILIO_FROM: '+15550001111',
      TWILIO_BASE_URL: `${cloud.origin}/twilio`,
    });
    await gateway.down();
    await until(() => !gateway.connected());
    await h.inbound('13800000001', '好');
    await h.passes(2000, 500);
    expect(cloud.sent).toMatchObject([{ to: '+8613800000001', from: '+15550001111' }]);
    await gateway.up();
    await loggedIn(h, 2);
    await h.passes(5 * minute, minute);
    await h.inbound('13800000001', '好的');
    await h.settled();
    await until(() => gateway.sent.length === 1);
    expect(cloud.sent).toHaveLength(1);
  });
  it('a message that may have arrived is looked up, not given to the other provider', async () => {
    const cloud = await clouds();
    const h = await abroad(cloud);
    cloud.troubleNext({ cut: true });
    await h.inbound('+15550004444', '好');
    await h.passes(minute, 5000);
    expect(cloud.sent).toHaveLength(1);
    expect((await h.states()).accepted).toBe(1);
    cloud.troubleNext({ status: 503 }, { status: 429 }, { code: '21610' });
    await h.inbound('+15550005555', '好');
    await h.passes(10 * minute, 5000);
    expect((await h.states()).failed).toBe(1);
    await h.inbound('+15550005555', '好的');
    await h.settled();
    expect(cloud.sent).toHaveLength(1);
  });
});

describe('sessions', () => {
  it('a number that was silent for months starts from nothing: another conversation, no menu, no consent', async () => {
    const cloud = await clouds();
    const h = await abroad(cloud, { SMS_RECYCLE_MONTHS: '3' });
    await h.inbound('+15550004444', '订阅');
    await h.inbound('+15550004444', '好');
    await h.settled();
    h.clock.now += 60 * 24 * hour;
    await h.inbound('+15550004444', '还是我');
    h.clock.now += 91 * 24 * hour;
    await h.inbound('+15550004444', '新的主人');
    await h.settled();
    const [first, second, third] = h.received.map((one) => one.conversationId);
    expect(second).toBe(first);
    expect(third).not.toBe(second);
    expect(cloud.sent.at(-1)?.text).toContain('机器人');
    const before = cloud.sent.length;
    h.clock.now += 91 * 24 * hour;
    await h.inbound('+15550004444', '更多');
    await h.settled();
    expect(cloud.sent.slice(before).map((sms) => sms.text)).toEqual([expect.stringContaining('答：更多')]);
    expect(await h.sms.notify(notice(h, 'x', '+15550004444'))).toBe('no_consent');
  });
});
