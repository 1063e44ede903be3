import { afterEach, describe, expect, it } from 'vitest';
import { smsSince } from '../../bot/store/sms-messages.ts';
import { giveConsent } from '../../bot/store/sms-numbers.ts';
import { tellThroughLog } from '../../bot/work-orders/tell.ts';
import { aliyunKeys } from './testing/fake-clouds.ts';
import { startHarness } from './testing/harness.ts';
import { abroad, closeAll, closers, clouds, hour, minute, notice } from './testing/scenes.ts';

afterEach(closeAll);

const phone = '+15550002222';

async function consented(extra: Record<string, string> = {}) {
  const cloud = await clouds();
  const h = await abroad(cloud, extra);
  await giveConsent(h.database.db, phone, 'form', h.clock.now);
  return { cloud, h, texts: () => cloud.sent.map((sms) => sms.text) };
}

describe('[R-144] notices', () => {
  it('go only with consent, each occasion once', async () => {
    const { cloud, h } = await consented();
    expect(await h.sms.notify(notice(h, 'a', '+15550003333'))).toBe('no_consent');
    expect([await h.sms.notify(notice(h, 'a')), await h.sms.notify(notice(h, 'a'))]).toEqual(['queued', 'already_queued']);
    await h.settled();
    expect(cloud.sent).toHaveLength(1);
  });
  it('go when they are due and it is day; a reminder of next week holds nothing up', async () => {
    const { h, texts } = await consented();
    const dueAt = Date.parse('2026-03-09T06:00:00+08:00');
    await h.sms.notify({ ...notice(h, 'week'), text: '下周', dueAt, expiresAt: undefined });
    await h.sms.notify({ ...notice(h, 'now'), text: '现在' });
    await h.settled();
    expect(texts()).toEqual(['现在']);
    h.clock.now = dueAt + hour;
    await h.settled();
    expect(texts()).toEqual(['现在']);
    h.clock.now = dueAt + 2 * hour;
    await h.settled();
    expect(texts()).toEqual(['现在', '下周']);
  });
  it('are refused when pointless or too long, and dropped when their time is over before they could go', async () => {
    const { cloud, h } = await consented();
    expect(await h.sms.notify({ ...notice(h, 'a'), text: '长'.repeat(250) })).toBe('too_long');
    expect(await h.sms.notify({ ...notice(h, 'b'), expiresAt: h.clock.now })).toBe('too_late');
    h.clock.now = Date.parse('2026-03-02T23:00:00+08:00');
    expect(await h.sms.notify({ ...notice(h, 'c'), expiresAt: h.clock.now + hour })).toBe('queued');
    await h.passes(12 * hour, 10 * minute);
    expect(cloud.sent).toEqual([]);
    expect(await h.states()).toEqual({ suppressed: 1 });
  });
  it('find a citizen by the user id their messages came under, at the number they wrote to', async () => {
    const { cloud, h } = await consented();
    await h.sms.arrivals.inbound('twilio', { id: 'in', from: phone, port: '+15550009999', text: '居住证' });
    await h.settled();
    const { user_id: userId } = await h.database.db.selectFrom('conversations').select('user_id').executeTakeFirstOrThrow();
    expect(await h.sms.notify({ ...notice(h, 'x'), to: { userId }, kind: 'work_order' })).toBe('queued');
    expect(await h.sms.notify({ ...notice(h, 'y'), to: { userId: 'web-citizen' } })).toBe('no_phone');
    await h.settled();
    expect(cloud.sent.at(-1)).toMatchObject({ to: phone, from: '+15550009999' });
  });
  it('over a provider of templates they take the template of their kind, or are read under a short code', async () => {
    const cloud = await clouds();
    const h = await startHarness({
      SMS_PROVIDER: 'aliyun',
      ALIYUN_SMS_ACCESS_KEY_ID: aliyunKeys.id,
      ALIYUN_SMS_ACCESS_KEY_SECRET: aliyunKeys.secret,
      ALIYUN_SMS_SIGN_NAME: '安澜政务',
      ALIYUN_SMS_TEMPLATES: 'page:SMS_PAGE,followup:SMS_FOLLOW',
      ALIYUN_SMS_BASE_URL: `${cloud.origin}/aliyun`,
    });
    closers.push(() => h.close());
    await giveConsent(h.database.db, '+8613800000001', 'form', h.clock.now);
    const one = { to: { phone: '+8613800000001' }, text: '您反映的路灯问题已转区住建局办理，电话 0571-12345678。' };
    await h.sms.notify({ ...one, key: 'a', kind: 'work_order', vars: { matter: '路灯不亮' } });
    await h.settled();
    await h.sms.notify({ ...one, key: 'b', kind: 'follow_up' });
    await h.settled();
    expect(cloud.sent[0]?.text).toMatch(/^【安澜政务】您咨询的路灯不亮已有答复.*短码\d{8}/);
    expect(cloud.sent[1]?.text).toContain('您咨询的咨询解决了吗');
    const code = /短码(\d{8})/.exec(cloud.sent[0]?.text ?? '')?.[1];
    expect(await (await fetch(`${h.url}/s/${code}`)).text()).not.toContain('路灯问题');
    expect(await (await fetch(`${h.url}/s/${code}?tail=0001`)).text()).toContain('路灯问题已转区住建局');
    expect(cloud.problems).toEqual([]);
  });
  it('[R-113] news of an order that nobody asked for is one: by consent, by day; an answer goes at any hour', async () => {
    const { cloud, h, texts } = await consented();
    await h.inbound(phone, '路灯坏了');
    await h.settled();
    const { id } = await h.database.db.selectFrom('conversations').select('id').executeTakeFirstOrThrow();
    expect(await h.sms.binding.mayNotify(h.database.db, { id })).toBe(true);
    expect(await h.sms.binding.mayNotify(h.database.db, { id: 'somebody else' })).toBe(false);
    const before = cloud.sent.length;
    h.clock.now = Date.parse('2026-03-02T23:30:00+08:00');
    const tell = tellThroughLog(h.log, { id: 'wenban', name: '小澜', role: 'bot' });
    const to = { conversationId: id, channel: 'sms' };
    await h.database.transaction((tx) => tell(tx, to, '工单已转办', 'unasked'));
    await h.settled();
    expect(cloud.sent).toHaveLength(before);
    h.clock.now = Date.parse('2026-03-03T08:30:00+08:00');
    await h.settled();
    expect(texts().at(-1)).toContain('工单已转办');
    h.clock.now = Date.parse('2026-03-03T23:30:00+08:00');
    await h.database.transaction((tx) => tell(tx, to, '工单的答复：修好了', 'answer'));
    await h.settled();
    expect(texts().at(-1)).toContain('修好了');
    await h.inbound(phone, '退订');
    await h.settled();
    expect(await h.sms.binding.mayNotify(h.database.db, { id })).toBe(false);
  });
  it('an opt-out after queueing is still honoured', async () => {
    const { h, texts } = await consented();
    h.clock.now = Date.parse('2026-03-02T23:00:00+08:00');
    await h.sms.notify(notice(h, 'a'));
    await h.inbound(phone, '退订');
    await h.settled();
    expect(texts()).toEqual(['已退订，不再给您发短信。想恢复请回“恢复”。']);
    await h.passes(24 * hour, hour);
    expect(texts()).toHaveLength(1);
    expect(await h.sms.notify(notice(h, 'b'))).toBe('opted_out');
  });
  it('the budget stops notices and raises one alarm; answers go on', async () => {
    const { cloud, h } = await consented({ SMS_DAILY_BUDGET: '2' });
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
    expect((await smsSince(h.database.db, h.clock.now - hour * 2)).messages).toBe(3);
    await h.passes(24 * hour, hour);
    expect(cloud.sent).toHaveLength(5);
  });
});
