/** What an evaluation runs on: the published knowledge, and whole houses on temporary folders that touch nothing of the real one. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { fullCapabilities } from '../bot/render.ts';
import { openDatabase } from '../bot/store/database.ts';
import { SqlKnowledgeRepository } from '../bot/store/knowledge.ts';
import { type Example, trainClassifier } from '../bot/understand/classifier/classifier.ts';
import type { Bench } from '../eval/kinds/kind.ts';
import type { IntentRecogniser } from '../eval/kinds/recogniser.ts';
import { sha256 } from '../eval/manifest.ts';
import { talkTo } from '../eval/talk-house.ts';
import { buildThrowAway, type ThrowAway } from '../eval/throw-away.ts';
import { loadStaticEmbedder } from '../knowledge/embeddings/static.ts';
import { readKnowledge } from '../knowledge/import/import.ts';
import type { KnowledgeItem } from '../knowledge/item.ts';
import type { StoredItem } from '../knowledge/repository.ts';
import { loadLexicon } from '../knowledge/text/lexicon.ts';
import type { Config } from './config.ts';
import { buildHouse } from './house.ts';
import { builtInModel, openEmbedder } from './knowledge-index.ts';
import { loadManifest } from './manifest.ts';
import { projectRoot } from './paths.ts';

const channel = 'evaluation';

/** The knowledge that citizens are answered from now: what the store has published, or the pack's files before anything is stored. */
export async function publishedItems(config: Config): Promise<readonly Pick<StoredItem, 'item' | 'digest'>[]> {
  const pack = (await loadManifest(config.packFolder)).name;
  if (config.databaseUrl !== undefined || existsSync(join(config.dataDir, 'wenban.sqlite'))) {
    const database = await openDatabase({ databaseUrl: config.databaseUrl, dataDir: config.dataDir });
    try {
      const stored = await new SqlKnowledgeRepository(database).list({ pack, status: 'published' });
      if (stored.length > 0) return stored;
    } finally {
      await database.close();
    }
  }
  return (await readKnowledge([config.packFolder])).items;
}

/** What may be left out, to see what it is worth. */
export interface Parts {
  readonly embeddings: boolean;
}

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

/** The bench for a configuration. Indexes and houses are built when first asked for, and shared by the suites of a run. */
export async function evaluationBench(config: Config, parts: Parts): Promise<{ bench: Bench; close: () => Promise<void> }> {
  const lexicon = await loadLexicon(join(projectRoot(), 'knowledge', 'lexicon'));
  const embedder = parts.embeddings ? await openEmbedder(config) : undefined;
  const throwAway = (items: readonly KnowledgeItem[]) => buildThrowAway({ items, lexicon, embedder });
  let pack: Promise<ThrowAway> | undefined;
  const houses = new Map<string, ReturnType<typeof openHouse>>();
  const bench: Bench = {
    throwAway,
    pack: () => {
      pack ??= publishedItems(config).then((items) => throwAway(items.map(({ item }) => item)));
      return pack;
    },
    recogniser: (examples) => learn(examples, parts.embeddings),
    talk: async (asOf) => {
      const opened = houses.get(asOf) ?? openHouse(config, asOf);
      houses.set(asOf, opened);
      return talkTo((await opened).house, channel);
    },
  };
  const close = async () => {
    for (const opened of houses.values()) await (await opened).close();
  };
  return { bench, close };
}

/** A whole house on a temporary folder with the published knowledge; its clock stands at ten in the morning of the day. */
async function openHouse(config: Config, asOf: string) {
  const dataDir = await mkdtemp(join(tmpdir(), 'wenban-eval-'));
  const now = Date.parse(`${asOf}T10:00:00+08:00`);
  const house = await buildHouse({
    config: { ...config, dataDir, databaseUrl: undefined, qdrant: undefined },
    logger: pino({ level: 'silent' }),
    channels: [{ name: channel, capabilities: fullCapabilities }],
    now: () => now,
    refreshEveryMs: 0,
  });
  await house.repository.replacePack(house.manifest.name, await publishedItems(config), { status: 'published', now, removeMissing: true });
  await house.refresh();
  const close = async () => {
    // The queue may still be telling citizens their place: a closed database would bring the process down.
    await house.desk.queueMoved();
    await house.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { house, close };
}

/** What decides the scores besides the suite: hashed into the manifest. */
export async function evaluationSources(config: Config, parts: Parts) {
  const root = projectRoot();
  const items = await publishedItems(config);
  return {
    sources: ['knowledge/lexicon', 'knowledge/embeddings/model', 'prompts', 'bot/safety'].map((path) => join(root, path)),
    contents: {
      'published knowledge': sha256(
        items
          .map(({ item, digest }) => `${item.id} ${digest}`)
          .sort()
          .join('\n'),
      ),
    },
    versions: {
      node: process.versions.node,
      icu: process.versions.icu ?? '',
      embeddings: !parts.embeddings ? 'off' : (config.embedding?.model ?? 'built-in'),
    },
    recogniser: config.languageModel?.model ?? 'local',
  };
}
