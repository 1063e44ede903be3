import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { smsSettings } from '../../channels/sms/settings.ts';
import { smsFinding } from './sms-doctor.ts';

const listening: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of listening.splice(0)) server.close();
});

async function freePort(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => {}));
  listening.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function finding(environment: Record<string, string>, publicUrl?: string) {
  const parsed = smsSettings(environment);
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  return smsFinding(parsed.sms, publicUrl);
}

const smpp = (port: number) => ({
  SMS_PROVIDER: 'smpp',
  SMPP_HOST: '127.0.0.1',
  SMPP_PORT: String(port),
  SMPP_SYSTEM_ID: 'wenban',
  SMPP_PASSWORD: 's3cret',
  SMPP_SOURCE: '+15550001111',
});
const twilio = { TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 'hidden-token', TWILIO_FROM: '+15550001111' };

describe('wenban doctor on SMS', () => {
  it('is off without a provider', async () => {
    expect(await finding({})).toEqual({ state: 'off', detail: 'no SMS_PROVIDER' });
  });
  it('reaches direct lines, names a dead one, and says where a cloud must push; no secret is shown', async () => {
    const port = await freePort();
    const both = { ...smpp(port), ...twilio, SMS_FALLBACK_PROVIDER: 'twilio' };
    expect(await finding(both, 'https://a.example')).toEqual({
      state: 'ok',
      detail: `smpp 127.0.0.1:${port}; fallback: twilio, webhook https://a.example/channels/sms/twilio`,
    });
    for (const server of listening.splice(0)) server.close();
    expect(await finding(smpp(port))).toEqual({ state: 'problem', detail: `smpp 127.0.0.1:${port} cannot be reached (ECONNREFUSED)` });
  });
  it('warns that nobody but this machine may push without a token', async () => {
    const aliyun = {
      SMS_PROVIDER: 'aliyun',
      ALIYUN_SMS_ACCESS_KEY_ID: 'a',
      ALIYUN_SMS_ACCESS_KEY_SECRET: 'b',
      ALIYUN_SMS_SIGN_NAME: '安澜',
      ALIYUN_SMS_TEMPLATES: 'page:SMS_1',
    };
    expect((await finding(aliyun)).detail).toContain('only from this machine');
    const guarded = await finding({ ...aliyun, ALIYUN_SMS_PUSH_TOKEN: 'a-long-secret-token' });
    expect(guarded).toEqual({ state: 'ok', detail: 'aliyun, push to https://<PUBLIC_URL>/channels/sms/aliyun/<token>' });
  });
});
