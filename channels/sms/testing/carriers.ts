/** The providers as tests use them: how a citizen's text is pushed, and what reached a phone. */
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestServer } from '../../../tests/support/server.ts';
import { startCentre } from './centre.ts';
import { aliyunKeys, startClouds, type Trouble, tencentKeys, twilioKeys } from './fake-clouds.ts';
import { startGateway } from './gateway.ts';

const pushToken = 'push-token-of-the-tests';

/** One provider, as a test uses it. */
export interface Carrier {
  readonly name: string;
  readonly freeText: boolean;
  /** Counted as UCS-2, signed, with a short code in place of a link. */
  readonly mainland: boolean;
  readonly environment: Record<string, string>;
  /** Texts that reached this phone so far. */
  got(phone: string): string[];
  /** The citizen sends a text. */
  push(server: TestServer, phone: string, text: string, id: string): Promise<void>;
  /** Out of service, and back. */
  setDown(value: boolean): Promise<void>;
  /** What goes wrong with the next message. */
  troubleNext?(trouble: Trouble): void;
  /** The provider reports what became of the last message to a phone. */
  report?(server: TestServer, phone: string, delivered: boolean): Promise<void>;
  problems(): readonly string[];
  close(): Promise<void>;
}

async function post(url: string, body: string | object, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

function twilioSignature(url: string, fields: URLSearchParams): string {
  const names = [...fields.keys()].sort();
  return createHmac('sha1', twilioKeys.token)
    .update(url + names.map((name) => name + fields.get(name)).join(''))
    .digest('base64');
}

export const publicUrl = 'https://sms.anlan.example';

export async function startCarriers(): Promise<Record<'cmpp' | 'smpp' | 'twilio' | 'aliyun' | 'tencent', Carrier>> {
  const cloud = await startClouds();
  const gateway = await startGateway({ version: '3.0', spId: '901234', secret: 's3cret', report: 'DELIVRD' });
  const centre = await startCentre({ systemId: 'wenban', password: 's3cret', report: 'DELIVRD' });
  const fromCloud = (phone: string) => cloud.sent.filter((sms) => sms.to.endsWith(phone)).map((sms) => sms.text);
  const lastTo = (phone: string) => cloud.sent.filter((sms) => sms.to.endsWith(phone)).at(-1);
  const shared = {
    setDown: async (value: boolean) => cloud.setDown(value),
    troubleNext: (trouble: Trouble) => cloud.troubleNext(trouble),
    problems: () => cloud.problems,
    close: async () => {},
  };
  const postSigned = async ({ port }: TestServer, fields: URLSearchParams) => {
    const signature = twilioSignature(`${publicUrl}/channels/sms/twilio`, fields);
    const answer = await post(`http://127.0.0.1:${port}/channels/sms/twilio`, fields.toString(), {
      'Content-Type': 'application/x-www-form-urlencoded',
      'X-Twilio-Signature': signature,
    });
    mustBe(answer, '<?xml version="1.0" encoding="UTF-8"?><Response/>');
  };
  return {
    cmpp: {
      name: 'cmpp',
      freeText: true,
      mainland: true,
      environment: {
        SMS_PROVIDER: 'cmpp',
        CMPP_HOST: '127.0.0.1',
        CMPP_PORT: String(gateway.port),
        CMPP_SP_ID: '901234',
        CMPP_SECRET: 's3cret',
        CMPP_SRC_ID: '1069000012',
        SMS_SIGNATURE: '安澜政务',
        SMS_LANDING_URL: 'https://zwfw.anlan.example/dx',
      },
      got: (phone) => gateway.sent.filter((sms) => sms.to === phone).map((sms) => sms.text),
      push: async (_server, phone, text) => {
        while (!gateway.connected()) await sleep(10);
        await gateway.says(phone, '1069000012', text);
      },
      setDown: async (value) => {
        await (value ? gateway.down() : gateway.up());
        while (gateway.connected() === value) await sleep(10);
        // The other end hears of it a moment later.
        await sleep(100);
      },
      problems: () => gateway.problems,
      close: () => gateway.close(),
    },
    smpp: {
      name: 'smpp',
      freeText: true,
      mainland: false,
      environment: {
        SMS_PROVIDER: 'smpp',
        SMPP_HOST: '127.0.0.1',
        SMPP_PORT: String(centre.port),
        SMPP_SYSTEM_ID: 'wenban',
        SMPP_PASSWORD: 's3cret',
        SMPP_SOURCE: '+15550001111',
        PUBLIC_URL: publicUrl,
      },
      got: (phone) => centre.sent.filter((sms) => sms.to === `86${phone}`).map((sms) => sms.text),
      push: async (_server, phone, text) => {
        while (!centre.bound()) await sleep(10);
        await centre.says(`86${phone}`, '15550001111', text);
      },
      setDown: async (value) => {
        await (value ? centre.down() : centre.up());
        while (centre.bound() === value) await sleep(10);
        // The other end hears of it a moment later.
        await sleep(100);
      },
      problems: () => centre.problems,
      close: () => centre.close(),
    },
    twilio: {
      ...shared,
      mainland: false,
      name: 'twilio',
      freeText: true,
      environment: {
        SMS_PROVIDER: 'twilio',
        TWILIO_ACCOUNT_SID: twilioKeys.sid,
        TWILIO_AUTH_TOKEN: twilioKeys.token,
        TWILIO_FROM: '+15550001111',
        TWILIO_BASE_URL: `${cloud.origin}/twilio`,
        PUBLIC_URL: publicUrl,
      },
      got: (phone) => fromCloud(phone),
      push: async (server, phone, text, id) => {
        const fields = new URLSearchParams({
          MessageSid: id,
          AccountSid: twilioKeys.sid,
          From: `+86${phone}`,
          To: '+15550001111',
          Body: text,
          NumMedia: '0',
        });
        await postSigned(server, fields);
      },
      report: async (server, phone, delivered) => {
        const fields = {
          MessageSid: lastTo(phone)?.id ?? '',
          AccountSid: twilioKeys.sid,
          MessageStatus: delivered ? 'delivered' : 'undelivered',
        };
        await postSigned(server, new URLSearchParams(fields));
      },
    },
    aliyun: {
      ...shared,
      name: 'aliyun',
      freeText: false,
      mainland: true,
      environment: {
        SMS_PROVIDER: 'aliyun',
        ALIYUN_SMS_ACCESS_KEY_ID: aliyunKeys.id,
        ALIYUN_SMS_ACCESS_KEY_SECRET: aliyunKeys.secret,
        ALIYUN_SMS_SIGN_NAME: '安澜政务',
        ALIYUN_SMS_TEMPLATES: 'page:SMS_PAGE,short:SMS_SHORT,rating:SMS_RATING,optout:SMS_OUT,followup:SMS_FOLLOW',
        ALIYUN_SMS_BASE_URL: `${cloud.origin}/aliyun`,
        ALIYUN_SMS_PUSH_TOKEN: pushToken,
      },
      got: (phone) => fromCloud(phone),
      push: async ({ port }, phone, text, id) => {
        const row = { phone_number: phone, content: text, send_time: '2026-03-02 10:00:00', dest_code: '1234', sequence_id: id };
        const answer = await post(`http://127.0.0.1:${port}/channels/sms/aliyun/${pushToken}`, [row]);
        mustBe(answer, '{"code":0,"msg":"接收成功"}');
      },
      report: async ({ port }, phone, delivered) => {
        const { id, key } = lastTo(phone) ?? {};
        const row = { phone_number: phone, success: delivered, err_code: delivered ? 'DELIVERED' : 'MK:0001', biz_id: id, out_id: key };
        mustBe(await post(`http://127.0.0.1:${port}/channels/sms/aliyun/${pushToken}`, [row]), '{"code":0,"msg":"接收成功"}');
      },
    },
    tencent: {
      ...shared,
      name: 'tencent',
      freeText: false,
      mainland: true,
      environment: {
        SMS_PROVIDER: 'tencent',
        TENCENT_SMS_SECRET_ID: tencentKeys.id,
        TENCENT_SMS_SECRET_KEY: tencentKeys.secret,
        TENCENT_SMS_SDK_APP_ID: '1400000001',
        TENCENT_SMS_SIGN_NAME: '安澜政务',
        TENCENT_SMS_TEMPLATES: 'page:1001,short:1002,rating:1003,optout:1004,followup:1005',
        TENCENT_SMS_LONGEST_VARIABLE: '20',
        TENCENT_SMS_BASE_URL: `${cloud.origin}/tencent`,
        TENCENT_SMS_PUSH_TOKEN: pushToken,
      },
      got: (phone) => fromCloud(phone),
      push: async ({ port }, phone, text, id) => {
        const row = { extend: '01', mobile: phone, nationcode: '86', sign: '安澜政务', text, time: Number(id.replace(/\D/g, '')) };
        const answer = await post(`http://127.0.0.1:${port}/channels/sms/tencent/${pushToken}`, row);
        mustBe(answer, '{"result":0,"errmsg":"OK"}');
      },
      close: () => cloud.close(),
    },
  };
}

/** The acknowledgement a provider waits for. */
function mustBe(answer: { status: number; text: string }, text: string): void {
  if (answer.status !== 200 || answer.text !== text) throw new Error(`the push was answered ${answer.status} ${answer.text}`);
}
