/** The SMS channel's settings out of the environment; every problem names its key. */
import { z } from 'zod';
import { type SmsKind, smsKinds } from './draft.ts';
import { type SourceRules, sourcesProblem } from './inbound/guard.ts';
import type { AliyunSettings } from './providers/aliyun.ts';
import type { CmppSettings } from './providers/cmpp/settings.ts';
import type { SmppSettings } from './providers/smpp/settings.ts';
import type { Templates } from './providers/templates.ts';
import type { TencentSettings } from './providers/tencent.ts';
import type { TwilioSettings } from './providers/twilio.ts';
import type { Limits } from './queue/admission.ts';

const providerNames = ['cmpp', 'smpp', 'aliyun', 'tencent', 'twilio'] as const;
export type ProviderName = (typeof providerNames)[number];

export interface SmsSettings {
  /** First choice first; the second takes over while the first takes nothing. */
  readonly providers: readonly ProviderName[];
  readonly signature: string;
  readonly landingUrl: string | undefined;
  readonly idleMs: number;
  readonly recycleMs: number;
  readonly pageMs: number;
  /** Share of closed cases that are asked whether they are solved, 0–1. */
  readonly followUpRate: number;
  readonly limits: Limits;
  /** What one SMS costs, in the operator's currency; 0: not known. */
  readonly price: number;
  readonly cmpp: CmppSettings | undefined;
  readonly smpp: SmppSettings | undefined;
  readonly aliyun: (AliyunSettings & { readonly push: SourceRules }) | undefined;
  readonly tencent: (TencentSettings & { readonly push: SourceRules }) | undefined;
  readonly twilio: Omit<TwilioSettings, 'statusCallback'> | undefined;
}

export type SmsSettingsResult = { ok: true; sms: SmsSettings | undefined } | { ok: false; problems: string[] };

const given = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === '' ? undefined : value), schema);
const needed = given(z.string({ error: 'is missing' }));
const url = (fallback: string) => given(z.url({ protocol: /^https?$/ }).default(fallback)).transform((value) => value.replace(/\/+$/, ''));
const whole = (fallback: number, least = 1) => given(z.coerce.number().int().min(least).default(fallback));
const list = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((one) => one.trim())
          .filter(Boolean)
      : [],
  z.array(z.string()),
);
const sources = list.refine((value) => sourcesProblem(value) === undefined, {
  error: (issue) => sourcesProblem(issue.input as string[]) ?? '',
});
const token = given(
  z
    .string()
    .min(16, 'needs at least 16 characters')
    .regex(/^[\w-]+$/, 'may hold letters, digits, - and _ only')
    .optional(),
);
const signature = z.string().regex(/^[^【】\n]{2,12}$/u, 'must be 2 to 12 characters without 【】');

const templates = given(z.string({ error: 'is missing: page:CODE,rating:CODE,…' })).transform((value, context): Templates => {
  const result: Templates = {};
  for (const pair of value
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)) {
    const [kind = '', code = ''] = pair.split(':').map((one) => one.trim());
    if (!(smsKinds as readonly string[]).includes(kind) || code === '') {
      context.addIssue({ code: 'custom', message: `${pair}: write KIND:CODE, where KIND is one of ${smsKinds.join(', ')}` });
    } else result[kind as SmsKind] = code;
  }
  if (result.page === undefined) context.addIssue({ code: 'custom', message: 'page is missing: the template that carries the short code' });
  return result;
});

const commonSchema = z.object({
  SMS_FALLBACK_PROVIDER: given(z.enum(providerNames).optional()),
  SMS_SIGNATURE: given(signature.optional()),
  SMS_LANDING_URL: given(z.url({ protocol: /^https?$/ }).optional()),
  SMS_IDLE_MINUTES: whole(30),
  SMS_RECYCLE_MONTHS: whole(3),
  SMS_PAGE_DAYS: whole(7),
  SMS_FOLLOW_UP_RATE: given(z.coerce.number().min(0).max(1).default(0.1)),
  SMS_RATE_PER_SECOND: given(z.coerce.number().positive().default(10)),
  SMS_NUMBER_PER_HOUR: whole(30),
  SMS_NUMBER_PER_DAY: whole(100),
  SMS_DAILY_BUDGET: whole(0, 0),
  SMS_PRICE: given(z.coerce.number().min(0).default(0)),
});
const cmppSchema = z.object({
  CMPP_HOST: needed,
  CMPP_PORT: given(z.coerce.number().int().min(1).max(65535).default(7890)),
  CMPP_VERSION: given(z.enum(['2.0', '3.0'], { error: 'must be 2.0 or 3.0' }).default('3.0')),
  CMPP_SP_ID: needed.pipe(z.string().regex(/^[\x21-\x7e]{1,6}$/, 'must be the SP number, at most 6 characters')),
  CMPP_SECRET: needed,
  CMPP_SERVICE_ID: given(z.string().max(10).default('')),
  CMPP_SRC_ID: needed.pipe(z.string().regex(/^\d{3,21}$/, 'must be the access number, digits only')),
  CMPP_WINDOW: whole(16),
  SMS_SIGNATURE: given(z.string({ error: 'is missing: mainland carriers refuse texts without a signature' })),
});
const smppSchema = z.object({
  SMPP_HOST: needed,
  SMPP_PORT: given(z.coerce.number().int().min(1).max(65535).default(2775)),
  SMPP_TLS: given(z.enum(['true', 'false'], { error: 'must be true or false' }).default('false')),
  SMPP_SYSTEM_ID: needed.pipe(z.string().regex(/^[\x21-\x7e]{1,15}$/, 'must be at most 15 characters')),
  SMPP_PASSWORD: needed.pipe(z.string().regex(/^[\x21-\x7e]{1,8}$/, 'must be at most 8 characters')),
  SMPP_SYSTEM_TYPE: given(z.string().max(12).default('')),
  SMPP_SOURCE: needed.pipe(
    z.string().regex(/^(?:\+\d{7,15}|\d{3,20}|[\w .-]{2,11})$/, 'must be +…, a short code or a name of at most 11 letters'),
  ),
  SMPP_WINDOW: whole(10),
  SMPP_LONG_MESSAGES: given(z.enum(['udh', 'sar', 'payload'], { error: 'must be udh, sar or payload' }).default('udh')),
  SMPP_COUNTRY_CODE: given(
    z
      .string()
      .regex(/^\d{1,3}$/, 'must be digits, without +')
      .default(''),
  ),
  SMPP_RECEIPT_IDS: given(z.enum(['same', 'decimal'], { error: 'must be same or decimal' }).default('same')),
});
const aliyunSchema = z.object({
  ALIYUN_SMS_ACCESS_KEY_ID: needed,
  ALIYUN_SMS_ACCESS_KEY_SECRET: needed,
  ALIYUN_SMS_SIGN_NAME: needed,
  ALIYUN_SMS_TEMPLATES: templates,
  ALIYUN_SMS_LONGEST_VARIABLE: whole(35),
  ALIYUN_SMS_BASE_URL: url('https://dysmsapi.aliyuncs.com'),
  ALIYUN_SMS_PUSH_TOKEN: token,
  ALIYUN_SMS_PUSH_SOURCES: sources,
});
const tencentSchema = z.object({
  TENCENT_SMS_SECRET_ID: needed,
  TENCENT_SMS_SECRET_KEY: needed,
  TENCENT_SMS_SDK_APP_ID: needed,
  TENCENT_SMS_SIGN_NAME: needed,
  TENCENT_SMS_TEMPLATES: templates,
  TENCENT_SMS_LONGEST_VARIABLE: whole(12),
  TENCENT_SMS_REGION: given(z.string().default('ap-guangzhou')),
  TENCENT_SMS_BASE_URL: url('https://sms.tencentcloudapi.com'),
  TENCENT_SMS_PUSH_TOKEN: token,
  TENCENT_SMS_PUSH_SOURCES: sources,
});
const twilioSchema = z.object({
  TWILIO_ACCOUNT_SID: needed,
  TWILIO_AUTH_TOKEN: needed,
  TWILIO_FROM: needed.pipe(z.string().regex(/^(?:\+\d{7,15}|MG\w{10,40})$/, 'must be +… or a messaging service MG…')),
  TWILIO_BASE_URL: url('https://api.twilio.com'),
});

const minute = 60_000;
const day = 24 * 60 * minute;
/** Keys nobody sets without wanting SMS; those with defaults say nothing. */
const providerKey =
  /^(?:SMS_FALLBACK_PROVIDER|CMPP_(?:HOST|SP_ID|SECRET|SRC_ID)|SMPP_(?:HOST|SYSTEM_ID|PASSWORD|SOURCE)|ALIYUN_SMS_ACCESS_KEY_\w+|TENCENT_SMS_SECRET_\w+|TWILIO_(?:ACCOUNT_SID|AUTH_TOKEN|FROM))$/;

/** The settings; undefined when SMS is off (no key set). Half of a configuration is a problem, never a guess. */
export function smsSettings(environment: NodeJS.ProcessEnv): SmsSettingsResult {
  const chosen = environment.SMS_PROVIDER ?? '';
  if (chosen === '') {
    const orphan = Object.keys(environment).find((key) => providerKey.test(key) && environment[key] !== '');
    return orphan ? { ok: false, problems: [`SMS_PROVIDER: is missing, but ${orphan} is set`] } : { ok: true, sms: undefined };
  }
  const primary = z.enum(providerNames).safeParse(chosen);
  if (!primary.success) {
    return { ok: false, problems: [`SMS_PROVIDER: ${chosen} is unknown; use one of ${providerNames.join(', ')}`] };
  }
  const problems: string[] = [];
  const parse = <T extends z.ZodType>(schema: T): z.infer<T> | undefined => {
    const parsed = schema.safeParse(environment);
    if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
    return parsed.data;
  };
  const common = parse(commonSchema);
  const fallback = common?.SMS_FALLBACK_PROVIDER;
  const providers = [...new Set([primary.data, ...(fallback ? [fallback] : [])])];
  const uses = (name: ProviderName) => providers.includes(name);
  const cmpp = uses('cmpp') ? parse(cmppSchema) : undefined;
  const smpp = uses('smpp') ? parse(smppSchema) : undefined;
  const aliyun = uses('aliyun') ? parse(aliyunSchema) : undefined;
  const tencent = uses('tencent') ? parse(tencentSchema) : undefined;
  const twilio = uses('twilio') ? parse(twilioSchema) : undefined;
  if (!common || problems.length > 0) return { ok: false, problems: [...new Set(problems)] };
  return {
    ok: true,
    sms: {
      providers,
      signature: common.SMS_SIGNATURE ?? '',
      landingUrl: common.SMS_LANDING_URL,
      idleMs: common.SMS_IDLE_MINUTES * minute,
      recycleMs: common.SMS_RECYCLE_MONTHS * 30 * day,
      pageMs: common.SMS_PAGE_DAYS * day,
      followUpRate: common.SMS_FOLLOW_UP_RATE,
      limits: {
        perSecond: common.SMS_RATE_PER_SECOND,
        perNumberHour: common.SMS_NUMBER_PER_HOUR,
        perNumberDay: common.SMS_NUMBER_PER_DAY,
        dailyBudget: common.SMS_DAILY_BUDGET,
      },
      price: common.SMS_PRICE,
      cmpp: cmpp && {
        host: cmpp.CMPP_HOST,
        port: cmpp.CMPP_PORT,
        version: cmpp.CMPP_VERSION,
        spId: cmpp.CMPP_SP_ID,
        secret: cmpp.CMPP_SECRET,
        serviceId: cmpp.CMPP_SERVICE_ID,
        srcId: cmpp.CMPP_SRC_ID,
        window: cmpp.CMPP_WINDOW,
      },
      smpp: smpp && {
        host: smpp.SMPP_HOST,
        port: smpp.SMPP_PORT,
        tls: smpp.SMPP_TLS === 'true',
        systemId: smpp.SMPP_SYSTEM_ID,
        password: smpp.SMPP_PASSWORD,
        systemType: smpp.SMPP_SYSTEM_TYPE,
        source: smpp.SMPP_SOURCE,
        window: smpp.SMPP_WINDOW,
        longMessages: smpp.SMPP_LONG_MESSAGES,
        countryCode: smpp.SMPP_COUNTRY_CODE,
        receiptIds: smpp.SMPP_RECEIPT_IDS,
      },
      aliyun: aliyun && {
        accessKeyId: aliyun.ALIYUN_SMS_ACCESS_KEY_ID,
        accessKeySecret: aliyun.ALIYUN_SMS_ACCESS_KEY_SECRET,
        signName: aliyun.ALIYUN_SMS_SIGN_NAME,
        templates: aliyun.ALIYUN_SMS_TEMPLATES,
        longestVariable: aliyun.ALIYUN_SMS_LONGEST_VARIABLE,
        baseUrl: aliyun.ALIYUN_SMS_BASE_URL,
        push: { token: aliyun.ALIYUN_SMS_PUSH_TOKEN, sources: aliyun.ALIYUN_SMS_PUSH_SOURCES },
      },
      tencent: tencent && {
        secretId: tencent.TENCENT_SMS_SECRET_ID,
        secretKey: tencent.TENCENT_SMS_SECRET_KEY,
        sdkAppId: tencent.TENCENT_SMS_SDK_APP_ID,
        signName: tencent.TENCENT_SMS_SIGN_NAME,
        templates: tencent.TENCENT_SMS_TEMPLATES,
        longestVariable: tencent.TENCENT_SMS_LONGEST_VARIABLE,
        region: tencent.TENCENT_SMS_REGION,
        baseUrl: tencent.TENCENT_SMS_BASE_URL,
        push: { token: tencent.TENCENT_SMS_PUSH_TOKEN, sources: tencent.TENCENT_SMS_PUSH_SOURCES },
      },
      twilio: twilio && {
        accountSid: twilio.TWILIO_ACCOUNT_SID,
        authToken: twilio.TWILIO_AUTH_TOKEN,
        from: twilio.TWILIO_FROM,
        baseUrl: twilio.TWILIO_BASE_URL,
      },
    },
  };
}
