/** The composition root: every part of Wenban wired together, without HTTP. */
import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Answerer } from '../bot/answer/answer.ts';
import { knownNames } from '../bot/answer/grounding/names.ts';
import { lookUp } from '../bot/answer/look-up.ts';
import { LocalRewriter, type MatterOf } from '../bot/answer/rewrite.ts';
import { ModelRewriter } from '../bot/answer/rewrite-model.ts';
import { loadCalendars } from '../bot/calendar/calendars.ts';
import { Core } from '../bot/core.ts';
import { SampleBackends } from '../bot/flows/backends.ts';
import { FlowEngine } from '../bot/flows/engine.ts';
import { loadFlows } from '../bot/flows/load.ts';
import { HandoffDesk, ON_DUTY_MS } from '../bot/handoff/desk.ts';
import { OpenAIModel } from '../bot/llm/client.ts';
import { EndpointReranker } from '../bot/llm/rerank.ts';
import { ModelTotals } from '../bot/llm/totals.ts';
import { ConversationLog } from '../bot/log.ts';
import { type Deliver, OutboxSender } from '../bot/outbox-sender.ts';
import { IdleWatch } from '../bot/patterns/idle.ts';
import { loadPatterns } from '../bot/patterns/load.ts';
import type { ChannelCapabilities } from '../bot/render.ts';
import { mask } from '../bot/safety/mask.ts';
import type { Conversation } from '../bot/store/conversations.ts';
import { type Db, openDatabase } from '../bot/store/database.ts';
import { SqlKnowledgeRepository } from '../bot/store/knowledge.ts';
import { settingOrCreate } from '../bot/store/settings.ts';
import { staffSeenSince } from '../bot/store/staff.ts';
import { textsFor } from '../bot/texts.ts';
import type { TurnTools } from '../bot/turn.ts';
import { loadChat } from '../bot/understand/chat.ts';
import { Departments } from '../bot/understand/demand.ts';
import { DemandTypes, loadDemandExamples } from '../bot/understand/demand-types.ts';
import { LearntKinds, trainingKinds } from '../bot/understand/kinds.ts';
import { LocalRecogniser } from '../bot/understand/local.ts';
import { ModelRecogniser } from '../bot/understand/model.ts';
import { WorkOrderBackend } from '../bot/work-orders/backend.ts';
import { People } from '../bot/work-orders/people.ts';
import { importKnowledge } from '../knowledge/import/import.ts';
import type { HybridIndex } from '../knowledge/index/hybrid.ts';
import { NameMatcher } from '../knowledge/index/names.ts';
import { titleOf } from '../knowledge/item.ts';
import { dayInChina } from '../knowledge/life/rules.ts';
import type { PackManifest } from '../knowledge/pack.ts';
import { loadLexicon } from '../knowledge/text/lexicon.ts';
import type { Config } from './config.ts';
import { openKnowledgeIndex } from './knowledge-index.ts';
import { loadManifest, loadQualityWords } from './manifest.ts';
import { NoticePages } from './notices.ts';
import { projectRoot } from './paths.ts';

/** A channel as the house sees it: what it can show, and how to push to it if it doesn't read the log itself. */
export interface ChannelBinding {
  readonly name: string;
  readonly capabilities: ChannelCapabilities;
  readonly deliver?: Deliver;
  /** Whether the bot may write there of its own accord (a reminder after silence); absent: never. */
  readonly mayRemind?: (db: Db, conversation: Conversation, now: number) => Promise<boolean>;
}

export interface HouseOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly channels: readonly ChannelBinding[];
  readonly now?: () => number;
  /** How often to look for knowledge published by another process, milliseconds; 0 = never. */
  readonly refreshEveryMs?: number;
}

/** 128 random bits in 22 URL-safe characters. */
export const newId = (): string => randomBytes(16).toString('base64url');

export type House = Awaited<ReturnType<typeof buildHouse>>;

const defaultRefreshMs = 2000;
/** How often deadlines, bad ratings, follow-ups and lost agents are looked after. */
const peopleEveryMs = 10_000;
/** How often silent conversations are looked for. */
const idleEveryMs = 15_000;

/**
 * Opens the store, brings in the pack on first start, builds the index and wires core, desk and outbox.
 * Errors: what could not be opened or read, in words.
 */
export async function buildHouse(options: HouseOptions) {
  const { config, logger } = options;
  const now = options.now ?? Date.now;
  const every = options.refreshEveryMs ?? defaultRefreshMs;
  const manifest = await loadManifest(config.packFolder);
  const lexiconFolder = join(projectRoot(), 'knowledge', 'lexicon');
  const lexicon = await loadLexicon(lexiconFolder);
  const chat = await loadChat(join(lexiconFolder, 'chat.yaml'), lexicon);
  const patterns = await loadPatterns(join(config.packFolder, 'patterns.yaml'));
  const demandExamples = await loadDemandExamples(join(lexiconFolder, 'demand.jsonl'));
  const database = await openDatabase({ databaseUrl: config.databaseUrl, dataDir: config.dataDir });
  const repository = new SqlKnowledgeRepository(database);
  const { index, builtIn } = await openKnowledgeIndex(config, lexicon, logger);
  const dense = (text: string) => builtIn.vector(text);
  const closers: (() => unknown)[] = [];
  /** Once a day what ran out is marked as expired. */
  let expiredOn = '';
  let learnt: LearntKinds | undefined;
  try {
    await firstImport();
    await refresh();
    const { flows, problems } = await loadFlows(join(config.packFolder, 'flows'), {
      guides: guidesOf(index),
      items: index.items().map((item) => item.id),
      districts: manifest.districts,
      departments: manifest.departments,
    });
    for (const problem of problems) logger.error({ ...problem }, 'a flow has a problem and was left out');

    const log = new ConversationLog({
      database,
      now,
      pushChannels: new Set(options.channels.filter((channel) => channel.deliver).map((channel) => channel.name)),
    });
    const bot = { id: 'wenban', name: manifest.assistantName, role: 'bot' as const };
    const desk = new HandoffDesk({
      database,
      log,
      now,
      newId,
      assistant: bot,
      onError: (error) => logger.error({ err: error }, 'telling waiting citizens their place failed'),
    });
    const people = new People({
      database,
      log,
      desk,
      calendars: await loadCalendars(config.packFolder),
      now,
      newId,
      newCode: () => String(randomInt(10_000)).padStart(4, '0'),
      assistant: bot,
      departments: new Set(manifest.departments.map((department) => department.name)),
      mayAsk: (tx, conversation) => mayRemind(tx, conversation),
      onError: (error, what) => logger.error({ err: error, what }, 'work for people failed'),
    });
    const behind = await SampleBackends.load(join(config.packFolder, 'backends'), { now });
    const engine = new FlowEngine({ flows, backends: new WorkOrderBackend({ database, orders: people.orders, now, behind }), now });
    const flowFor = (guideId: string) => flows.find((flow) => flow.guide === guideId);
    const capabilities = new Map(options.channels.map((channel) => [channel.name, channel.capabilities]));
    const modelTotals = new ModelTotals();
    const model = config.languageModel
      ? new OpenAIModel({
          ...config.languageModel,
          mask,
          onUsage: (usage) => {
            modelTotals.add(usage);
            logger.info({ ...usage }, 'language model called');
          },
        })
      : undefined;
    learnt = new LearntKinds(() => trainingKinds({ items: index.items(), flows, chat: chat.examples, dense }));
    const kinds = learnt;
    const reranker = config.rerank && new EndpointReranker({ ...config.rerank, mask });
    const answerer = new Answerer({ index, lexicon, flowFor, reranker });
    const noticeKey = await settingOrCreate(database.db, 'notice.signing_key', () => newId() + newId());
    const notices = new NoticePages({ key: noticeKey, publicUrl: config.publicUrl, now, flows, answerer });
    const matterOf: MatterOf = async (text) => {
      const [best] = (await answerer.find(text, { on: dayInChina(now()) })).candidates;
      return best && { itemId: best.item.id, similarity: best.nameSimilarity };
    };
    const localRewriter = new LocalRewriter({ matterOf, lexicon });
    const localRecogniser = new LocalRecogniser({ lexicon, chat, kinds });
    const demandTypes = new DemandTypes();
    let departments: { revision: string; all: Departments } | undefined;
    const departmentsNow = () => {
      if (departments?.revision !== index.revision)
        departments = { revision: index.revision, all: new Departments(manifest.departments, index.items()) };
      return departments.all;
    };
    const reminding = new Map(options.channels.map((channel) => [channel.name, channel.mayRemind]));
    const mayRemind: TurnTools['mayRemind'] = async (db, conversation) =>
      (await reminding.get(conversation.channel)?.(db, conversation, now())) ?? false;
    const tools: TurnTools = {
      patterns,
      mayRemind,
      demandOf: (text, found) =>
        departmentsNow().demand(
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
      recogniser: model ? new ModelRecogniser({ model, local: localRecogniser, flows }) : localRecogniser,
      flowNames: new NameMatcher(
        flows.flatMap((flow) => [flow.name, ...flow.examples].map((text) => ({ id: flow.id, text }))),
        lexicon,
      ),
      assistant: manifest.assistantName,
      city: manifest.city,
      hotline: manifest.hotline,
      noticeLink: notices.link,
      hotlineHours: manifest.hotlineHours,
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
      duty: people,
      people,
    };
    const core = new Core(tools);
    const outbox = new OutboxSender({
      database,
      log,
      now,
      channels: new Map(options.channels.flatMap((channel) => (channel.deliver ? [[channel.name, channel.deliver] as const] : []))),
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
    closers.push(
      () => demandTypes.stop(),
      () => idle.close(),
      () => people.close(),
      () => core.close(),
      // A statement that runs while the database is closed brings the process down: what was begun is waited for.
      () => desk.queueMoved(),
      () => outbox.close(),
    );
    if (every > 0) {
      await learnt.relearn();
      idle.start(idleEveryMs);
      people.start(peopleEveryMs);
      void demandTypes
        .learn(demandExamples, dense)
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
    const close = async () => {
      for (const closer of closers) await closer();
      await database.close();
    };
    const itemOf = (id: string) => {
      const item = index.item(id);
      return item && { title: titleOf(item), department: item.department };
    };
    const qualityWords = await loadQualityWords(config.packFolder);
    /** What an agent finds for a question. */
    const find = (question: string, limit: number) =>
      lookUp(answerer, question, { texts: textsFor('zh-CN'), filter: { on: dayInChina(now()) }, limit });
    /** What is found for a matter's words: its departments are suggested for a work order. */
    const foundFor = async (text: string) =>
      (await answerer.find(text, { on: dayInChina(now()) })).candidates.map(({ item, score }) => ({ department: item.department, score }));
    return {
      config,
      manifest,
      database,
      people,
      foundFor,
      repository,
      index,
      log,
      core,
      desk,
      idle,
      engine,
      outbox,
      lexicon,
      now,
      refresh,
      notices,
      lookUp: find,
      itemOf,
      qualityWords,
      modelTotals,
      close,
    };
  } catch (error) {
    for (const closer of closers) await closer();
    await database.close();
    throw error;
  }

  /** A new installation answers at once: its pack is imported when the store has nothing of it yet. */
  async function firstImport(): Promise<void> {
    const stored = await repository.list({ pack: manifest.name });
    if (stored.length > 0) return;
    const report = await importKnowledge([config.packFolder], { pack: manifest.name, repository, now: now() });
    const errors = report.problems.filter((problem) => problem.severity === 'error');
    if (errors.length > 0)
      throw new Error(
        `the knowledge pack ${manifest.name} has errors:\n${errors.map((one) => `${one.file}:${one.line ?? '?'} ${one.field ?? ''} ${one.message}`).join('\n')}`,
      );
    logger.info({ pack: manifest.name, items: report.items }, 'knowledge imported');
  }

  /** Switches to what is published now, if that is something else than what is in use. */
  async function refresh(): Promise<void> {
    const today = dayInChina(now());
    if (today !== expiredOn) {
      await repository.expire({ now: now() });
      expiredOn = today;
    }
    const revision = await repository.revision();
    if (revision === index.revision) return;
    const stored = await repository.list({ pack: manifest.name, status: 'published' });
    await index.replace({ revision, items: stored.map((one) => one.item) });
    // Where messages may be waiting, what was learnt before answers until the new is ready.
    if (every > 0) await learnt?.relearn();
    else learnt?.forget();
  }
}

function guidesOf(index: HybridIndex) {
  return index.items().flatMap((item) => (item.kind === 'guide' ? [{ id: item.id, scenarios: item.scenarios }] : []));
}

/** Names that an answer may only use where its source does. */
function namesOf({ departments, halls, districts }: PackManifest): string[] {
  return knownNames([...[...departments, ...halls].flatMap(({ name, aliases }) => [name, ...aliases]), ...districts]);
}
