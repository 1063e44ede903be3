import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smsNumber } from '../../bot/store/sms-numbers.ts';
import { addStaff } from '../../bot/store/staff.ts';
import { listWechatDeliveries, retryWechatDelivery } from '../../bot/store/wechat-reports.ts';
import { type Harness, startHarness } from './testing/harness.ts';

const sendPath = '/cgi-bin/message/custom/send';
const sent: { key: string; phone: string }[] = [];
let at: Harness;
beforeAll(async () => {
  at = await startHarness({
    accounts: [{ kind: 'mini-program' }, { kind: 'official-account' }],
    tellBySms: async (notice) => sent.push(notice) > 0,
  });
  await addStaff(at.house.database.db, { name: 'xiaoli', role: 'agent', passwordHash: 'x' }, at.now());
});
afterAll(() => at.close());

/** The chat page sends the code of a login and that of a pressed button. */
function gives(openid: string, phone: string, account = ''): Promise<Response> {
  const [code, phoneCode] = [`login-${Math.random()}`, `phone-${Math.random()}`];
  at.platform.codes.set(code, openid).set(phoneCode, phone);
  return fetch(`${at.base}/channels/wechat/mini-program${account}/phone`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code, phoneCode }),
  });
}

/** A citizen whom a person serves, two days after they wrote last. */
async function servedTooLate(openid: string) {
  const citizen = at.citizen(openid, 0);
  await citizen.says('转人工');
  const conversationId = (await at.house.desk.queue()).at(-1)?.conversationId ?? '';
  await at.house.desk.claim(conversationId, 'xiaoli');
  await at.settled();
  let said = 0;
  return {
    ...citizen,
    conversationId,
    hears: async (text: string, code = 45015) => {
      const before = citizen.chat().length;
      at.platform.plan(sendPath, code);
      await at.house.desk.say(conversationId, 'xiaoli', { text, messageId: `m${++said}` });
      await at.settled();
      at.platform.plan(sendPath);
      return citizen.chat().slice(before);
    },
    deliveries: () => listWechatDeliveries(at.house.database.db, { conversationId, states: ['kept', 'failed'], limit: 10 }),
  };
}

describe('an answer that may not be sent any more (45015)', () => {
  it('is announced by SMS, once, to a phone the citizen has given; it waits, and comes when they write', async () => {
    const citizen = await servedTooLate('mPhone');
    expect((await gives('mPhone', '13800001111')).status).toBe(204);
    expect((await smsNumber(at.house.database.db, '+8613800001111')).consentSource).toBe('WeChat mini-program');
    expect(await citizen.hears('您的居住证办好了')).toEqual([]);
    expect(await citizen.hears('请带上回执')).toEqual([]);
    expect(sent).toEqual([{ key: expect.stringContaining(citizen.conversationId), phone: '+8613800001111' }]);
    const [later, first] = await citizen.deliveries();
    expect(first).toMatchObject({ state: 'kept', code: 45015, route: 'follow-up', told: 'sms' });
    expect(later).toMatchObject({ state: 'kept', told: null });
    expect((await citizen.says('好的')).map(({ text }) => text).join()).toMatch(/居住证办好了[\s\S]*回执/);
  });

  it('stays for the next message where no phone is known', async () => {
    const citizen = await servedTooLate('mNoPhone');
    sent.length = 0;
    await citizen.hears('您的居住证办好了');
    expect(sent).toEqual([]);
    const [kept] = await citizen.deliveries();
    expect(kept).toMatchObject({ state: 'kept', code: 45015, told: null });
    expect((await citizen.says('好的')).map(({ text }) => text).join()).toContain('居住证办好了');
  });

  it('takes a phone only with codes that hold', async () => {
    at.platform.codes.set('good', 'mX');
    const post = (body: object) =>
      fetch(`${at.base}/channels/wechat/mini-program/phone`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }).then(({ status }) => status);
    expect(await post({ code: 'good', phoneCode: 'used up' })).toBe(401);
    expect(await post({ code: 'good' })).toBe(400);
    expect((await gives('mX', '13800001111', '/nobody')).status).toBe(404);
  });
});

it('what was given up because of the account is sent after all when staff have put that right, and not twice', async () => {
  const citizen = await servedTooLate('mAgain');
  await citizen.says('在吗');
  await citizen.hears('您的居住证办好了', 40164);
  const [failed] = await citizen.deliveries();
  expect(failed).toMatchObject({ state: 'failed', code: 40164 });
  const retry = () => at.house.database.transaction((tx) => retryWechatDelivery(tx, failed?.activityId ?? '', at.now()));
  expect(await retry()).toBe(true);
  await at.settled();
  expect(citizen.chat().filter(({ text }) => text.includes('居住证办好了'))).toHaveLength(1);
  expect(await retry()).toBe(false);
});
