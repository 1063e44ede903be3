/** A direct line, a provider abroad, and the time they need: scenes for tests of delivery. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type CentreOptions, startCentre } from './centre.ts';
import { type FakeClouds, startClouds, twilioKeys } from './fake-clouds.ts';
import { startGateway } from './gateway.ts';
import { type Harness, startHarness } from './harness.ts';

export const port = '1069000012';
export const minute = 60_000;
export const hour = 60 * minute;
/** What to close after a test. */
export const closers: (() => Promise<void>)[] = [];

/** Call it in `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

export async function direct(extra: Record<string, string> = {}, version: '2.0' | '3.0' = '3.0') {
  const gateway = await startGateway({ version, spId: '901234', secret: 's3cret', report: 'DELIVRD' });
  closers.push(() => gateway.close());
  const h = await startHarness(
    {
      SMS_PROVIDER: 'cmpp',
      CMPP_VERSION: version,
      CMPP_HOST: '127.0.0.1',
      CMPP_PORT: String(gateway.port),
      CMPP_SP_ID: '901234',
      CMPP_SECRET: 's3cret',
      CMPP_SRC_ID: port,
      SMS_SIGNATURE: '安澜政务',
      SMS_NUMBER_PER_HOUR: '1000',
      SMS_NUMBER_PER_DAY: '1000',
      ...extra,
    },
    { timers: { cmppTimers: { firstReconnect: 20, longestReconnect: 50, response: 5000 } } },
  );
  closers.push(() => h.close());
  await loggedIn(h, 1);
  return { gateway, h };
}

/** A line to an SMPP centre. */
export async function directAbroad(extra: Record<string, string> = {}, options: Partial<CentreOptions> & { enquire?: number } = {}) {
  const { enquire, ...rest } = options;
  const centre = await startCentre({ systemId: 'wenban', password: 's3cret', report: 'DELIVRD', ...rest });
  closers.push(() => centre.close());
  const smppTimers = { firstReconnect: 20, longestReconnect: 50, response: 5000, ...(enquire === undefined ? {} : { enquire }) };
  const h = await startHarness(
    {
      SMS_PROVIDER: 'smpp',
      SMPP_HOST: '127.0.0.1',
      SMPP_PORT: String(centre.port),
      SMPP_SYSTEM_ID: 'wenban',
      SMPP_PASSWORD: 's3cret',
      SMPP_SOURCE: '+15550001111',
      SMS_NUMBER_PER_HOUR: '1000',
      SMS_NUMBER_PER_DAY: '1000',
      ...extra,
    },
    { timers: { smppTimers } },
  );
  closers.push(() => h.close());
  return { centre, h };
}

export async function abroad(cloud: FakeClouds, extra: Record<string, string> = {}): Promise<Harness> {
  const h = await startHarness({
    SMS_PROVIDER: 'twilio',
    TWILIO_ACCOUNT_SID: twilioKeys.sid,
    TWILIO_AUTH_TOKEN: twilioKeys.token,
    TWILIO_FROM: '+15550001111',
    TWILIO_BASE_URL: `${cloud.origin}/twilio`,
    ...extra,
  });
  closers.push(() => h.close());
  return h;
}

export async function clouds(): Promise<FakeClouds> {
  const cloud = await startClouds();
  closers.push(() => cloud.close());
  return cloud;
}

/** Resolves when the channel has logged in so many times: the gateway knows of it a little earlier. */
export const loggedIn = (h: Harness, times: number): Promise<void> =>
  until(() => h.logged.filter((one) => /^(?:connected to the CMPP gateway|bound to the SMPP centre)$/.test(one.message)).length >= times);

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (await condition()) return;
    await sleep(10);
  }
  throw new Error('it never happened');
}

export const notice = (h: Harness, key: string, phone = '+15550002222') => ({
  key,
  to: { phone },
  kind: 'appointment' as const,
  text: `提醒 ${key}：您预约了明天 9:00 到市政务中心办理。`,
  vars: { matter: '居住证', time: '明天 9:00', place: '市政务中心' },
  expiresAt: h.clock.now + 72 * hour,
});
