/** The SMS channel: providers, queue, sessions and pages put together. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Router } from 'express';
import type { Deliver } from '../../bot/outbox-sender.ts';
import type { ChannelCapabilities } from '../../bot/render.ts';
import { queueSms } from '../../bot/store/sms-messages.ts';
import { forgetPages } from '../../bot/store/sms-pages.ts';
import { type Manner, sentence } from './compose.ts';
import { createDeliver } from './deliver.ts';
import { followUp, type Notice, type NoticeOutcome, queueNotice } from './follow-up.ts';
import { sweepParts, takePart } from './inbound/parts.ts';
import { createPushRouter } from './inbound/router.ts';
import { message, takeSms } from './inbound/take.ts';
import { SMS_CHANNEL, SMS_PATH, type SmsOptions, smsCapabilities } from './options.ts';
import { createPages } from './page.ts';
import { createAliyun } from './providers/aliyun.ts';
import type { CmppTimers } from './providers/cmpp/client.ts';
import { createCmpp } from './providers/cmpp/cmpp.ts';
import type { Arrivals, SmsProvider } from './providers/provider.ts';
import { createTencent } from './providers/tencent.ts';
import { createTwilio } from './providers/twilio.ts';
import { SmsQueue } from './queue/queue.ts';
import { takeReceipt } from './receipts.ts';
import { endSilentSessions } from './session/idle.ts';
import type { ProviderName, SmsSettings } from './settings.ts';
import { toE164 } from './text/phone.ts';
import { stringsFor } from './text/strings.ts';

export interface Sms {
  /** Mount it: `app.use(SMS_PATH, router)`. */
  readonly router: Router;
  /** Mount it: `app.use(PAGE_PATH, pages)`. */
  readonly pages: Router;
  /** For the house's `channels`: a push channel. */
  readonly binding: { readonly name: string; readonly capabilities: ChannelCapabilities; readonly deliver: Deliver };
  readonly queue: SmsQueue;
  /** Where providers hand over what comes in. */
  readonly arrivals: Arrivals;
  /** Connects and begins to send; call it when the house is built. */
  start(): void;
  close(): Promise<void>;
  /** A message of our own idea, if the number has consented. */
  notify(notice: Notice): Promise<NoticeOutcome>;
  /** What time brings: sessions end, parts are given up, cases are followed up. Runs by itself when `everyMs` > 0. */
  sweep(): Promise<void>;
}

/** How often time is looked at, in looks of the queue. */
const sweepEvery = 40;
const mostSegments = 3;
const patienceMs = 3000;

export function createSms(settings: SmsSettings, options: SmsOptions & { readonly cmppTimers?: Partial<CmppTimers> }): Sms {
  const { now, log, newId, publicUrl } = options;
  const everyMs = options.everyMs ?? 250;
  const providers = settings.providers.map((name) => providerOf(name));
  const [primary] = providers;
  if (!primary) throw new Error('SMS needs a provider');
  const manner = mannerOf(settings);
  let queue: SmsQueue | undefined;
  // The queue needs the database, which the house opens.
  const lazyQueue = (): SmsQueue => {
    queue ??= new SmsQueue({ database: options.house().database, now, providers, limits: settings.limits, log, everyMs });
    return queue;
  };
  const takeTools = () => ({ options, rules: settings, manner, queue: lazyQueue() });
  const known = (name: string) => providers.find((provider) => provider.name === name) ?? primary;
  const arrivals: Arrivals = {
    inbound: (provider, sms) => takeSms(takeTools(), known(provider), sms),
    part: (provider, part) =>
      takePart(options.house().database, now(), provider, part, (sms) => takeSms(takeTools(), known(provider), sms)),
    receipt: (receipt) => takeReceipt(options, receipt),
    ready: (provider) => lazyQueue().ready(provider),
  };
  let timer: NodeJS.Timeout | undefined;

  const sweep = async (): Promise<void> => {
    const { database } = options.house();
    await endSilentSessions(options, settings);
    await sweepParts(database, now(), async ({ provider, from, port, group }) => {
      const phone = toE164(from, known(provider).countryCode);
      if (phone === undefined) return;
      const composed = sentence('short', stringsFor('zh-CN').incomplete, manner);
      await queueSms(
        database.db,
        message(composed, { key: `incomplete:${now()}:${group}`, phone, port, conversationId: null }, now()),
        now(),
      );
    });
    await followUp(options, manner, { rate: settings.followUpRate, seed: await options.conversationKey() });
    await forgetPages(database.db, now());
    lazyQueue().kick();
  };

  return {
    router: pushRouter(),
    pages: createPages(options),
    binding: {
      name: SMS_CHANNEL,
      capabilities: smsCapabilities,
      deliver: (activity, key) =>
        createDeliver({
          options,
          manner,
          queue: lazyQueue(),
          pages: {
            landingUrl: settings.landingUrl,
            lifetimeMs: settings.pageMs,
            always: !primary.freeText,
            newCode: primary.mainland ? typedCode : () => newId().replace(/[-_]/g, '').slice(0, 14),
          },
        })(activity, key),
    },
    arrivals,
    get queue() {
      return lazyQueue();
    },
    start() {
      lazyQueue().kick();
      for (const provider of providers) provider.start?.(arrivals);
      if (everyMs <= 0) return;
      timer = setInterval(
        () => void sweep().catch((error: unknown) => log.error({ err: error }, 'the SMS sweep failed')),
        everyMs * sweepEvery,
      );
      timer.unref();
    },
    async close() {
      clearInterval(timer);
      // What is on its way may end; a gateway that hangs must not hold up the stop: its messages are uncertain then.
      const sent = queue?.close();
      await Promise.race([sent, sleep(patienceMs, undefined, { ref: false })]);
      for (const provider of providers) await provider.close?.();
      await sent;
    },
    notify: async (notice) => {
      const outcome = await queueNotice(options.house().database.db, now(), manner, notice);
      lazyQueue().kick();
      return outcome;
    },
    sweep,
  };

  function providerOf(name: ProviderName): SmsProvider {
    const fetch = options.fetch ?? globalThis.fetch;
    const { cmpp, aliyun, tencent, twilio } = settings;
    if (name === 'cmpp' && cmpp) return createCmpp(cmpp, { now, log, ...(options.cmppTimers ? { timers: options.cmppTimers } : {}) });
    if (name === 'aliyun' && aliyun) return createAliyun(aliyun, { fetch, now, newId });
    if (name === 'tencent' && tencent) return createTencent(tencent, { fetch, now });
    if (name === 'twilio' && twilio)
      return createTwilio({ ...twilio, statusCallback: publicUrl && `${publicUrl}${SMS_PATH}/twilio` }, { fetch });
    throw new Error(`SMS provider ${name} has no settings`);
  }

  function pushRouter(): Router {
    const { aliyun, tencent, twilio } = settings;
    return Router().use(
      createPushRouter({
        aliyun: aliyun?.push,
        tencent: tencent?.push,
        twilio,
        publicUrl,
        log,
        inbound: arrivals.inbound,
        receipt: arrivals.receipt,
      }),
    );
  }
}

/** How messages are written under these settings. */
export const mannerOf = (settings: SmsSettings): Manner => ({
  signature: settings.signature,
  mostSegments,
  mainland: settings.providers[0] !== 'twilio',
});

/** Eight digits: what nine keys type easily. */
const typedCode = (): string => String(randomInt(10_000_000, 100_000_000));
