/** The SMS channel: providers, queue, sessions and pages put together. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Router } from 'express';
import type { Deliver } from '../../bot/outbox-sender.ts';
import type { ChannelCapabilities } from '../../bot/render.ts';
import type { Db } from '../../bot/store/database.ts';
import { queueSms } from '../../bot/store/sms-messages.ts';
import { smsNumber } from '../../bot/store/sms-numbers.ts';
import { forgetPages } from '../../bot/store/sms-pages.ts';
import { purgeSms } from '../../bot/store/sms-purge.ts';
import { smsSessionOf } from '../../bot/store/sms-sessions.ts';
import { type Manner, sentence } from './compose.ts';
import { createDeliver } from './deliver.ts';
import { followUp } from './follow-up.ts';
import { Intake } from './inbound/intake.ts';
import { sweepParts, takePart } from './inbound/parts.ts';
import { createPushRouter } from './inbound/router.ts';
import { message, takeSms } from './inbound/take.ts';
import { noMetrics } from './metrics.ts';
import { type Notice, type NoticeOutcome, type NoticeRules, queueNotice } from './notify.ts';
import { SMS_CHANNEL, SMS_PATH, type SmsOptions, smsCapabilities } from './options.ts';
import { createPages } from './page.ts';
import { createAliyun } from './providers/aliyun.ts';
import type { CmppTimers } from './providers/cmpp/client.ts';
import { createCmpp } from './providers/cmpp/cmpp.ts';
import type { Arrivals, SmsProvider } from './providers/provider.ts';
import type { SmppTimers } from './providers/smpp/client.ts';
import { createSmpp } from './providers/smpp/smpp.ts';
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
  readonly binding: {
    readonly name: string;
    readonly capabilities: ChannelCapabilities;
    readonly deliver: Deliver;
    /** Progress and follow-up go to numbers that consented; the hour is the queue's affair. */
    readonly mayNotify: (db: Db, conversation: { readonly id: string }) => Promise<boolean>;
  };
  readonly queue: SmsQueue;
  /** Where providers hand over what comes in. */
  readonly arrivals: Arrivals;
  /** Resolves when nothing that was pushed or may be sent now is left. */
  settled(): Promise<void>;
  /** Connects and begins to send; call it when the house is built. */
  start(): void;
  close(): Promise<void>;
  /** A message of our own idea, if the number has consented. */
  notify(notice: Notice): Promise<NoticeOutcome>;
  /** What time brings: sessions end, parts are given up, cases are followed up. Runs by itself when `everyMs` > 0. */
  sweep(): Promise<void>;
}

/** Patience of direct lines, for tests. */
export interface LineTimers {
  readonly cmppTimers?: Partial<CmppTimers>;
  readonly smppTimers?: Partial<SmppTimers>;
}

/** How often time is looked at, in looks of the queue. */
const sweepEvery = 40;
/** How often to look for pushed messages, in looks of the queue. */
const intakeEvery = 4;
const mostSegments = 3;
/** Old messages removed at one look. */
const purgeBatch = 500;
const patienceMs = 3000;

export function createSms(settings: SmsSettings, options: SmsOptions & LineTimers): Sms {
  const { now, log, newId, publicUrl } = options;
  const everyMs = options.everyMs ?? 250;
  const metrics = options.metrics ?? noMetrics;
  const providers = settings.providers.map((name) => providerOf(name));
  const [primary] = providers;
  if (!primary) throw new Error('SMS needs a provider');
  const manner = mannerOf(settings);
  const notices = noticeRulesOf(settings);
  let queue: SmsQueue | undefined;
  // The queue needs the database, which the house opens.
  const lazyQueue = (): SmsQueue => {
    queue ??= new SmsQueue({ database: options.house().database, now, providers, limits: settings.limits, log, metrics, everyMs });
    return queue;
  };
  const takeTools = () => ({ options, rules: settings, manner, queue: lazyQueue() });
  const known = (name: string) => providers.find((provider) => provider.name === name) ?? primary;
  const arrivals: Arrivals = {
    inbound: (provider, sms) => takeSms(takeTools(), known(provider), sms),
    part: (provider, part) =>
      takePart(options.house().database, now(), provider, part, (sms) => takeSms(takeTools(), known(provider), sms)),
    receipt: (receipt) => takeReceipt(options, metrics, receipt),
    ready: (provider) => lazyQueue().ready(provider),
  };
  let intake: Intake | undefined;
  const lazyIntake = (): Intake => {
    const { inbound, receipt } = arrivals;
    intake ??= new Intake({ database: () => options.house().database, now, log, inbound, receipt });
    return intake;
  };
  let timer: NodeJS.Timeout | undefined;
  let intakeTimer: NodeJS.Timeout | undefined;

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
    await followUp(options, notices, { rate: settings.followUpRate, seed: await options.conversationKey() });
    await forgetPages(database.db, now());
    const { messages, consents } = await purgeSms(database.db, now() - settings.recycleMs, purgeBatch, now());
    if (messages + consents > 0) log.info({ messages, consents }, 'old SMS were removed');
    lazyIntake().kick();
    lazyQueue().kick();
  };

  return {
    router: pushRouter(),
    pages: createPages(options),
    binding: {
      name: SMS_CHANNEL,
      capabilities: smsCapabilities,
      mayNotify: async (db, { id }) => {
        const session = await smsSessionOf(db, id);
        const number = session && (await smsNumber(db, session.phone));
        return number !== undefined && number.consentAt !== null && number.optedOutAt === null;
      },
      deliver: (activity, key) =>
        createDeliver({
          options,
          manner,
          queue: lazyQueue(),
          pages: {
            landingUrl: settings.landingUrl,
            lifetimeMs: settings.pageMs,
            // Also where only the second provider sends templates: it could not carry the reply without.
            always: providers.some((provider) => !provider.freeText),
            newCode: primary.mainland ? typedCode : () => newId().replace(/[-_]/g, '').slice(0, 14),
          },
        })(activity, key),
    },
    arrivals,
    get queue() {
      return lazyQueue();
    },
    settled: async () => {
      await intake?.settled();
      await queue?.settled();
    },
    start() {
      lazyIntake().kick();
      lazyQueue().kick();
      for (const provider of providers) provider.start?.(arrivals);
      if (everyMs <= 0) return;
      // What another process left, or held until now, is nobody's news here.
      intakeTimer = setInterval(() => lazyIntake().kick(), everyMs * intakeEvery);
      intakeTimer.unref();
      timer = setInterval(
        () => void sweep().catch((error: unknown) => log.error({ err: error }, 'the SMS sweep failed')),
        everyMs * sweepEvery,
      );
      timer.unref();
    },
    async close() {
      clearInterval(timer);
      clearInterval(intakeTimer);
      await intake?.close();
      // What is on its way may end; a gateway that hangs must not hold up the stop: its messages are uncertain then.
      const sent = queue?.close();
      await Promise.race([sent, sleep(patienceMs, undefined, { ref: false })]);
      for (const provider of providers) await provider.close?.();
      await sent;
    },
    notify: async (notice) => {
      const outcome = await queueNotice(options.house().database.db, now(), notices, notice);
      lazyQueue().kick();
      return outcome;
    },
    sweep,
  };

  function providerOf(name: ProviderName): SmsProvider {
    const fetch = options.fetch ?? globalThis.fetch;
    const { cmpp, smpp, aliyun, tencent, twilio } = settings;
    const { cmppTimers, smppTimers } = options;
    if (name === 'cmpp' && cmpp) return createCmpp(cmpp, { now, log, ...(cmppTimers ? { timers: cmppTimers } : {}) });
    if (name === 'smpp' && smpp) return createSmpp(smpp, { now, log, ...(smppTimers ? { timers: smppTimers } : {}) });
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
        keep: async (provider, pushed) => lazyIntake().keep(provider, pushed),
      }),
    );
  }
}

/** How messages are written under these settings. */
export const mannerOf = (settings: SmsSettings): Manner => ({
  signature: settings.signature,
  mostSegments,
  mainland: !abroad.has(settings.providers[0] ?? ''),
});

const abroad: ReadonlySet<string> = new Set(['smpp', 'twilio']);

/** How notices are queued under these settings, also by a process that sends nothing itself. */
export const noticeRulesOf = (settings: SmsSettings): NoticeRules => ({
  manner: mannerOf(settings),
  pages: settings.providers.some((name) => templatesOnly.has(name)) ? { lifetimeMs: settings.pageMs, newCode: typedCode } : undefined,
});

const templatesOnly: ReadonlySet<string> = new Set(['aliyun', 'tencent']);

/** Eight digits: what nine keys type easily. */
const typedCode = (): string => String(randomInt(10_000_000, 100_000_000));
