import { afterEach, describe, expect, it } from 'vitest';
import { twilioKeys } from './testing/fake-clouds.ts';
import { abroad, closeAll, clouds, direct, hour, loggedIn, minute, notice, until } from './testing/scenes.ts';

afterEach(closeAll);

describe('limits', () => {
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
  it('old texts are gone after months, what is open and what is young stays, and so does what a number opted out of', async () => {
    const cloud = await clouds();
    const h = await abroad(cloud, { SMS_RECYCLE_MONTHS: '3' });
    await h.inbound('+15550004444', '订阅');
    await h.inbound('+15550004444', '我的孩子要上学');
    await h.inbound('+15550005555', '退订');
    await h.settled();
    h.clock.now += 60 * 24 * hour;
    await h.inbound('+15550006666', '居住证');
    await h.settled();
    await h.sms.sweep();
    const words = async () =>
      JSON.stringify(await h.database.db.selectFrom('sms_messages').select(['phone', 'draft_json', 'menu_json', 'rest_json']).execute());
    expect(await words()).toContain('上学');
    h.clock.now += 31 * 24 * hour;
    await h.sms.sweep();
    expect(await words()).not.toMatch(/上学|5550004444|5550005555/);
    expect(await words()).toContain('5550006666');
    expect(await h.sms.notify(notice(h, 'x', '+15550004444'))).toBe('no_consent');
    expect(await h.sms.notify(notice(h, 'x', '+15550005555'))).toBe('opted_out');
  });
});
