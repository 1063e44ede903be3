/** The composition root: every part of Wenban wired together, without HTTP. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Answerer } from '../bot/answer/answer.ts';
import { knownNames } from '../bot/answer/grounding/names.ts';
import { LocalRewriter, type MatterOf } from '../bot/answer/rewrite.ts';
import { ModelRewriter } from '../bot/answer/rewrite-model.ts';
import { Core } from '../bot/core.ts';
import { SampleBackends } from '../bot/flows/backends.ts';
import { FlowEngine } from '../bot/flows/engine.ts';
import { loadFlows } from '../bot/flows/load.ts';
import { HandoffDesk, ON_DUTY_MS } from '../bot/handoff/desk.ts';
import { OpenAIModel } from '../bot/llm/client.ts';
import { EndpointReranker } from '../bot/llm/rerank.ts';
import { ConversationLog } from '../bot/log.ts';
import { type Deliver, OutboxSender } from '../bot/outbox-sender.ts';
import type { ChannelCapabilities } from '../bot/render.ts';
import { mask } from '../bot/safety/mask.ts';
import { openDatabase } from '../bot/store/database.ts';
import { SqlKnowledgeRepository } from '../bot/store/knowledge.ts';
import { staffSeenSince } from '../bot/store/staff.ts';
import type { TurnTools } from '../bot/turn.ts';
import { loadChat } from '../bot/understand/chat.ts';
import { LearntKinds, trainKinds } from '../bot/understand/kinds.ts';
import { LocalRecogniser } from '../bot/understand/local.ts';
import { ModelRecogniser } from '../bot/understand/model.ts';
import { importKnowledge } from '../knowledge/import/import.ts';
import type { HybridIndex } from '../knowledge/index/hybrid.ts';
import { NameMatcher } from '../knowledge/index/names.ts';
import { dayInChina } from '../knowledge/life/rules.ts';
import type { PackManifest } from '../knowledge/pack.ts';
import { loadLexicon } from '../knowledge/text/lexicon.ts';
import type { Config } from './config.ts';
import { openKnowledgeIndex } from './knowledge-index.ts';
import { loadManifest } from './manifest.ts';
import { projectRoot } from './paths.ts';

/** A channel as the house sees it: what it can show, and how to push to it if it doesn't read the log itself. */
export interface ChannelBinding {
  readonly name: string;
  readonly capabilities: ChannelCapabilities;
  readonly deliver?: Deliver;
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
    const { flows, problems } = await loadFlows(join(config.packFolder, 'flows'), { guides: guidesOf(index) });
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
    const engine = new FlowEngine({ flows, backends: await SampleBackends.load(join(config.packFolder, 'backends'), { now }), now });
    const flowFor = (guideId: string) => flows.find((flow) => flow.guide === guideId);
    const capabilities = new Map(options.channels.map((channel) => [channel.name, channel.capabilities]));
    const model = config.languageModel
      ? new OpenAIModel({ ...config.languageModel, mask, onUsage: (usage) => logger.info({ ...usage }, 'language model called') })
      : undefined;
    learnt = new LearntKinds(() => trainKinds({ items: index.items(), flows, chat: chat.examples, dense }));
    const kinds = learnt;
    const reranker = config.rerank && new EndpointReranker({ ...config.rerank, mask });
    const answerer = new Answerer({ index, lexicon, flowFor, reranker });
    const matterOf: MatterOf = async (text) => {
      const [best] = (await answerer.find(text, { on: dayInChina(now()) })).candidates;
      return best && { itemId: best.item.id, similarity: best.nameSimilarity };
    };
    const localRewriter = new LocalRewriter({ matterOf, lexicon });
    const localRecogniser = new LocalRecogniser({ lexicon, chat, kinds });
    const tools: TurnTools = {
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
      hotlineHours: manifest.hotlineHours,
      sample: manifest.sample,
      departmentOf: (name) => manifest.departments.find((department) => department.name === name),
      capabilitiesOf: (channel) => {
        const found = capabilities.get(channel);
        if (!found) throw new Error(`channel ${channel} is not wired`);
        return found;
      },
      staffOnline: async (db) =>
        (await staffSeenSince(db, now() - ON_DUTY_MS)).filter((one) => one.role === 'agent' || one.role === 'admin').length,
      report: (error, row) =>
        logger.error({ err: error, inbox: row.id, conversation: row.conversationId, attempts: row.attempts }, 'a turn failed'),
      reportDrain: (error, conversation) => logger.error({ err: error, conversation }, 'the inbox could not be worked on'),
      queueMoved: () => void desk.queueMoved(),
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
    closers.push(
      () => core.close(),
      // A statement that runs while the database is closed brings the process down: what was begun is waited for.
      () => desk.queueMoved(),
      () => outbox.close(),
    );
    if (every > 0) {
      learnt.learn();
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
    return { config, manifest, database, repository, index, log, core, desk, engine, outbox, lexicon, now, refresh, close };
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
    learnt?.forget();
    if (every > 0) learnt?.learn();
  }
}

function guidesOf(index: HybridIndex) {
  return index.items().flatMap((item) => (item.kind === 'guide' ? [{ id: item.id, scenarios: item.scenarios }] : []));
}

/** Names that an answer may only use where its source does. */
function namesOf({ departments, halls, districts }: PackManifest): string[] {
  return knownNames([...[...departments, ...halls].flatMap(({ name, aliases }) => [name, ...aliases]), ...districts]);
}
