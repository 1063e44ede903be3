/** What `wenban doctor` says about the Qdrant server: asks only, changes nothing. */
import { z } from 'zod';
import { type UnitLevel, unitLevels } from '../units.ts';
import { UnitsError, UnitsUnavailable } from '../units-rank.ts';
import { aliasOf } from './collections.ts';
import { Connection, type QdrantSettings } from './connection.ts';

export interface QdrantHealthSettings extends QdrantSettings {
  /** As in `QdrantUnitsSettings`. */
  readonly prefix?: string | undefined;
}

export interface LevelHealth {
  readonly level: UnitLevel;
  readonly collection: string;
  readonly points: number;
  /** Of the knowledge, and the embedding model's id; null: none. */
  readonly revision: string | undefined;
  readonly embedder: string | null | undefined;
}

export interface QdrantHealth {
  /** Nothing stands in `problems`. */
  readonly ok: boolean;
  /** http(s)://host:port, without the key. */
  readonly address: string;
  /** Undefined when the server cannot be asked. */
  readonly version: string | undefined;
  /** Empty before the first start with this server. */
  readonly levels: readonly LevelHealth[];
  readonly problems: readonly string[];
  /** All of it in one line for the operator. */
  readonly summary: string;
}

const metadataSchema = z.object({ revision: z.string().optional(), embedder: z.string().nullable().optional() }).catch({});

/** Reachable, new enough, key accepted, aliases of one content, collections sound. Never rejects; a server that is silent costs ten seconds. */
export async function qdrantHealth(settings: QdrantHealthSettings): Promise<QdrantHealth> {
  const problems: string[] = [];
  const levels: LevelHealth[] = [];
  let address = settings.url;
  let version: string | undefined;
  try {
    const connection = new Connection({ writeTimeout: 5_000, ...settings }, 2);
    address = connection.address;
    if (connection.exposesKey) problems.push('QDRANT_API_KEY travels unencrypted: use https.');
    version = await connection.version();
    const prefix = settings.prefix ?? 'wenban';
    const { aliases } = await connection.write('reading the aliases', (client) => client.getAliases());
    for (const level of unitLevels) {
      const collection = aliases.find((one) => one.alias_name === aliasOf(prefix, level))?.collection_name;
      if (!collection) continue;
      const info = await connection.write('looking at a collection', (client) => client.getCollection(collection));
      const { count } = await connection.write('counting points', (client) => client.count(collection, { exact: true }));
      if (info.status === 'red') problems.push(`Collection ${collection} is red: see the log of the Qdrant server.`);
      const { revision, embedder } = metadataSchema.parse(info.config.metadata ?? {});
      levels.push({ level, collection, points: count, revision, embedder });
    }
    problems.push(...disagreements(levels));
  } catch (error) {
    if (!(error instanceof UnitsUnavailable || error instanceof UnitsError)) throw error;
    problems.push(error.message);
  }
  return { ok: problems.length === 0, address, version, levels, problems, summary: summaryOf(address, version, levels, problems) };
}

function disagreements(levels: readonly LevelHealth[]): string[] {
  if (levels.length === 0) return [];
  const missing = unitLevels.filter((level) => !levels.some((one) => one.level === level));
  const contents = new Set(levels.map(({ revision, embedder }) => JSON.stringify([revision, embedder])));
  return [
    ...(missing.length > 0 ? [`No collection for ${missing.join(', ')}: the next start of Wenban builds it.`] : []),
    ...(contents.size > 1 ? ['The collections hold different revisions or models: the next start of Wenban builds them anew.'] : []),
  ];
}

function summaryOf(address: string, version: string | undefined, levels: readonly LevelHealth[], problems: readonly string[]): string {
  if (version === undefined) return problems.join(' ');
  const counts = levels.map(({ level, points }) => `${points} ${level}`).join(', ');
  const [first] = levels;
  const content = first
    ? `${counts}; revision ${first.revision ?? 'unknown'}, ${first.embedder ? `vectors of ${first.embedder}` : 'no vectors'}`
    : 'nothing stored yet, filled at the next start';
  return [`Qdrant ${version} at ${address}: ${content}.`, ...problems].join(' ');
}
