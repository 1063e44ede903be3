/** The composition root: every part of Wenban wired together, without HTTP. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Allowances } from '../bot/allowances.ts';
import { Answerer } from '../bot/answer/answer.ts';
import { knownNames } from '../bot/answer/grounding/names.ts';
import { LocalRewriter, type MatterOf } from '../bot/answer/rewrite.ts';
import { ModelRewriter } from '../bot/answer/rewrite-model.ts';
import { loadCalendars } from '../bot/calendar/calendars.ts';
import { Core } from '../bot/core.ts';
import { FanOut } from '../bot/fan-out.ts';
import { SampleBackends } from '../bot/flows/backends.ts';
import { FlowEngine } from '../bot/flows/engine.ts';
import { HandoffDesk, ON_DUTY_MS } from '../bot/handoff/desk.ts';
import { SummaryWriter } from '../bot/handoff/summary-model.ts';
import { raiseTopics } from '../bot/insights/raise-topics.ts';
import { Jobs } from '../bot/jobs.ts';
import { EndpointReranker } from '../bot/llm/rerank.ts';
import { ConversationLog } from '../bot/log.ts';
import { type Observe, unobserved } from '../bot/observe.ts';
import { type Deliver, OutboxSender } from '../bot/outbox-sender.ts';
import { Pace } from '../bot/pace.ts';
import { IdleWatch } from '../bot/patterns/idle.ts';
import { loadPatterns } from '../bot/patterns/load.ts';
import type { ChannelCapabilities } from '../bot/render.ts';
import { mask } from '../bot/safety/mask.ts';
import { seedCannedReplies } from '../bot/store/canned-replies.ts';
import type { Conversation } from '../bot/store/conversations.ts';
import { type Db, openDatabase } from '../bot/store/database.ts';
import { settingOrCreate } from '../bot/store/settings.ts';
import { staffSeenSince } from '../bot/store/staff.ts';
import { shownNameOf } from '../bot/store/staff-names.ts';
import { channelSwitch, Switches } from '../bot/switches.ts';
import type { TurnTools } from '../bot/turn.ts';
import { loadChat } from '../bot/understand/chat.ts';
import { DemandTypes, loadDemandExamples } from '../bot/understand/demand-types.ts';
import { LocalRecogniser } from '../bot/understand/local.ts';
import { ModelRecogniser } from '../bot/understand/model.ts';
import { WorkOrderBackend } from '../bot/work-orders/backend.ts';
import { People } from '../bot/work-orders/people.ts';
import { dayInChina } from '../knowledge/life/rules.ts';
import type { PackManifest } from '../knowledge/pack.ts';
import { openSounds } from '../knowledge/text/kept-sounds.ts';
import { loadLexicon } from '../knowledge/text/lexicon.ts';
import packageFile from '../package.json' with { type: 'json' };
import { loadCannedReplies } from './canned-replies.ts';
import type { Config } from './config.ts';
import { newId, newWindowCode } from './ids.ts';
import { knowledgeViews } from './knowledge-views.ts';
import { openLanguageModel } from './language-model.ts';
import { helpWaysOf, loadIndicators, loadManifest, loadQualityWords } from './manifest.ts';
import { NoticePages } from './notices.ts';
import { projectRoot } from './paths.ts';
import { PublishedKnowledge } from './published-knowledge.ts';
import { personalData } from './security/personal-data.ts';
import { storeOf } from './security/store.ts';

/** A channel as the house sees it: what it can show, and how to push to it if it doesn't read the log itself. */
export interface ChannelBinding {
  readonly name: string;
  readonly capabilities: ChannelCapabilities;
  readonly deliver?: Deliver;
  /** Resolves when what a conversation is to be sent may be taken from the outbox; absent, or undefined: at once. */
  readonly ready?: (conversationId: string) => Promise<unknown> | undefined;
  /** Whether the bot may write there of its own accord (a reminder after silence); absent: never. */
  readonly mayRemind?: (db: Db, conversation: Conversation, now: number) => Promise<boolean>;
  /** Whether news of the citizen's own matter (progress, follow-up) may go there unasked; absent: progress always, else as `mayRemind`. */
  readonly mayNotify?: (db: Db, conversation: Conversation, now: number) => Promise<boolean>;
}

export interface HouseOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly channels: readonly ChannelBinding[];
  readonly now?: () => number;
  /** Sees turns, their steps, model calls and deliveries; absent: nobody looks. */
  readonly observe?: Observe | undefined;
  /** How often to look for knowledge published by another process, milliseconds; 0 = never. */
  readonly refreshEveryMs?: number;
}

export type House = Awaited<ReturnType<typeof buildHouse>>;

const defaultRefreshMs = 2000;
/** How often deadlines, bad ratings, follow-ups and lost agents are looked after. */
const peopleEveryMs = 10_000;
/** How often messages that nobody works on are looked for, and how many conversations at once. */
const workEveryMs = 2000;
const workAtOnce = 100;
/** How often wishes about personal data are carried out, and what is too old deleted. */
const personalEveryMs = 30_000;
const retentionEveryMs = 600_000;
/** How often topics that rise are looked for. */
const risingEveryMs = 3_600_000;
/** How late a kill switch may be noticed. */
const switchesEveryMs = 1000;
/** How often silent conversations are looked for. */
const idleEveryMs = 15_000;

/**
 * Opens the store, brings in the pack on first start, builds the index and wires core, desk and outbox.
 * Errors: what could not be opened or read, in words.
 */
export async function buildHouse(options: HouseOptions) {
  const { config, logger, observe = unobserved } = options;
  const now = options.now ?? Date.now;
  const every = options.refreshEveryMs ?? defaultRefreshMs;
  const manifest = await loadManifest(config.packFolder);
  const keepSounds = await openSounds(join(config.dataDir, 'sounds.json'), `pinyin-pro ${packageFile.dependencies['pinyin-pro']}`);
  const lexiconFolder = join(projectRoot(), 'knowledge', 'lexicon');
  const lexicon = await loadLexicon(lexiconFolder);
  const chat = await loadChat(join(lexiconFolder, 'chat.yaml'), lexicon);
  const patterns = await loadPatterns(join(config.packFolder, 'patterns.yaml'));
  const demandExamples = await loadDemandExamples(join(lexiconFolder, 'demand.jsonl'));
  const database = await openDatabase(storeOf(config));
  const live = every > 0;
  const closers: (() => unknown)[] = [];
  try {
    const knowledge = await PublishedKnowledge.open({ config, manifest, database, lexicon, chat, logger, now, live });
    const { index, repository, flowRepository, flows: running, kinds, dense, standby, refresh } = knowledge;
    const log = new ConversationLog({
      database,
      now,
      pushChannels: new Set(options.channels.filter((channel) => channel.deliver).map((channel) => channel.name)),
    });
    const bot = { id: 'wenban', name: manifest.assistantName, role: 'bot' as const };
    const calendars = await loadCalendars(config.packFolder);
    const desk = new HandoffDesk({
      database,
      log,
      now,
      newId,
      assistant: bot,
      agentName: async (db, agent) => (await shownNameOf(db, agent)).shown,
      onError: (error) => logger.error({ err: error }, 'telling waiting citizens their place failed'),
    });
    const channelOf = ({ channel }: Conversation) => options.channels.find(({ name }) => name === channel);
    const people = new People({
      database,
      log,
      desk,
      calendars,
      now,
      newId,
      newCode: () => String(randomInt(10_000)).padStart(4, '0'),
      assistant: bot,
      departments: new Set(manifest.departments.map((department) => department.name)),
      mayAsk: async (tx, conversation) => {
        const channel = channelOf(conversation);
        return (await (channel?.mayNotify ?? channel?.mayRemind)?.(tx, conversation, now())) ?? false;
      },
      mayTell: async (tx, conversation) => (await channelOf(conversation)?.mayNotify?.(tx, conversation, now())) ?? true,
      onError: (error, what) => logger.error({ err: error, what }, 'work for people failed'),
    });
    const behind = await SampleBackends.load(join(config.packFolder, 'backends'), { now });
    const engine = new FlowEngine({
      flows: running.flows,
      backends: new WorkOrderBackend({ database, orders: people.orders, now, behind }),
      now,
    });
    running.drive(engine);
    const flowFor = (guideId: string) => running.flows.find((flow) => flow.guide === guideId);
    const capabilities = new Map(options.channels.map((channel) => [channel.name, channel.capabilities]));
    const exportKey = await settingOrCreate(database.db, 'privacy.export_key', () => newId() + newId());
    const personal = personalData({ config, database, hotline: manifest.hotline, key: exportKey, now, newId });
    const switches = new Switches(database, (error) => logger.error({ err: error }, 'switches could not be read'));
    await switches.refresh();
    const { model, totals: modelTotals } = openLanguageModel({ config, database, switches, logger, now, observe });
    const reranker = config.rerank && new EndpointReranker({ ...config.rerank, mask });
    const answerer = new Answerer({ index, lexicon, flowFor, reranker });
    const noticeKey = await settingOrCreate(database.db, 'notice.signing_key', () => newId() + newId());
    const notices = new NoticePages({ key: noticeKey, publicUrl: config.publicUrl, now, flows: () => running.flows, answerer });
    const matterOf: MatterOf = async (text) => {
      const [best] = (await answerer.find(text, { on: dayInChina(now()) })).candidates;
      return best && { itemId: best.item.id, similarity: best.nameSimilarity };
    };
    const localRewriter = new LocalRewriter({ matterOf, lexicon });
    const localRecogniser = new LocalRecogniser({ lexicon, chat, kinds });
    const demandTypes = new DemandTypes();
    const mayRemind: TurnTools['mayRemind'] = async (db, conversation) =>
      (await channelOf(conversation)?.mayRemind?.(db, conversation, now())) ?? false;
    const pace = new Pace({
      database,
      allowances: new Allowances({ db: database.db, now }),
      now,
      perMinute: config.security.chatPerMinute,
    });
    const tools: TurnTools = {
      patterns,
      mayRemind,
      privacy: personal,
      closed: (channel) => switches.isOff(channelSwitch(channel)),
      // A channel that reads the log has limits of its own where messages come in.
      pace: (conversation) => (channelOf(conversation)?.deliver ? pace.of(conversation.id) : undefined),
      observe: options.observe,
      demandOf: (text, found) =>
        knowledge.departments().demand(
          text,
          found.candidates.map(({ item, score }) => ({ department: item.department, score })),
          (words) => demandTypes.of(words),
        ),
      database,
      log,
      now,
      newId,
      bot,
      lexicon,
      engine,
      answerer,
      writer: model && { model, names: namesOf(manifest) },
      rewriter: model ? new ModelRewriter({ model, local: localRewriter }) : localRewriter,
      revision: () => index.revision,
      recogniser: model ? new ModelRecogniser({ model, local: localRecogniser, flows: () => running.flows }) : localRecogniser,
      get flowNames() {
        return running.names;
      },
      assistant: manifest.assistantName,
      city: manifest.city,
      hotline: manifest.hotline,
      noticeLink: notices.link,
      hotlineHours: manifest.hotlineHours,
      helpWays: helpWaysOf(manifest),
      sample: manifest.sample,
      departmentOf: (name) => manifest.departments.find((department) => department.name === name),
      capabilitiesOf: (channel) => {
        const found = capabilities.get(channel);
        if (!found) throw new Error(`channel ${channel} is not wired`);
        return found;
      },
      staffOnline: async (db) =>
        (await staffSeenSince(db, now() - ON_DUTY_MS)).filter(
          (one) => one.role === 'agent' || one.role === 'supervisor' || one.role === 'admin',
        ).length,
      report: (error, row) =>
        logger.error({ err: error, inbox: row.id, conversation: row.conversationId, attempts: row.attempts }, 'a turn failed'),
      reportDrain: (error, conversation) => logger.error({ err: error, conversation }, 'the inbox could not be worked on'),
      queueMoved: () => void desk.queueMoved(),
      staffTold: (names) => desk.staffTold(names),
      newWindowCode,
      duty: people,
      people,
    };
    const summaries =
      model &&
      new SummaryWriter({
        database,
        model,
        now,
        onWritten: () => void desk.queueMoved(),
        onError: (error) => logger.error({ err: error }, 'a summary could not be written'),
      });
    // what another process handed over it summarises itself
    if (summaries) desk.onChange((elsewhere) => void (elsewhere || summaries.look()));
    const core = new Core(tools, (trouble) =>
      trouble === undefined
        ? logger.warn({ alarm: 'store' }, 'messages can be stored again')
        : logger.error({ err: trouble, alarm: 'store' }, 'ALARM: no message can be stored; citizens are told to try again or to call'),
    );
    const outbox = new OutboxSender({
      database,
      log,
      now,
      channels: new Map(
        options.channels.flatMap(({ name, deliver }) => (deliver ? [[name, observedDelivery(name, deliver)] as const] : [])),
      ),
      ready: ({ channel, conversationId }) => options.channels.find(({ name }) => name === channel)?.ready?.(conversationId),
      onError: (error, row) =>
        row
          ? logger.warn({ err: error, outbox: row.id, channel: row.channel, attempts: row.attempts }, 'a delivery failed')
          : logger.error({ err: error }, 'the outbox could not be looked at'),
    });
    const idle = new IdleWatch({
      database,
      log,
      now,
      newId,
      bot,
      patterns,
      mayRemind,
      capabilitiesOf: tools.capabilitiesOf,
      onError: (error) => logger.error({ err: error }, 'a silent conversation could not be spoken to'),
    });
    const jobs = new Jobs({ signals: database.signals, onError: (error, job) => logger.error({ err: error, job }, 'a job failed') });
    const fanOut =
      database.signals &&
      new FanOut({
        signals: database.signals,
        db: database.db,
        log,
        desk,
        id: newId(),
        onWorkLeft: () =>
          void core.recover(workAtOnce).catch((error: unknown) => logger.error({ err: error }, 'left work could not be read')),
        onError: (error) => logger.error({ err: error }, 'what other processes did could not be read'),
      });
    closers.push(
      () => demandTypes.stop(),
      () => switches.close(),
      () => standby?.close(),
      () => jobs.close(),
      () => people.close(),
      () => core.close(),
      () => fanOut?.close(),
      // A statement that runs while the database is closed brings the process down: what was begun is waited for.
      () => summaries?.stop(),
      () => desk.stop(),
      () => outbox.close(),
    );
    if (live) {
      await kinds.relearn();
      switches.start(switchesEveryMs);
      fanOut?.start();
      core.watch(workEveryMs);
      jobs.every('idle', idleEveryMs, () => idle.look());
      jobs.every('personal data', personalEveryMs, () => personal.fulfil());
      jobs.every('retention', retentionEveryMs, () => personal.sweep());
      jobs.every('people', peopleEveryMs, () => people.sweep());
      people.start();
      void demandTypes
        .learn(demandExamples, dense, knowledge.kept('demand'))
        .catch((error: unknown) => logger.error({ err: error }, 'demand types could not be learnt'));
      let refreshing: Promise<void> | undefined;
      const timer = setInterval(() => {
        refreshing ??= refresh()
          .catch((error: unknown) => logger.error({ err: error }, 'published knowledge could not be loaded'))
          .finally(() => {
            refreshing = undefined;
          });
      }, every);
      timer.unref();
      closers.unshift(
        () => clearInterval(timer),
        () => refreshing,
      );
    }
    await keepSounds();
    const close = async () => {
      for (const closer of closers) await closer();
      await database.close();
    };
    const qualityWords = await loadQualityWords(config.packFolder);
    const indicators = await loadIndicators(config.packFolder);
    await seedCannedReplies(database.db, manifest.name, await loadCannedReplies(config.packFolder), now());
    const views = knowledgeViews({ answerer, index, lexicon, bot, now });
    if (live) jobs.every('rising', risingEveryMs, () => raiseTopics({ database, orders: people.orders, now, itemOf: views.itemOf }));
    return {
      config,
      manifest,
      database,
      people,
      repository,
      flowRepository,
      running,
      index,
      log,
      core,
      desk,
      idle,
      personal,
      switches,
      channels: options.channels.map(({ name }) => name),
      jobs,
      fanOut,
      standby,
      engine,
      outbox,
      lexicon,
      now,
      refresh,
      notices,
      ...views,
      meaning: dense,
      qualityWords,
      indicators,
      deskLimits: calendars.desk,
      modelTotals,
      close,
    };
  } catch (error) {
    for (const closer of closers) await closer();
    await database.close();
    throw error;
  }

  function observedDelivery(channel: string, deliver: Deliver): Deliver {
    return (activity, key) => observe('deliver', { channel, conversation: activity.conversation.id }, () => deliver(activity, key));
  }
}

/** Names that an answer may only use where its source does. */
function namesOf({ departments, halls, districts }: PackManifest): string[] {
  return knownNames([...[...departments, ...halls].flatMap(({ name, aliases }) => [name, ...aliases]), ...districts]);
}
