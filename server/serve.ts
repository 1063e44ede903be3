/** `wenban serve`: listens until it is told to stop, then finishes what it has begun. */
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import { fullCapabilities } from '../bot/render.ts';
import { findConversation, updateConversation } from '../bot/store/conversations.ts';
import { settingOrCreate } from '../bot/store/settings.ts';
import { listStaff } from '../bot/store/staff.ts';
import { wechatCitizensOf } from '../bot/store/wechat-citizens.ts';
import { type BotFramework, createBotFramework } from '../channels/botframework/botframework.ts';
import { createSms, type Sms } from '../channels/sms/sms.ts';
import type { Limits } from '../channels/web/directline/limits.ts';
import { WEB_CHANNEL } from '../channels/web/directline/options.ts';
import type { WechatOptions } from '../channels/wechat/options.ts';
import { createWechat, type Wechat } from '../channels/wechat/wechat.ts';
import type { Config } from './config.ts';
import { buildHouse, type ChannelBinding, type House } from './house.ts';
import { createWeb } from './http.ts';
import { newId } from './ids.ts';
import { watchIncidents } from './incident-watch.ts';
import type { Metrics } from './metrics.ts';
import { openObservability } from './observability.ts';
import { turnFields } from './observing.ts';
import { projectRoot } from './paths.ts';
import { quarterlyEvaluation, runSuites } from './quarterly.ts';
import { smsMetrics } from './sms-metrics.ts';
import { startWebhooks } from './webhooks/webhooks.ts';
import { smsTeller } from './wechat-web.ts';
import { bindWechaty } from './wechaty.ts';

/** A turn that takes longer to end is left to the next process, milliseconds. */
const stopWithinMs = 20_000;

export interface Running {
  readonly url: string;
  readonly house: House;
  /** Absent: no SMS provider is configured. */
  readonly sms: Sms | undefined;
  /** The port it listens on. */
  readonly port: number;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly now?: () => number;
  readonly limits?: Partial<Limits>;
  readonly refreshEveryMs?: number;
}

/** A reminder on WeChat takes one of the few messages the platform allows: the last one is kept for an answer. */
const wechatAllows: ChannelBinding['mayRemind'] = async (db, conversation, now) =>
  (await wechatCitizensOf(db, conversation.id)).some(({ quotaLeft, quotaUntil }) => quotaLeft > 1 && quotaUntil > now);

/** Starts the whole server. Errors: what is missing or in the way (build, database, port), in words. */
export async function serve(config: Config, logger: Logger, options: ServeOptions = {}): Promise<Running> {
  const webFolder = join(projectRoot(), 'dist', 'web');
  if (!existsSync(join(webFolder, 'widget.js'))) throw new Error('the browser files are not built yet: run `npm run build`');
  let built: House | undefined;
  const botFramework = bindBotFramework(config, logger, () => {
    if (!built) throw new Error('the house is not built yet');
    return built;
  });
  const tellBySms = config.sms && smsTeller(() => sms);
  const wechat = bindWechat(config, logger, options.now ?? Date.now, tellBySms, () => {
    if (!built) throw new Error('the house is not built yet');
    return built;
  });
  const wechaty = bindWechaty(config, logger, () => {
    if (!built) throw new Error('the house is not built yet');
    return built;
  });
  const { metrics, observe, tracing } = await openObservability(config, options.now ?? Date.now, () => built);
  const sms = bindSms(config, logger, options.now ?? Date.now, metrics, () => {
    if (!built) throw new Error('the house is not built yet');
    return built;
  });
  const house = await buildHouse({
    config,
    logger,
    observe,
    channels: [
      { name: WEB_CHANNEL, capabilities: fullCapabilities, mayRemind: async () => true },
      botFramework.binding,
      ...(wechat?.bindings ?? []).map((binding) => ({ ...binding, mayRemind: wechatAllows })),
      ...(wechaty ? [wechaty.binding] : []),
      ...(sms ? [sms.binding] : []),
    ],
    ...(options.now ? { now: options.now } : {}),
    ...(options.refreshEveryMs === undefined ? {} : { refreshEveryMs: options.refreshEveryMs }),
  });
  built = house;
  const web = await createWeb({
    house,
    logger,
    webFolder,
    botFramework: botFramework.router,
    wechat,
    sms,
    metrics,
    tracing,
    ...(options.limits ? { limits: options.limits } : {}),
  });
  await new Promise<void>((resolve, reject) => {
    web.server.once('error', reject);
    web.server.listen(config.port, config.host, resolve);
  });
  sms?.start();
  const waiting = await house.core.recover();
  if (waiting > 0) logger.info({ conversations: waiting }, 'going on with messages that were waiting');
  // The house serves its other channels while a puppet is out of order.
  wechaty?.start().catch((error: unknown) => logger.error({ err: error, alarm: 'wechaty' }, 'wechaty could not be started'));
  if (wechat) house.jobs.every('wechat-prune', 3_600_000, () => wechat.prune());
  startWebhooks(house, logger);
  watchIncidents(house, logger);
  const stopping = new AbortController();
  if (config.quarterlySuites.length > 0) {
    const { database, now } = house;
    const onError = (error: unknown) => logger.error({ err: error }, 'the quarterly evaluation failed');
    const about = {
      database,
      now,
      dataDir: config.dataDir,
      suites: config.quarterlySuites,
      run: runSuites,
      signal: stopping.signal,
      onError,
    };
    house.jobs.every('quarterly-evaluation', 3_600_000, () => quarterlyEvaluation(about));
  }
  const { port } = web.server.address() as AddressInfo;
  const url = config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  return {
    url,
    port,
    house,
    sms,
    close: async () => {
      stopping.abort();
      await web.close();
      await wechat?.close();
      await sms?.close();
      await wechaty?.stop();
      await house.close();
      await tracing?.close();
    },
  };
}

/** The channel exists before the house it talks to: it is a push channel the house must know of. */
function bindBotFramework(config: Config, logger: Logger, house: () => House): BotFramework {
  return createBotFramework({
    ...config.botFramework,
    core: () => house().core,
    findConversation: (id) => findConversation(house().database.db, id),
    saveProfile: (id, profile) => updateConversation(house().database.db, id, { profile }, house().now()),
    conversationKey: () => settingOrCreate(house().database.db, 'botframework.conversation_key', () => newId() + newId()),
    log: logger,
  });
}

/** Off without an account. */
function bindWechat(
  config: Config,
  logger: Logger,
  now: () => number,
  tellBySms: WechatOptions['tellBySms'],
  house: () => House,
): Wechat | undefined {
  if (!config.wechat) return undefined;
  return createWechat({ ...config.wechat, core: () => house().core, database: () => house().database, now, newId, log: logger, tellBySms });
}

/** Off without a provider. */
function bindSms(config: Config, logger: Logger, now: () => number, metrics: Metrics, house: () => House): Sms | undefined {
  if (!config.sms) return undefined;
  return createSms(config.sms, {
    house: () => ({ core: house().core, database: house().database, assistant: { id: 'wenban', name: house().manifest.assistantName } }),
    now,
    newId,
    log: logger,
    conversationKey: () => settingOrCreate(house().database.db, 'sms.conversation_key', () => newId() + newId()),
    publicUrl: config.publicUrl,
    metrics: smsMetrics(metrics.registry, config.sms, () => house().database.db, now),
  });
}

/** The command: serves, prints where, and stops cleanly on SIGINT and SIGTERM. */
export async function serveCommand(config: Config): Promise<void> {
  const logger = pino({ level: config.logLevel, mixin: turnFields }, pino.destination(2));
  const running = await serve(config, logger);
  const staff = await listStaff(running.house.database.db);
  console.log(
    `问办已经启动  Wenban is running\n  门户和对话窗口  portal and widget  ${running.url}/\n  坐席工作台      staff desk         ${running.url}/desk`,
  );
  if (staff.length === 0)
    console.log(
      '  还没有坐席账号。另开一个终端运行  No staff account yet. In another terminal run:\n    npx wenban user add xiaoli --role agent',
    );
  const stop = (signal: string) => {
    logger.info({ signal }, 'stopping');
    const late = sleep(stopWithinMs, 'late' as const, { ref: false });
    Promise.race([running.close(), late]).then(
      (ended) => {
        // Its message is in the inbox still: the next process answers it.
        if (ended === 'late') logger.warn({ seconds: stopWithinMs / 1000 }, 'stopped in the middle of a turn');
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
