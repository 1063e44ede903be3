/** The knowledge index as configured: embedded or on Qdrant, with the built-in embeddings or those of an endpoint. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { mask } from '../bot/safety/mask.ts';
import type { Embedder } from '../knowledge/embeddings/embedder.ts';
import { EndpointEmbedder } from '../knowledge/embeddings/endpoint.ts';
import { openFileCache } from '../knowledge/embeddings/file-cache.ts';
import { loadStaticEmbedder, type StaticEmbedder } from '../knowledge/embeddings/static.ts';
import { HybridIndex, unitWeights } from '../knowledge/index/hybrid.ts';
import { StandbyUnits } from '../knowledge/index/units-standby.ts';
import type { Lexicon } from '../knowledge/text/lexicon.ts';
import type { Config, QdrantTarget } from './config.ts';
import { projectRoot } from './paths.ts';

/** The embedding model that ships. */
export const builtInModel = (): string => join(projectRoot(), 'knowledge', 'embeddings', 'model', 'wenban-zh-256.bin');

/** `index` is empty, ready for `replace`; `builtIn` computes at once whatever the index uses, and is the same where it uses that. */
export interface OpenedIndex {
  readonly index: HybridIndex;
  readonly builtIn: StaticEmbedder;
  /** Absent: the index is in this process anyway. */
  readonly standby?: StandbyUnits;
}

/** Where a pack's collections are: under its own name, so that cities share a Qdrant server and nothing on it. */
export const qdrantOf = <T extends QdrantTarget>(qdrant: T, pack: string): T & { readonly prefix: string } => ({
  ...qdrant,
  prefix: qdrant.prefix ?? `wenban-${pack}`,
});

/** Errors: an endpoint or a model file that can't be used, in words. */
export async function openKnowledgeIndex(config: Config, lexicon: Lexicon, logger: Logger, pack: string): Promise<OpenedIndex> {
  const builtIn = await loadStaticEmbedder(builtInModel());
  const embedder = (await endpointEmbedder(config)) ?? builtIn;
  const onDegraded = (error: unknown) => logger.warn({ err: error }, 'embedding a question failed: found by words alone');
  if (!config.qdrant) return { index: new HybridIndex({ lexicon, embedder, onDegraded }), builtIn };
  // Only a house with a server needs its client.
  const { QdrantUnits } = await import('../knowledge/index/qdrant/units.ts');
  const qdrant = new QdrantUnits({ ...qdrantOf(config.qdrant, pack), warn: (message) => logger.warn(message) }, unitWeights);
  const standby = new StandbyUnits(qdrant, {
    weights: unitWeights,
    onChange: (because) =>
      because
        ? logger.error(
            { err: because, alarm: 'qdrant' },
            'ALARM: Qdrant is out of reach; this process answers from its own index meanwhile',
          )
        : logger.warn({ alarm: 'qdrant' }, 'Qdrant answers again'),
  });
  return { index: new HybridIndex({ lexicon, embedder, units: standby, onDegraded }), builtIn, standby };
}

/** Errors: an endpoint or a model file that can't be used, in words. */
export async function openEmbedder(config: Pick<Config, 'embedding' | 'dataDir'>): Promise<Embedder> {
  return (await endpointEmbedder(config)) ?? loadStaticEmbedder(builtInModel());
}

async function endpointEmbedder(config: Pick<Config, 'embedding' | 'dataDir'>): Promise<Embedder | undefined> {
  if (!config.embedding) return undefined;
  const cache = await openFileCache(join(config.dataDir, 'embeddings.bin'));
  return masked(await EndpointEmbedder.connect(config.embedding, cache));
}

/** No identifier of a citizen reaches a model. */
function masked(embedder: Embedder): Embedder {
  return {
    id: embedder.id,
    dimensions: embedder.dimensions,
    embed: (texts, kind) =>
      embedder.embed(
        texts.map((text) => mask(text).text),
        kind,
      ),
  };
}
