/** What an evaluation runs on: the published knowledge, and whole houses on temporary folders that touch nothing of the real one. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { type CacheTotals, openModelCache } from '../bot/llm/cache.ts';
import { OpenAIModel } from '../bot/llm/client.ts';
import { fullCapabilities, plainCapabilities } from '../bot/render.ts';
import { mask } from '../bot/safety/mask.ts';
import { type OpenDatabase, openDatabase } from '../bot/store/database.ts';
import { SqlFlowRepository, SqlKnowledgeRepository } from '../bot/store/knowledge.ts';
import { type Example, trainClassifier } from '../bot/understand/classifier/classifier.ts';
import type { Bench } from '../eval/kinds/kind.ts';
import type { IntentRecogniser } from '../eval/kinds/recogniser.ts';
import { readLabels } from '../eval/label/store.ts';
import { type ManifestInput, sha256 } from '../eval/manifest.ts';
import { talkTo } from '../eval/talk-house.ts';
import { buildThrowAway, type ThrowAway } from '../eval/throw-away.ts';
import { loadStaticEmbedder } from '../knowledge/embeddings/static.ts';
import { type FlowItem, flowPackOf } from '../knowledge/flow-item.ts';
import { readKnowledge } from '../knowledge/import/import.ts';
import type { KnowledgeItem } from '../knowledge/item.ts';
import { servedIn } from '../knowledge/regions.ts';
import type { StoredItem } from '../knowledge/repository.ts';
import { loadLexicon } from '../knowledge/text/lexicon.ts';
import type { Config } from './config.ts';
import { buildHouse } from './house.ts';
import { builtInModel, openEmbedder } from './knowledge-index.ts';
import { loadManifest } from './manifest.ts';
import { projectRoot } from './paths.ts';
import { storeOf } from './security/store.ts';

/** The same house with everything a channel can show, and with text only. */
const channels = { full: 'evaluation', plain: 'evaluation-text' };

/** The knowledge that citizens are answered from now: what the store has published, or the pack's files before anything is stored. */
export async function publishedItems(config: Config): Promise<readonly Pick<StoredItem, 'item' | 'digest'>[]> {
  const manifest = await loadManifest(config.packFolder);
  const all = await fromStore(config, (database) =>
    new SqlKnowledgeRepository(database).list({ pack: manifest.name, status: 'published' }),
  );
  const stored = all.filter(({ item }) => servedIn(manifest, item.region));
  return stored.length > 0 ? stored : (await readKnowledge([config.packFolder])).items;
}

/** The flows citizens are led through now; none when nothing is stored yet: a house then takes those of the pack folder. */
export async function publishedFlows(config: Config): Promise<readonly Pick<StoredItem<FlowItem>, 'item' | 'digest'>[]> {
  const pack = flowPackOf((await loadManifest(config.packFolder)).name);
  return fromStore(config, (database) => new SqlFlowRepository(database).list({ pack, status: 'published' }));
}

/** Nothing when there is no store yet: an evaluation makes none. */
async function fromStore<T>(config: Config, read: (database: OpenDatabase) => Promise<readonly T[]>): Promise<readonly T[]> {
  if (config.databaseUrl !== undefined || existsSync(join(config.dataDir, 'wenban.sqlite'))) {
    const database = await openDatabase(storeOf(config));
    try {
      return await read(database);
    } finally {
      await database.close();
    }
  }
  return [];
}

/** What may be left out, to see what it is worth, and what may be called. */
export interface Parts {
  readonly embeddings: boolean;
  /** Ask the configured endpoints (language model, reranker, embeddings); else everything runs without any. */
  readonly model: boolean;
  /** Answers of the language model are kept here. */
  readonly cache: string;
  /** Labels of people: JSONL. */
  readonly labels: string;
  readonly judge: boolean;
}

/** The configuration of a run: endpoints are called only when that was asked for. */
const runConfig = (config: Config, { model }: Pick<Parts, 'model'>): Config =>
  model ? config : { ...config, languageModel: undefined, rerank: undefined, embedding: undefined };

/** A throw-away recogniser with the parts of the real one. Where examples of `oos` are at hand it may say `oos` itself. */
async function learn(examples: readonly Example[], embeddings: boolean): Promise<IntentRecogniser> {
  const embedder = embeddings ? await loadStaticEmbedder(builtInModel()) : undefined;
  const classifier = trainClassifier(examples, embedder ? { dense: (text) => embedder.vector(text) } : {});
  return {
    classify: (text) => {
      const said = classifier.classify(text);
      return { ...said, outside: said.oosScore > classifier.oosThreshold };
    },
  };
}

export interface EvaluationHouse {
  readonly bench: Bench;
  /** What decides the scores besides the suite: hashed into the manifest. */
  sources(): Promise<Pick<ManifestInput, 'sources' | 'contents' | 'versions' | 'recogniser'>>;
  /** Calls of language models so far; undefined when none may be asked. */
  usage(): CacheTotals | undefined;
  close(): Promise<void>;
}

/** The bench for a configuration. Indexes and houses are built when first asked for, and shared by the suites of a run. */
export async function openEvaluation(configured: Config, parts: Parts): Promise<EvaluationHouse> {
  const chosen = runConfig(configured, parts);
  const cache = await cachesFor(parts.judge ? { ...chosen, languageModel: configured.languageModel } : chosen, parts.cache);
  const config = { ...cache.config, languageModel: parts.model ? cache.config.languageModel : undefined };
  const lexicon = await loadLexicon(join(projectRoot(), 'knowledge', 'lexicon'));
  const embedder = parts.embeddings ? await openEmbedder(config) : undefined;
  const labels = await readLabels(parts.labels);
  const throwAway = (items: readonly KnowledgeItem[]) => buildThrowAway({ items, lexicon, embedder });
  let published: ReturnType<typeof publishedItems> | undefined;
  const items = () => {
    published ??= publishedItems(config);
    return published;
  };
  let pack: Promise<ThrowAway> | undefined;
  const houses = new Map<string, ReturnType<typeof openHouse>>();
  const judge = parts.judge && cache.config.languageModel ? new OpenAIModel({ ...cache.config.languageModel, mask }) : undefined;
  const bench: Bench = {
    throwAway,
    labels,
    judge,
    pack: () => {
      pack ??= items().then((stored) => throwAway(stored.map(({ item }) => item)));
      return pack;
    },
    published: async () => (await items()).map(({ item }) => item),
    recogniser: (examples) => learn(examples, parts.embeddings),
    talk: async (asOf) => {
      const opened = houses.get(asOf) ?? items().then((stored) => openHouse(config, asOf, stored));
      houses.set(asOf, opened);
      return talkTo((await opened).house, channels);
    },
  };
  return {
    bench,
    sources: async () => sourcesOf(configured, parts, await items()),
    usage: cache.totals,
    close: async () => {
      for (const opened of houses.values()) await (await opened).close();
      await cache.close();
    },
  };
}

/** Listeners between a run and its endpoints, which keep and count the answers. */
async function cachesFor(config: Config, folder: string) {
  const { languageModel, rerank } = config;
  const model = languageModel && (await openModelCache({ upstream: languageModel.baseUrl, folder, prices: languageModel.prices }));
  const reranker = rerank && (await openModelCache({ upstream: rerank.baseUrl, folder }));
  return {
    config: {
      ...config,
      languageModel: languageModel && model && { ...languageModel, baseUrl: model.baseUrl },
      rerank: rerank && reranker && { ...rerank, baseUrl: reranker.baseUrl },
    },
    totals: () => model?.totals(),
    close: async () => {
      await model?.close();
      await reranker?.close();
    },
  };
}

/** A whole house on a temporary folder with the published knowledge; its clock stands at ten in the morning of the day. */
async function openHouse(config: Config, asOf: string, published: Awaited<ReturnType<typeof publishedItems>>) {
  const dataDir = await mkdtemp(join(tmpdir(), 'wenban-eval-'));
  const now = Date.parse(`${asOf}T10:00:00+08:00`);
  const house = await buildHouse({
    config: { ...config, dataDir, databaseUrl: undefined, qdrant: undefined },
    logger: pino({ level: 'silent' }),
    channels: [
      { name: channels.full, capabilities: fullCapabilities },
      { name: channels.plain, capabilities: plainCapabilities },
    ],
    now: () => now,
    refreshEveryMs: 0,
  });
  // Nothing of a run has to outlive a power cut: waiting for the disk was a quarter of its time.
  await sql`pragma synchronous = off`.execute(house.database.db);
  await house.repository.replacePack(house.manifest.name, published, { status: 'published', now, removeMissing: true });
  const flows = await publishedFlows(config);
  const ofFlows = { status: 'published', now, removeMissing: flows.length > 0 } as const;
  await house.flowRepository.replacePack(flowPackOf(house.manifest.name), flows, ofFlows);
  await house.refresh();
  const close = async () => {
    // The queue may still be telling citizens their place: a closed database would bring the process down.
    await house.desk.queueMoved();
    await house.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { house, close };
}

async function sourcesOf(config: Config, parts: Parts, items: Awaited<ReturnType<typeof publishedItems>>) {
  const root = projectRoot();
  const digests = items.map(({ item, digest }) => `${item.id} ${digest}`).sort();
  const labels = await readFile(parts.labels).catch(() => undefined);
  return {
    sources: ['knowledge/lexicon', 'knowledge/embeddings/model', 'prompts', 'bot/safety'].map((path) => join(root, path)),
    contents: {
      'published knowledge': sha256(digests.join('\n')),
      ...(labels ? { labels: sha256(labels) } : {}),
    },
    versions: {
      node: process.versions.node,
      icu: process.versions.icu ?? '',
      embeddings: !parts.embeddings ? 'off' : ((parts.model ? config.embedding?.model : undefined) ?? 'built-in'),
      ...(parts.judge ? { judge: config.languageModel?.model ?? 'none' } : {}),
      ...(parts.model && config.rerank ? { reranker: config.rerank.model } : {}),
    },
    recogniser: (parts.model ? config.languageModel?.model : undefined) ?? 'local',
  };
}
