import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aliyunKeys, type FakeClouds, startClouds, tencentKeys, twilioKeys } from './testing/fake-clouds.ts';
import { type Harness, startHarness } from './testing/harness.ts';

const token = 'push-token-of-the-tests';
const publicUrl = 'https://sms.anlan.example';
let cloud: FakeClouds;
beforeAll(async () => {
  cloud = await startClouds();
});
afterAll(() => cloud.close());

describe('Aliyun pushes', () => {
  let h: Harness;
  const row = (id: string | number, fields: object = {}) => ({
    phone_number: '13800000001',
    content: '社保卡',
    send_time: '2026-03-02 10:00:00',
    dest_code: '1234',
    sequence_id: id,
    ...fields,
  });
  const push = (body: unknown, path = `/aliyun/${token}`) => h.post(path, typeof body === 'string' ? body : JSON.stringify(body));
  beforeAll(async () => {
    h = await startHarness({
      SMS_PROVIDER: 'aliyun',
      ALIYUN_SMS_ACCESS_KEY_ID: aliyunKeys.id,
      ALIYUN_SMS_ACCESS_KEY_SECRET: aliyunKeys.secret,
      ALIYUN_SMS_SIGN_NAME: '安澜政务',
      ALIYUN_SMS_TEMPLATES: 'page:SMS_PAGE,short:SMS_SHORT',
      ALIYUN_SMS_BASE_URL: `${cloud.origin}/aliyun`,
      ALIYUN_SMS_PUSH_TOKEN: token,
    });
  });
  afterAll(() => h.close());

  it('takes a batch of three once each, numbers as ids too, and acknowledges in its form', async () => {
    const before = h.received.length;
    const batch = [row('1'), row(2, { phone_number: '+8613800000002' }), row('3', { content: '居住证' })];
    expect(await push(batch)).toEqual({ status: 200, text: '{"code":0,"msg":"接收成功"}' });
    expect(await push(batch)).toMatchObject({ status: 200 });
    expect(h.received.slice(before).map((one) => one.messageId)).toEqual(['aliyun:1', 'aliyun:2', 'aliyun:3']);
  });
  it('one bad row never loses the good ones', async () => {
    const before = h.received.length;
    const bad = [
      null,
      7,
      {},
      row('', {}),
      row('x', { content: 5 }),
      row('y', { phone_number: { a: 1 } }),
      row('s', { phone_number: '10086' }),
    ];
    expect(await push([row('10'), ...bad, row('11', { phone_number: '13800000003' })])).toMatchObject({ status: 200 });
    expect(h.received.slice(before).map((one) => one.messageId)).toEqual(['aliyun:10', 'aliyun:11']);
    const complaints = h.logged.filter((one) => one.level === 'warn');
    expect(complaints.length).toBeGreaterThanOrEqual(bad.length);
    expect(JSON.stringify(complaints)).not.toContain('13800000');
  });
  it('refuses without or with a wrong token, and what is no batch', async () => {
    const before = h.received.length;
    for (const path of ['/aliyun', '/aliyun/wrong', `/aliyun/${token}x`, '/aliyun?token=no'])
      expect((await push([row('20')], path)).status).toBe(403);
    for (const body of ['', '{', '{}', 'null', '"a"', '[', '\u0000']) expect((await push(body)).status).toBe(400);
    expect((await push(`[${'1,'.repeat(600_000)}1]`)).status).toBe(413);
    expect((await h.post(`/tencent/${token}`, {})).status).toBe(404);
    expect((await h.post('/twilio', '')).status).toBe(404);
    expect(h.received).toHaveLength(before);
    expect((await push([row('21')], `/aliyun?token=${token}`)).status).toBe(200);
  });
  it('answers 500 when it could not store, so that it is pushed again', async () => {
    h.setBroken(true);
    expect((await push([row('30')])).status).toBe(500);
    h.setBroken(false);
    expect((await push([row('30')])).status).toBe(200);
    expect(h.received.filter((one) => one.messageId === 'aliyun:30')).toHaveLength(1);
  });
  it('what is stored and can’t be worked on now waits, in order for its sender, and holds up nobody else', async () => {
    const before = h.received.length;
    h.setCoreBroken(true);
    expect((await push([row('31', { content: '一' }), row('32', { content: '二' })])).status).toBe(200);
    h.setCoreBroken(false);
    expect((await push([row('33', { content: '三' }), row('34', { phone_number: '13800000009' })])).status).toBe(200);
    expect(h.received.slice(before).map((one) => one.messageId)).toEqual(['aliyun:34']);
    h.clock.now += 5000;
    await h.sms.sweep();
    await h.sms.settled();
    expect(h.received.slice(before).map((one) => one.text)).toEqual(['社保卡', '一', '二', '三']);
  });
  it('notes receipts, whatever order they come in, and knows an opt-out at the carrier', async () => {
    await h.settled();
    const sent = cloud.sent.filter((sms) => sms.to === '13800000003').at(-1);
    const receipt = {
      phone_number: '13800000003',
      success: true,
      err_code: 'DELIVERED',
      biz_id: sent?.id,
      out_id: sent?.key,
      sms_size: '1',
    };
    const before = (await h.states()).delivered ?? 0;
    expect(
      await push([receipt, receipt, { ...receipt, success: false, err_code: 'UNDELIV' }, { ...receipt, biz_id: 'unknown', out_id: '' }]),
    ).toMatchObject({ status: 200 });
    expect((await h.states()).delivered).toBe(before + 1);
    cloud.troubleNext({ code: 'isv.BLACK_KEY_CONTROL_LIMIT' });
    await push([row('40', { phone_number: '13800000004' })]);
    await h.settled();
    const sentBefore = cloud.sent.length;
    await push([row('41', { phone_number: '13800000004' })]);
    await h.settled();
    expect(cloud.sent).toHaveLength(sentBefore);
    expect(await h.states()).toMatchObject({ failed: 1, suppressed: 1 });
  });
  it('looks up a message whose answer was lost, and does not send it twice', async () => {
    cloud.troubleNext({ cut: true });
    await push([row('50', { phone_number: '13800000005' })]);
    await h.settled();
    expect((await h.states()).uncertain).toBe(1);
    await h.passes(60_000, 5000);
    expect(cloud.sent.filter((sms) => sms.to === '13800000005')).toHaveLength(1);
    expect((await h.states()).uncertain).toBeUndefined();
    const receipt = { phone_number: '13800000005', success: true, err_code: 'DELIVERED', biz_id: 'BIZ', out_id: cloud.sent.at(-1)?.key };
    const before = (await h.states()).delivered ?? 0;
    await push([receipt]);
    expect((await h.states()).delivered).toBe(before + 1);
  });
});

describe('Tencent pushes', () => {
  it('takes the same text a minute later as a new message, and the same push once', async () => {
    const h = await startHarness({
      SMS_PROVIDER: 'tencent',
      TENCENT_SMS_SECRET_ID: tencentKeys.id,
      TENCENT_SMS_SECRET_KEY: tencentKeys.secret,
      TENCENT_SMS_SDK_APP_ID: '1400000001',
      TENCENT_SMS_SIGN_NAME: '安澜政务',
      TENCENT_SMS_TEMPLATES: 'page:1001,short:1002',
      TENCENT_SMS_BASE_URL: `${cloud.origin}/tencent`,
    });
    const message = (time: number) => ({ extend: '01', mobile: '13800000000', nationcode: '86', sign: '安澜政务', text: '社保卡', time });
    for (const time of [1714530030, 1714530030, 1714530090]) {
      expect(await h.post('/tencent', message(time))).toEqual({ status: 200, text: '{"result":0,"errmsg":"OK"}' });
    }
    expect(h.received).toHaveLength(2);
    // Without a token only this machine may push, and nobody through a proxy or a browser.
    expect((await h.post('/tencent', message(1), { 'X-Forwarded-For': '1.2.3.4' })).status).toBe(403);
    await h.settled();
    const status = {
      user_receive_time: '2026-03-02 10:00:00',
      nationcode: '86',
      mobile: '13800000000',
      report_status: 'SUCCESS',
      errmsg: 'DELIVRD',
      description: 'ok',
    };
    const ids = cloud.sent.slice(-2).map((sms) => sms.id);
    expect(
      (
        await h.post('/tencent', [
          { ...status, sid: ids[0] },
          { sid: 1 },
          { ...status, sid: ids[1], report_status: 'FAIL', errmsg: 'UNDELIV' },
        ])
      ).status,
    ).toBe(200);
    expect(await h.states()).toEqual({ delivered: 1, failed: 1 });
    await h.close();
  });
});

describe('Twilio webhooks', () => {
  let h: Harness;
  const environment = {
    SMS_PROVIDER: 'twilio',
    TWILIO_ACCOUNT_SID: twilioKeys.sid,
    TWILIO_AUTH_TOKEN: twilioKeys.token,
    TWILIO_FROM: '+15550001111',
    get TWILIO_BASE_URL() {
      return `${cloud.origin}/twilio`;
    },
  };
  const message = (fields: object = {}) => ({
    MessageSid: 'SM1',
    AccountSid: twilioKeys.sid,
    From: '+15550002222',
    To: '+15550001111',
    Body: 'residence permit please',
    NumMedia: '0',
    SomethingNew: '',
    ...fields,
  });
  const sign = (fields: Record<string, string>, url = `${publicUrl}/channels/sms/twilio`) =>
    createHmac('sha1', twilioKeys.token)
      .update(
        url +
          Object.keys(fields)
            .sort()
            .map((name) => name + fields[name])
            .join(''),
      )
      .digest('base64');
  const hook = (fields: Record<string, string>, signature: string | undefined = sign(fields)) =>
    h.post('/twilio', new URLSearchParams(fields).toString(), {
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(signature === undefined ? {} : { 'X-Twilio-Signature': signature }),
    });
  beforeAll(async () => {
    h = await startHarness(environment, { publicUrl });
  });
  afterAll(() => h.close());

  it('takes a signed message with fields nobody knows, once', async () => {
    for (let i = 0; i < 2; i++) expect((await hook(message())).status).toBe(200);
    expect(h.received.map((one) => one.text)).toEqual(['residence permit please']);
  });
  it('refuses forged, unsigned, foreign and moved ones', async () => {
    const changed = message({ MessageSid: 'SM2' });
    expect((await hook(changed, sign(message()))).status).toBe(403);
    expect((await hook(changed, '')).status).toBe(403);
    expect((await hook(changed, sign(changed, 'https://other.example/channels/sms/twilio'))).status).toBe(403);
    expect((await hook(message({ MessageSid: 'SM3', AccountSid: `AC${'1'.repeat(32)}` }))).status).toBe(403);
    expect((await hook({ AccountSid: twilioKeys.sid })).status).toBe(400);
    expect(h.received).toHaveLength(1);
  });
  it('notes what became of a message; Twilio’s own words get no second answer', async () => {
    await h.settled();
    const id = cloud.sent.at(-1)?.id ?? '';
    for (const MessageStatus of ['sent', 'delivered', 'sent']) await hook({ MessageSid: id, AccountSid: twilioKeys.sid, MessageStatus });
    expect(await h.states()).toEqual({ delivered: 1 });
    const before = cloud.sent.length;
    await hook(message({ MessageSid: 'SM4', Body: 'STOP' }));
    await hook(message({ MessageSid: 'SM5', Body: 'hello there again' }));
    await h.settled();
    expect(cloud.sent).toHaveLength(before);
  });
});
