/** Aliyun SMS (dysmsapi 2017-05-25): templates only. Facts: Aliyun help pages on SendSms, QuerySendDetails and RPC signatures. */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { localDigits } from '../text/phone.ts';
import { type Answer, request } from './http.ts';
import type { Fetch, SendRequest, SendResult, SmsProvider } from './provider.ts';
import { type Templates, templated } from './templates.ts';

export interface AliyunSettings {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly signName: string;
  readonly templates: Templates;
  readonly longestVariable: number;
  readonly baseUrl: string;
}

export interface AliyunTools {
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly newId: () => string;
}

const sentSchema = z.looseObject({ Code: z.string(), BizId: z.string().optional(), Message: z.string().optional() });
const detailsSchema = z.object({
  Code: z.literal('OK'),
  SmsSendDetailDTOs: z.object({
    SmsSendDetailDTO: z.array(z.looseObject({ OutId: z.string().optional() })).default([]),
  }),
});

/** isv.… codes that pass by themselves; all others need a person. */
const slower = new Set(['isv.BUSINESS_LIMIT_CONTROL', 'Throttling', 'Throttling.User', 'Throttling.Api']);
const later = new Set(['isv.SYSTEM_ERROR', 'isp.SYSTEM_ERROR', 'ServiceUnavailable', 'InternalError']);
const down = new Set([
  'isv.AMOUNT_NOT_ENOUGH',
  'isv.OUT_OF_SERVICE',
  'isp.RAM_PERMISSION_DENY',
  'InvalidAccessKeyId.NotFound',
  'SignatureDoesNotMatch',
]);

/** A provider that sends through Aliyun; `OutId` carries our key, so that a lost answer can be looked up. */
export function createAliyun(settings: AliyunSettings, tools: AliyunTools): SmsProvider {
  const call = (parameters: Record<string, string>): Promise<Answer> => {
    const all: Record<string, string> = {
      ...parameters,
      Format: 'JSON',
      Version: '2017-05-25',
      RegionId: 'cn-hangzhou',
      AccessKeyId: settings.accessKeyId,
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      SignatureNonce: tools.newId(),
      Timestamp: new Date(tools.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    };
    return request(tools.fetch, `${settings.baseUrl}/`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...all, Signature: aliyunSignature('POST', all, settings.accessKeySecret) }),
    });
  };
  return {
    name: 'aliyun',
    freeText: false,
    mainland: true,
    countryCode: '86',
    carries: (draft) => templated(draft, settings.templates, settings.longestVariable) !== undefined,
    async send({ to, port, draft, key }: SendRequest): Promise<SendResult> {
      const carried = templated(draft, settings.templates, settings.longestVariable);
      if (!carried) return { ok: false, why: 'never', code: 'no_template' };
      const answer = await call({
        Action: 'SendSms',
        PhoneNumbers: localDigits(to),
        SignName: settings.signName,
        TemplateCode: carried.template,
        TemplateParam: JSON.stringify(Object.fromEntries(carried.values.map(({ name, value }) => [name, value]))),
        OutId: key,
        ...(port === '' ? {} : { SmsUpExtendCode: port }),
      });
      if (!answer.ok) return answer.result;
      const parsed = sentSchema.safeParse(answer.json);
      if (!parsed.success) return { ok: false, why: 'uncertain', code: 'unreadable answer' };
      const { Code, BizId } = parsed.data;
      if (Code === 'OK') return { ok: true, ids: [BizId ?? key] };
      const why = slower.has(Code) ? 'slower' : down.has(Code) ? 'down' : later.has(Code) ? 'later' : 'never';
      return { ok: false, why, code: Code, ...(Code === 'isv.BLACK_KEY_CONTROL_LIMIT' ? { optedOut: true } : {}) };
    },
    async lookUp({ to, key }, since) {
      const answer = await call({
        Action: 'QuerySendDetails',
        PhoneNumber: localDigits(to),
        SendDate: new Date(since).toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' }).replaceAll('-', ''),
        PageSize: '50',
        CurrentPage: '1',
      });
      if (!answer.ok) throw new Error('the sent messages could not be asked for');
      const details = detailsSchema.parse(answer.json).SmsSendDetailDTOs.SmsSendDetailDTO;
      // Receipts carry our key as out_id: it stands for the BizId we never got.
      return details.some((one) => one.OutId === key) ? [key] : undefined;
    },
  };
}

/** Aliyun's RPC signature, version 1.0. Vector: the SendSms example of Aliyun's page on signatures (testId / testSecret). */
export function aliyunSignature(method: 'GET' | 'POST', parameters: Readonly<Record<string, string>>, secret: string): string {
  const canonical = Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name] ?? '')}`)
    .join('&');
  return createHmac('sha1', `${secret}&`)
    .update(`${method}&%2F&${encode(canonical)}`)
    .digest('base64');
}

/** Percent-encoding of RFC 3986. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
