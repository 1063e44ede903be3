/** The unit store on a Qdrant server: same contract, same numbers as the embedded one. */
import type { Schemas } from '@qdrant/js-client-rest';
import { z } from 'zod';
import { type Unit, type UnitHit, type UnitLevel, type UnitQuery, type UnitStore, type UnitStoreOptions, unitLevels } from '../units.ts';
import { Pauses } from '../units-pause.ts';
import { byLevel, checkQueryVector, checkUnits, rankOf, scoreOf, type UnitFilter, UnitsError, unitVector } from '../units-rank.ts';
import {
  aliasOf,
  type Content,
  collectionName,
  dropOld,
  fill,
  type Shipment,
  servedCollections,
  stored,
  switchAliases,
} from './collections.ts';
import { Connection, QdrantError, type QdrantSettings } from './connection.ts';
import {
  boundQuery,
  cosineQuery,
  filterOf,
  fusedQuery,
  type Halves,
  halfQuery,
  type QueryRequest,
  queryVector,
  sparseName,
  termsQuery,
} from './query.ts';
import { Statistics } from './statistics.ts';

export interface QdrantUnitsSettings extends QdrantSettings {
  /** Begins the names of aliases and collections (default wenban): one server may serve several houses. */
  readonly prefix?: string | undefined;
  /** int8: a quarter of the memory for vectors; the dense half is then searched by graph, and ranks may differ a little. Default: none, exact. */
  readonly quantisation?: 'int8' | undefined;
  /** Told when old collections could not be dropped: no harm, the next change tries again. */
  readonly warn?: ((message: string) => void) | undefined;
}

interface Level {
  readonly collection: string;
  readonly statistics: Statistics;
  readonly dimensions: number;
}

interface Served {
  readonly revision: string;
  readonly embedderId: string | undefined;
  readonly levels: Readonly<Record<UnitLevel, Level>>;
}

/** Searched this deep in both halves at first, then deeper while a unit further down could still belong among the best. */
const firstDepth = (limit: number): number => Math.max(100, 4 * limit);
const deepening = 4;
const deepest = 10_000;

export class QdrantUnits implements UnitStore {
  readonly #connection: Connection;
  readonly #settings: QdrantUnitsSettings;
  readonly #prefix: string;
  readonly #options: UnitStoreOptions;
  readonly #now: () => number;
  #served: Served | undefined;
  #replacing: Promise<void> = Promise.resolve();

  /** Errors: `UnitsError` for a URL or prefix that is none. Connects with the first `replace`. */
  constructor(settings: QdrantUnitsSettings, options: UnitStoreOptions) {
    this.#prefix = settings.prefix ?? 'wenban';
    if (!/^[\w-]{1,100}$/.test(this.#prefix)) throw new UnitsError(`“${this.#prefix}” cannot begin the name of a collection.`);
    this.#connection = new Connection(settings);
    this.#settings = settings;
    this.#options = options;
    this.#now = settings.now ?? Date.now;
  }

  get revision(): string {
    return this.#served?.revision ?? '';
  }

  /** Model of the vectors searched now. */
  get embedderId(): string | undefined {
    return this.#served?.embedderId;
  }

  /**
   * Uploads nothing when the server has this very content already. Errors: `UnitsError` for the content, `QdrantError` for the server;
   * the old content then goes on serving. Calls run one after another.
   */
  replace(content: { revision: string; units: readonly Unit[]; embedderId: string | undefined }): Promise<void> {
    const done = this.#replacing.then(() => this.#replace(content));
    this.#replacing = done.catch(() => undefined);
    return done;
  }

  async #replace({
    revision,
    units,
    embedderId,
  }: {
    revision: string;
    units: readonly Unit[];
    embedderId: string | undefined;
  }): Promise<void> {
    const pauses = new Pauses();
    const { levels, dimensions } = await checkUnits(units, embedderId, pauses);
    const content: Content = { revision, embedderId, options: this.#options, quantisation: this.#settings.quantisation };
    const shipments: Shipment[] = [];
    for (const level of unitLevels) {
      shipments.push({
        level,
        collection: await collectionName(this.#prefix, level, content, levels[level], pauses),
        units: levels[level],
        statistics: await Statistics.build(levels[level], this.#options, pauses),
        dimensions: levels[level].some((unit) => unit.vector) ? dimensions : 0,
      });
    }
    await this.#connection.version();
    const before = await servedCollections(this.#connection, this.#prefix);
    for (const shipment of shipments) {
      if ((await stored(this.#connection, shipment.collection)) !== shipment.units.length)
        await fill(this.#connection, shipment, content, this.#now);
    }
    await switchAliases(this.#connection, this.#prefix, shipments);
    const served = (level: UnitLevel): Level => {
      const { collection, statistics, dimensions } = shipments.find((shipment) => shipment.level === level) as Shipment;
      return { collection, statistics, dimensions };
    };
    this.#served = { revision, embedderId, levels: byLevel(served) };
    try {
      await dropOld(this.#connection, this.#prefix, before.values(), this.#now());
    } catch (error) {
      this.#settings.warn?.(error instanceof Error ? error.message : String(error));
    }
  }

  /** Errors: `UnitsError` when the query does not fit, `QdrantError` when the server does not answer. */
  async search(query: UnitQuery, level: UnitLevel, filter: UnitFilter, limit: number): Promise<UnitHit[]> {
    const served = this.#served;
    if (!served || limit < 1) return [];
    try {
      return await this.#searchLevel(served.levels[level], served.levels[level].collection, query, filter, limit);
    } catch (error) {
      if (!(error instanceof QdrantError) || error.status !== 404) throw error;
      // The collection was dropped under our feet: by a `replace` of ours that has finished since, or by another process.
      const current = this.#served === served ? served : (this.#served ?? served);
      const collection = current === served ? aliasOf(this.#prefix, level) : current.levels[level].collection;
      return await this.#searchLevel(current.levels[level], collection, query, filter, limit);
    }
  }

  known(terms: readonly string[], level: UnitLevel): number {
    return this.#served?.levels[level].statistics.known(terms) ?? 0;
  }

  async close(): Promise<void> {
    await this.#replacing;
    this.#served = undefined;
  }

  async #searchLevel(level: Level, collection: string, query: UnitQuery, filter: UnitFilter, limit: number): Promise<UnitHit[]> {
    const vector = level.dimensions > 0 && query.vector ? unitVector(query.vector, 'the query') : undefined;
    if (vector) checkQueryVector(vector, level.dimensions);
    const weight = vector ? Math.max(0, query.denseWeight) : 0;
    const { vector: terms, ideal } = level.statistics.query(query.terms);
    const numbers = vector ? queryVector(vector) : undefined;
    const params = this.#settings.quantisation ? { quantization: { rescore: true, oversampling: 2 } } : { exact: true };
    const halves: Halves = {
      sparse: terms.indices.length > 0 ? { vector: terms, ideal } : undefined,
      dense: numbers && weight > 0 ? { vector: numbers, weight, params } : undefined,
      filter: filterOf(filter),
    };
    const best = await this.#best(collection, halves, Math.floor(limit));
    const parts = await this.#parts(collection, terms.indices.length > 0, numbers, best);
    return best.map(({ id, itemId, point, score: whole }): UnitHit => {
      const cosine = parts.cosines.get(point) ?? 0;
      const share = Math.min(1, Math.max(0, whole - weight * Math.max(0, cosine)));
      const coverage = level.statistics.coverage(query.terms, parts.indices.get(point) ?? []);
      return { id, itemId, score: scoreOf(share, cosine, weight), share, coverage, cosine };
    });
  }

  /** The best by fused score, deep enough that none is missing (see `Gathered.bound`). */
  async #best(collection: string, halves: Halves, limit: number): Promise<Found[]> {
    if (!halves.sparse && !halves.dense) return [];
    for (let depth = firstDepth(limit); ; depth = Math.min(deepest, depth * deepening)) {
      const { found, bound } = await this.#gather(collection, halves, depth);
      const best = found
        .filter((one) => rankOf(one.score) > 0)
        .sort((a, b) => rankOf(b.score) - rankOf(a.score) || (a.id < b.id ? -1 : 1))
        .slice(0, limit);
      const last = best.length === limit ? rankOf((best[limit - 1] as Found).score) : 0;
      // One step apart at least, or a unit further down may be equal and have a smaller id.
      if (bound <= 0 || (best.length === limit && last > rankOf(bound) + 1) || depth >= deepest) return best;
    }
  }

  async #gather(collection: string, halves: Halves, depth: number): Promise<Gathered> {
    const { sparse, dense } = halves;
    if (sparse && dense) {
      const [fused, lastSparse, lastDense] = await this.#ask(collection, [
        fusedQuery(halves, sparse, dense, depth),
        boundQuery(halves, 'sparse', depth),
        boundQuery(halves, 'dense', depth),
      ]);
      const share = (lastSparse?.[0]?.score ?? 0) / sparse.ideal;
      return { found: readFound(fused ?? [], 1), bound: scoreOf(share, lastDense?.[0]?.score ?? 0, dense.weight) };
    }
    const [points = []] = await this.#ask(collection, [halfQuery(halves, sparse ? 'sparse' : 'dense', depth)]);
    const found = readFound(points, sparse ? 1 / sparse.ideal : (dense?.weight ?? 0));
    return { found, bound: found.length < depth ? 0 : (found.at(-1)?.score ?? 0) };
  }

  /**
   * A second small question about the few hits, for their cosines and terms; the share is what is left of the score, the coverage is
   * reckoned here. Asking the first question for its parts would send every candidate's numbers; keeping all units' terms in this process
   * would take as much memory as the server spares; a second sparse vector for the coverage would double what is stored.
   */
  async #parts(collection: string, withTerms: boolean, vector: readonly number[] | undefined, hits: readonly Found[]): Promise<Parts> {
    const parts: Parts = { cosines: new Map(), indices: new Map() };
    if (hits.length === 0) return parts;
    const points = hits.map((hit) => hit.point);
    const searches = [...(vector ? [cosineQuery(vector, points)] : []), ...(withTerms ? [termsQuery(points)] : [])];
    if (searches.length === 0) return parts;
    const answers = await this.#ask(collection, searches);
    const cosines = vector ? answers.shift() : undefined;
    for (const { id, score } of cosines ?? []) parts.cosines.set(id, score);
    for (const { id, vector: stored } of answers[0] ?? []) parts.indices.set(id, readIndices(stored));
    return parts;
  }

  async #ask(collection: string, searches: QueryRequest[]): Promise<Schemas['ScoredPoint'][][]> {
    const answers = await this.#connection.search('searching', (client) => client.queryBatch(collection, { searches }));
    return answers.map((answer) => answer.points);
  }
}

interface Found {
  readonly point: string | number;
  readonly id: string;
  readonly itemId: string;
  readonly score: number;
}

interface Parts {
  readonly cosines: Map<string | number, number>;
  readonly indices: Map<string | number, readonly number[]>;
}

interface Gathered {
  readonly found: readonly Found[];
  /** No unit that is not among `found` scores above this: its halves are at most those of the last of each. */
  readonly bound: number;
}

const payloadSchema = z.object({ id: z.string(), itemId: z.string() });

function readFound(points: readonly Schemas['ScoredPoint'][], scale: number): Found[] {
  return points.map((point) => {
    const payload = payloadSchema.safeParse(point.payload);
    if (!payload.success) throw new QdrantError(`Point ${point.id} was not stored by Wenban: its payload names no unit.`);
    return { point: point.id, ...payload.data, score: point.score * scale };
  });
}

const termsSchema = z.object({ [sparseName]: z.object({ indices: z.array(z.number()) }) });

function readIndices(vector: unknown): readonly number[] {
  const read = termsSchema.safeParse(vector);
  return read.success ? read.data[sparseName].indices : [];
}
