import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { smsSettings } from './settings.ts';

const cmpp = {
  SMS_PROVIDER: 'cmpp',
  CMPP_HOST: 'h',
  CMPP_SP_ID: '901234',
  CMPP_SECRET: 's',
  CMPP_SRC_ID: '1069000012',
  SMS_SIGNATURE: '安澜政务',
};
const problems = (environment: Record<string, string>) => {
  const result = smsSettings(environment);
  return result.ok ? [] : result.problems;
};

describe('SMS settings', () => {
  it('is off without a key, and whole with all of them', () => {
    expect(smsSettings({ SMS_PROVIDER: '' })).toEqual({ ok: true, sms: undefined });
    const result = smsSettings(cmpp);
    expect(result.ok && result.sms).toMatchObject({
      providers: ['cmpp'],
      idleMs: 1_800_000,
      cmpp: { port: 7890, version: '3.0', window: 16 },
      limits: { perSecond: 10, dailyBudget: 0 },
    });
  });
  it('reads a line abroad, and says what is wrong with it', () => {
    const smpp = { SMS_PROVIDER: 'smpp', SMPP_HOST: 'h', SMPP_SYSTEM_ID: 'wenban', SMPP_PASSWORD: 'secret', SMPP_SOURCE: '+15550001111' };
    const result = smsSettings({ ...smpp, SMPP_TLS: 'true', SMS_PRICE: '0.05' });
    expect(result.ok && result.sms).toMatchObject({
      price: 0.05,
      smpp: { port: 2775, tls: true, window: 10, longMessages: 'udh', countryCode: '', receiptIds: 'same' },
    });
    const wrong = { SMPP_SOURCE: '+1', SMPP_LONG_MESSAGES: 'fax', SMPP_RECEIPT_IDS: 'octal', SMPP_COUNTRY_CODE: '+44', SMPP_TLS: 'yes' };
    expect(new Set(problems({ ...smpp, ...wrong }).map((one) => one.split(':')[0]))).toEqual(new Set(Object.keys(wrong)));
    expect(problems({ SMPP_HOST: 'h' })).toEqual(['SMS_PROVIDER: is missing, but SMPP_HOST is set']);
  });
  it('the example file turns nothing on and has every key', () => {
    const file = readFileSync(join(import.meta.dirname, '..', '..', '.env.example'), 'utf8');
    const example = parseEnv(file) as Record<string, string>;
    expect(smsSettings(example)).toEqual({ ok: true, sms: undefined });
    const keys = readFileSync(join(import.meta.dirname, 'settings.ts'), 'utf8').match(
      /\b(?:SMS|CMPP|SMPP|ALIYUN_SMS|TENCENT_SMS|TWILIO)_[A-Z_]*[A-Z]\b(?=:)/g,
    );
    expect(new Set(keys).size).toBeGreaterThan(30);
    for (const key of new Set(keys)) expect(example, key).toHaveProperty(key);
  });
  it('names what is missing or wrong: half of a configuration is a problem, never a guess', () => {
    expect(problems({ CMPP_HOST: 'h' })).toEqual(['SMS_PROVIDER: is missing, but CMPP_HOST is set']);
    expect(problems({ SMS_PROVIDER: 'smpp', SMPP_PASSWORD: 'far too long' }).map((one) => one.split(':')[0])).toEqual([
      'SMPP_HOST',
      'SMPP_SYSTEM_ID',
      'SMPP_PASSWORD',
      'SMPP_SOURCE',
    ]);
    expect(problems({ SMS_PROVIDER: 'pigeon' })[0]).toContain('use one of cmpp, smpp, aliyun, tencent, twilio');
    expect(problems({ SMS_PROVIDER: 'cmpp' }).map((one) => one.split(':')[0])).toEqual([
      'CMPP_HOST',
      'CMPP_SP_ID',
      'CMPP_SECRET',
      'CMPP_SRC_ID',
      'SMS_SIGNATURE',
    ]);
    expect(problems({ ...cmpp, SMS_FALLBACK_PROVIDER: 'twilio' }).map((one) => one.split(':')[0])).toEqual([
      'TWILIO_ACCOUNT_SID',
      'TWILIO_AUTH_TOKEN',
      'TWILIO_FROM',
    ]);
    expect(
      problems({ ...cmpp, SMS_SIGNATURE: '【安澜】', SMS_RATE_PER_SECOND: '0', CMPP_VERSION: '4' }).map((one) => one.split(':')[0]),
    ).toEqual(['SMS_SIGNATURE', 'SMS_RATE_PER_SECOND', 'CMPP_VERSION']);
  });
  it('reads templates and sources, and refuses wrong ones', () => {
    const aliyun = {
      SMS_PROVIDER: 'aliyun',
      ALIYUN_SMS_ACCESS_KEY_ID: 'a',
      ALIYUN_SMS_ACCESS_KEY_SECRET: 'b',
      ALIYUN_SMS_SIGN_NAME: '安澜',
    };
    const good = smsSettings({
      ...aliyun,
      ALIYUN_SMS_TEMPLATES: 'page:SMS_1, rating:SMS_2',
      ALIYUN_SMS_PUSH_SOURCES: '10.0.0.0/8, 2001:db8::1',
    });
    expect(good.ok && good.sms?.aliyun).toMatchObject({
      templates: { page: 'SMS_1', rating: 'SMS_2' },
      push: { token: undefined, sources: ['10.0.0.0/8', '2001:db8::1'] },
    });
    expect(problems({ ...aliyun, ALIYUN_SMS_TEMPLATES: 'rating:SMS_2' })[0]).toContain('page is missing');
    expect(problems({ ...aliyun, ALIYUN_SMS_TEMPLATES: 'page:1,nothing:2' })[0]).toContain('KIND is one of');
    expect(
      problems({ ...aliyun, ALIYUN_SMS_TEMPLATES: 'page:1', ALIYUN_SMS_PUSH_TOKEN: 'short', ALIYUN_SMS_PUSH_SOURCES: '10.0.0.0/99' }),
    ).toEqual([
      expect.stringContaining('ALIYUN_SMS_PUSH_TOKEN: needs at least 16'),
      expect.stringContaining('10.0.0.0/99 is no IP address'),
    ]);
  });
});
