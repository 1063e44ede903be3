/** Tencent Cloud SMS (2021-01-11): templates only. Facts: Tencent Cloud API 3.0 pages on SendSms and signature v3. */
import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import { request } from './http.ts';
import type { Fetch, SendRequest, SendResult, SmsProvider } from './provider.ts';
import { type Templates, templated } from './templates.ts';

export interface TencentSettings {
  readonly secretId: string;
  readonly secretKey: string;
  readonly sdkAppId: string;
  readonly signName: string;
  readonly templates: Templates;
  readonly longestVariable: number;
  readonly region: string;
  readonly baseUrl: string;
}

const answerSchema = z.object({
  Response: z.looseObject({
    Error: z.looseObject({ Code: z.string() }).optional(),
    SendStatusSet: z.array(z.looseObject({ SerialNo: z.string(), Code: z.string() })).optional(),
  }),
});

const slower = /^LimitExceeded\.(?:PhoneNumberThirtySecondLimit|PhoneNumberOneHourLimit|DeliveryFrequencyLimit)|^RequestLimitExceeded/;
const down =
  /^FailedOperation\.InsufficientBalanceInSmsPackage|^UnauthorizedOperation|^AuthFailure|^FailedOperation\.(?:Signature|Template)Incorrect/;
const later = /^InternalError|^FailedOperation\.MarketingSendTimeConstraint/;

export function createTencent(settings: TencentSettings, tools: { fetch: Fetch; now: () => number }): SmsProvider {
  return {
    name: 'tencent',
    freeText: false,
    mainland: true,
    countryCode: '86',
    carries: (draft) => templated(draft, settings.templates, settings.longestVariable) !== undefined,
    async send({ to, port, draft, key }: SendRequest): Promise<SendResult> {
      const carried = templated(draft, settings.templates, settings.longestVariable);
      if (!carried) return { ok: false, why: 'never', code: 'no_template' };
      const body = JSON.stringify({
        PhoneNumberSet: [to],
        SmsSdkAppId: settings.sdkAppId,
        TemplateId: carried.template,
        SignName: settings.signName,
        TemplateParamSet: carried.values.map(({ value }) => value),
        SessionContext: key.slice(0, 500),
        ...(port === '' ? {} : { ExtendCode: port }),
      });
      const timestamp = Math.floor(tools.now() / 1000);
      const { host } = new URL(settings.baseUrl);
      const answer = await request(tools.fetch, `${settings.baseUrl}/`, {
        method: 'POST',
        headers: {
          'Content-Type': contentType,
          'X-TC-Action': 'SendSms',
          'X-TC-Version': '2021-01-11',
          'X-TC-Region': settings.region,
          'X-TC-Timestamp': String(timestamp),
          Authorization: tencentAuthorization({ ...settings, host, service: 'sms', timestamp, body }),
        },
        body,
      });
      if (!answer.ok) return answer.result;
      const parsed = answerSchema.safeParse(answer.json);
      if (!parsed.success) return { ok: false, why: 'uncertain', code: 'unreadable answer' };
      const { Error: refused, SendStatusSet: [status] = [] } = parsed.data.Response;
      // The call can succeed while its one item fails.
      const code = refused?.Code ?? status?.Code ?? 'no status';
      if (code === 'Ok' && status) return { ok: true, ids: [status.SerialNo] };
      const why = slower.test(code) ? 'slower' : down.test(code) ? 'down' : later.test(code) ? 'later' : 'never';
      return { ok: false, why, code, ...(code === 'FailedOperation.PhoneNumberInBlacklist' ? { optedOut: true } : {}) };
    },
  };
}

const contentType = 'application/json; charset=utf-8';

/** TC3-HMAC-SHA256. Vector: the example of Tencent Cloud's page on signature v3 (cvm, timestamp 1551113065). */
export function tencentAuthorization(request: {
  secretId: string;
  secretKey: string;
  host: string;
  service: string;
  timestamp: number;
  body: string;
}): string {
  const { secretId, secretKey, host, service, timestamp, body } = request;
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const canonical = ['POST', '/', '', `content-type:${contentType}\nhost:${host}\n`, 'content-type;host', sha256(body)].join('\n');
  const scope = `${date}/${service}/tc3_request`;
  const toSign = ['TC3-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');
  const signature = hmac(key, toSign).toString('hex');
  return `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
