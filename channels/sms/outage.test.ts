import { afterEach, describe, expect, it } from 'vitest';
import { aliyunKeys, tencentKeys } from './testing/fake-clouds.ts';
import { type Harness, startHarness } from './testing/harness.ts';
import { abroad, closeAll, closers, clouds, direct, directAbroad, hour, loggedIn, minute, until } from './testing/scenes.ts';

afterEach(closeAll);

const perSecond = 5;
const people = ['13800000001', '13800000002', '13800000003'];
const questions = Array.from({ length: 8 }, (_, index) => `问题${index}`);

/** A provider that can go away and come back. */
interface Scene {
  readonly h: Harness;
  readonly down: () => Promise<unknown>;
  readonly up: () => Promise<unknown>;
  /** Texts that reached a phone, in order. */
  readonly got: (phone: string) => readonly string[];
  /** SMS that left, of all. */
  readonly left: () => number;
}

const limits = { SMS_RATE_PER_SECOND: String(perSecond), SMS_NUMBER_PER_HOUR: '1000', SMS_NUMBER_PER_DAY: '1000' };

async function cloud(environment: (origin: string) => Record<string, string>): Promise<Scene> {
  const fake = await clouds();
  const h = await startHarness({ ...limits, ...environment(fake.origin) });
  closers.push(() => h.close());
  return {
    h,
    down: async () => fake.setDown(true),
    up: async () => fake.setDown(false),
    got: (phone) => fake.sent.filter((sms) => sms.to.endsWith(phone)).map((sms) => sms.text),
    left: () => fake.sent.length,
  };
}

const scenes: Record<string, () => Promise<Scene>> = {
  cmpp: async () => {
    const { gateway, h } = await direct(limits);
    return {
      h,
      down: () => gateway.down().then(() => until(() => !gateway.connected())),
      up: () => gateway.up().then(() => loggedIn(h, 2)),
      got: (phone) => gateway.sent.filter((sms) => sms.to === phone).map((sms) => sms.text),
      left: () => gateway.submits.length,
    };
  },
  smpp: async () => {
    const { centre, h } = await directAbroad({ ...limits, SMPP_COUNTRY_CODE: '86' });
    await loggedIn(h, 1);
    return {
      h,
      down: () => centre.down().then(() => until(() => !centre.bound())),
      up: () => centre.up().then(() => loggedIn(h, 2)),
      got: (phone) => centre.sent.filter((sms) => sms.to === `86${phone}`).map((sms) => sms.text),
      left: () => centre.submits.length,
    };
  },
  twilio: async () => {
    const fake = await clouds();
    const h = await abroad(fake, limits);
    return {
      h,
      down: async () => fake.setDown(true),
      up: async () => fake.setDown(false),
      got: (phone) => fake.sent.filter((sms) => sms.to.endsWith(phone)).map((sms) => sms.text),
      left: () => fake.sent.length,
    };
  },
  aliyun: () =>
    cloud((origin) => ({
      SMS_PROVIDER: 'aliyun',
      ALIYUN_SMS_ACCESS_KEY_ID: aliyunKeys.id,
      ALIYUN_SMS_ACCESS_KEY_SECRET: aliyunKeys.secret,
      ALIYUN_SMS_SIGN_NAME: '安澜政务',
      ALIYUN_SMS_TEMPLATES: 'page:SMS_PAGE,short:SMS_SHORT',
      ALIYUN_SMS_BASE_URL: `${origin}/aliyun`,
    })),
  tencent: () =>
    cloud((origin) => ({
      SMS_PROVIDER: 'tencent',
      TENCENT_SMS_SECRET_ID: tencentKeys.id,
      TENCENT_SMS_SECRET_KEY: tencentKeys.secret,
      TENCENT_SMS_SDK_APP_ID: '1400000001',
      TENCENT_SMS_SIGN_NAME: '安澜政务',
      TENCENT_SMS_TEMPLATES: 'page:1001,short:1002',
      TENCENT_SMS_LONGEST_VARIABLE: '20',
      TENCENT_SMS_BASE_URL: `${origin}/tencent`,
    })),
};

describe('the provider is down for an hour: nothing is lost, order is kept per number, all is delivered after, no burst above the limit', () => {
  it.each(Object.entries(scenes))('%s', async (_name, start) => {
    const { h, down, up, got, left } = await start();
    await down();
    const numbers = people.map((phone) => `+86${phone}`);
    for (const question of questions) {
      for (const phone of numbers) await h.inbound(phone, question);
      await h.settled();
      h.clock.now += minute;
    }
    await h.passes(hour - 8 * minute, minute);
    expect(left()).toBe(0);
    const { pending = 0, uncertain = 0 } = await h.states();
    expect(pending + uncertain).toBe(people.length * questions.length);
    await up();
    /** How many had left at each moment. */
    const moments: { at: number; left: number }[] = [{ at: h.clock.now, left: left() }];
    while (left() < people.length * questions.length && moments.length < 2400) {
      await h.passes(250, 250);
      moments.push({ at: h.clock.now, left: left() });
    }
    for (const phone of people) {
      const texts = got(phone).map((text) => /答：(\S+?)(?:，|\n|$)/.exec(text)?.[1]);
      expect(texts).toEqual(questions);
    }
    for (const { at, left: before } of moments) {
      const within = moments.filter((one) => one.at > at && one.at <= at + 750).at(-1);
      expect((within?.left ?? before) - before).toBeLessThanOrEqual(perSecond);
    }
    const states = await h.states();
    expect((states.failed ?? 0) + (states.pending ?? 0)).toBe(0);
  });
});
