/** Collections of one content: their names, how they are made and filled, and how searches are switched over to them. */
import { createHash } from 'node:crypto';
import type { Schemas } from '@qdrant/js-client-rest';
import { z } from 'zod';
import { type Unit, type UnitLevel, type UnitStoreOptions, unitLevels } from '../units.ts';
import type { Pauses } from '../units-pause.ts';
import { unitVector } from '../units-rank.ts';
import { type Connection, QdrantError } from './connection.ts';
import { dayNumber, denseName, sparseName } from './query.ts';
import { type Statistics, short } from './statistics.ts';

/** Changes when what is stored of a unit changes: older collections are then built anew. */
const storedForm = 1;
const batchSize = 256;
/** A collection that nobody searches and that is this old was left by a run that broke off. */
const abandonedAfter = 60 * 60 * 1000;

const payloadIndexes = {
  region: 'keyword',
  audience: 'keyword',
  department: 'keyword',
  validFrom: 'integer',
  validTo: 'integer',
} as const;

export interface Content {
  readonly revision: string;
  readonly embedderId: string | undefined;
  readonly options: UnitStoreOptions;
  readonly quantisation: 'int8' | undefined;
}

/** One level of a content on its way to the server. */
export interface Shipment {
  readonly level: UnitLevel;
  readonly collection: string;
  readonly units: readonly Unit[];
  readonly statistics: Statistics;
  /** 0: no vectors. */
  readonly dimensions: number;
}

export const aliasOf = (prefix: string, level: UnitLevel): string => `${prefix}-${level}`;

/** The name tells the content apart: same name, same points. A new version of Wenban that cuts texts otherwise gets another name. */
export async function collectionName(
  prefix: string,
  level: UnitLevel,
  content: Content,
  units: readonly Unit[],
  pauses: Pauses,
): Promise<string> {
  const digest = createHash('sha256');
  const { revision, embedderId, options, quantisation } = content;
  digest.update(JSON.stringify([storedForm, revision, embedderId ?? null, options.k1, options.b, quantisation ?? null]));
  for (const { id, itemId, filter, terms, vector } of units) {
    if (pauses.due()) await pauses.take();
    const { validFrom, validTo, region, department, audience } = filter;
    digest.update(JSON.stringify([id, itemId, validFrom, validTo, region, department, audience, vector?.length ?? 0, terms]));
    if (vector) digest.update(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
  }
  return `${aliasOf(prefix, level)}-${digest.digest('hex').slice(0, 16)}`;
}

/** Which collection each alias of ours points at now. Errors: `QdrantError`. */
export async function servedCollections(connection: Connection, prefix: string): Promise<Map<UnitLevel, string>> {
  const { aliases } = await connection.write('reading the aliases', (client) => client.getAliases());
  const served = new Map<UnitLevel, string>();
  for (const level of unitLevels) {
    const alias = aliases.find((one) => one.alias_name === aliasOf(prefix, level));
    if (alias) served.set(level, alias.collection_name);
  }
  return served;
}

/** Points that the collection holds; undefined where there is none. Errors: `QdrantError`. */
export async function stored(connection: Connection, collection: string): Promise<number | undefined> {
  const { exists } = await connection.write('looking for a collection', (client) => client.collectionExists(collection));
  if (!exists) return undefined;
  const { count } = await connection.write('counting points', (client) => client.count(collection, { exact: true }));
  return count;
}

/**
 * Makes the collection if need be and puts all points in, from the first one missing: points are put in by their number, whoever does it,
 * so that doing it twice at a time, or going on after a break, does no harm. Errors: `QdrantError`.
 */
export async function fill(connection: Connection, shipment: Shipment, content: Content, now: () => number): Promise<void> {
  const { collection, units } = shipment;
  const request = {
    ...collectionRequest(shipment.dimensions, content),
    metadata: { revision: content.revision, embedder: content.embedderId ?? null, startedAt: now() },
  };
  await connection.write('making a collection', async (client) => {
    if ((await client.collectionExists(collection)).exists) return;
    try {
      // `client.createCollection` leaves out the metadata.
      await client.api().createCollection({ collection_name: collection, ...request });
    } catch (error) {
      // Another process that starts with the same content may have been quicker.
      if (!(await client.collectionExists(collection)).exists) throw error;
    }
  });
  for (const [field, schema] of Object.entries(payloadIndexes)) {
    await connection.write('indexing a payload field', (client) =>
      client.createPayloadIndex(collection, { field_name: field, field_schema: schema as 'keyword' | 'integer', wait: true }),
    );
  }
  const before = (await stored(connection, collection)) ?? 0;
  for (let from = before - (before % batchSize); from < units.length; from += batchSize) {
    const points = units.slice(from, from + batchSize).map((unit, i) => pointOf(from + i, unit, shipment));
    await connection.write(`uploading points ${from + 1}–${from + points.length} of ${units.length}`, (client) =>
      client.upsert(collection, { wait: true, points }),
    );
  }
  if ((await stored(connection, collection)) !== units.length)
    throw new QdrantError(
      `Qdrant at ${connection.address} has not all ${units.length} points of ${collection}; the old content goes on serving.`,
    );
}

/** Points all aliases at the new collections in one step. Errors: `QdrantError`; then nothing has changed. */
export async function switchAliases(connection: Connection, prefix: string, shipments: readonly Shipment[]): Promise<void> {
  await connection.write('switching to the new content', async (client) => {
    for (let attempt = 1; ; attempt++) {
      // Read again each time: an answer that was lost on the way, or another process, may have switched already.
      const { aliases } = await client.getAliases();
      const there = new Map(aliases.map((one) => [one.alias_name, one.collection_name]));
      const actions = shipments.flatMap((shipment): Schemas['AliasOperations'][] => {
        const alias = aliasOf(prefix, shipment.level);
        if (there.get(alias) === shipment.collection) return [];
        const create = { create_alias: { alias_name: alias, collection_name: shipment.collection } };
        return there.has(alias) ? [{ delete_alias: { alias_name: alias } }, create] : [create];
      });
      if (actions.length === 0) return;
      try {
        await client.updateCollectionAliases({ actions });
        return;
      } catch (error) {
        if (attempt >= 3) throw error;
      }
    }
  });
}

const startedSchema = z.object({ startedAt: z.number() });

/** Drops what was served before, and our collections that no alias names and that were begun long ago. Errors: `QdrantError`. */
export async function dropOld(connection: Connection, prefix: string, before: Iterable<string>, now: number): Promise<void> {
  const { aliases } = await connection.write('reading the aliases', (client) => client.getAliases());
  const { collections } = await connection.write('listing collections', (client) => client.getCollections());
  const served = new Set(aliases.map((one) => one.collection_name));
  const replaced = new Set(before);
  const ours = new Set(unitLevels.map((level) => aliasOf(prefix, level)));
  for (const { name } of collections) {
    const base = /^(.*)-[0-9a-f]{16}$/.exec(name)?.[1];
    if (base === undefined || !ours.has(base) || served.has(name)) continue;
    if (!replaced.has(name)) {
      const info = await connection.write('looking at a collection', (client) => client.getCollection(name));
      const started = startedSchema.safeParse(info.config.metadata);
      // Another process may be filling it at this moment.
      if (!started.success || now - started.data.startedAt < abandonedAfter) continue;
    }
    await connection.write('dropping an old collection', (client) => client.deleteCollection(name));
  }
}

function collectionRequest(dimensions: number, content: Content): Schemas['CreateCollection'] {
  const quantised = content.quantisation === 'int8';
  return {
    // One shard: idf and ranks are those of the whole.
    shard_number: 1,
    ...(dimensions > 0
      ? {
          vectors: {
            [denseName]: {
              size: dimensions,
              distance: 'Cosine',
              // Exact search uses no graph: none is built.
              ...(quantised
                ? { quantization_config: { scalar: { type: 'int8', quantile: 0.99, always_ram: true } } }
                : { hnsw_config: { m: 0 } }),
            },
          },
        }
      : {}),
    sparse_vectors: { [sparseName]: { modifier: 'idf' } },
  };
}

function pointOf(place: number, unit: Unit, shipment: Shipment): Schemas['PointStruct'] {
  const { audience, region, department, validFrom, validTo } = unit.filter;
  return {
    id: place,
    vector: {
      [sparseName]: shipment.statistics.document(unit.terms),
      ...(unit.vector ? { [denseName]: Array.from(unitVector(unit.vector, `unit ${unit.id}`), short) } : {}),
    },
    payload: {
      id: unit.id,
      itemId: unit.itemId,
      ...(audience.length > 0 ? { audience: [...audience] } : {}),
      ...(region === undefined ? {} : { region }),
      ...(department === undefined ? {} : { department }),
      ...(validFrom === undefined ? {} : { validFrom: dayNumber(validFrom) }),
      ...(validTo === undefined ? {} : { validTo: dayNumber(validTo) }),
    },
  };
}
