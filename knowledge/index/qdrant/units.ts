/** The unit store on a Qdrant server: same contract, same numbers as the embedded one. */
import type { Schemas } from '@qdrant/js-client-rest';
import { z } from 'zod';
import type { Unit, UnitHit, UnitLevel, UnitQuery, UnitStore, UnitStoreOptions } from '../units.ts';
import { checkQueryVector, checkUnits, rankOf, scoreOf, type UnitFilter, unitVector } from '../units-rank.ts';
import {
  aliasOf,
  type Content,
  collectionName,
  dropOld,
  fill,
  isComplete,
  type Shipment,
  servedCollections,
  switchAliases,
  unitLevels,
} from './collections.ts';
import { Connection, QdrantError, type QdrantSettings } from './connection.ts';
import { boundQuery, cosineQuery, filterOf, fusedQuery, type Halves, halfQuery, type QueryRequest, queryVector } from './query.ts';
import { Statistics } from './statistics.ts';

export interface QdrantUnitsSettings extends QdrantSettings {
  /** Begins the names of aliases and collections (default wenban): one server may serve several houses. */
  readonly prefix?: string | undefined;
  /** int8: a quarter of the memory for vectors; the dense half is then searched by graph, and ranks may differ a little. Default: none, exact. */
  readonly quantisation?: 'int8' | undefined;
  readonly now?: (() => number) | undefined;
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
  #checked = false;

  /** Errors: `QdrantError` for a URL or prefix that is none. Connects with the first `replace`. */
  constructor(settings: QdrantUnitsSettings, options: UnitStoreOptions) {
    this.#prefix = settings.prefix ?? 'wenban';
    if (!/^[\w-]{1,100}$/.test(this.#prefix)) throw new QdrantError(`“${this.#prefix}” cannot begin the name of a collection.`);
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
    const { levels, dimensions } = checkUnits(units, embedderId);
    const content: Content = { revision, embedderId, options: this.#options, quantisation: this.#settings.quantisation };
    const shipments: Shipment[] = [];
    for (const level of unitLevels) {
      shipments.push({
        level,
        collection: await collectionName(this.#prefix, level, content, levels[level]),
        units: levels[level],
        statistics: await Statistics.build(levels[level], this.#options),
        dimensions: levels[level].some((unit) => unit.vector) ? dimensions : 0,
      });
    }
    await this.#checkServer();
    const before = await servedCollections(this.#connection, this.#prefix);
    for (const shipment of shipments) {
      if (!(await isComplete(this.#connection, shipment))) await fill(this.#connection, shipment, content, this.#now);
    }
    await switchAliases(this.#connection, this.#prefix, shipments);
    const level = (name: UnitLevel): Level => shipments.find((shipment) => shipment.level === name) as Shipment;
    this.#served = { revision, embedderId, levels: { passage: level('passage'), item: level('item') } };
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
    const cosines = numbers ? await this.#cosines(collection, numbers, best) : undefined;
    return best.map(({ id, itemId, point, score: whole }): UnitHit => {
      const cosine = cosines?.get(point) ?? 0;
      const share = Math.min(1, Math.max(0, whole - weight * Math.max(0, cosine)));
      return { id, itemId, score: scoreOf(share, cosine, weight), share, cosine };
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
   * A second small question for the cosines of the few hits; the share is what is left of the score. Asking the first question for
   * its parts would send every candidate's numbers, or cost the server another search.
   */
  async #cosines(collection: string, vector: readonly number[], hits: readonly Found[]): Promise<Map<string | number, number>> {
    if (hits.length === 0) return new Map();
    const [points = []] = await this.#ask(collection, [
      cosineQuery(
        vector,
        hits.map((hit) => hit.point),
      ),
    ]);
    return new Map(points.map((point) => [point.id, point.score]));
  }

  async #ask(collection: string, searches: QueryRequest[]): Promise<Schemas['ScoredPoint'][][]> {
    const answers = await this.#connection.search('searching', (client) => client.queryBatch(collection, { searches }));
    return answers.map((answer) => answer.points);
  }

  async #checkServer(): Promise<void> {
    if (this.#checked) return;
    const { version } = await this.#connection.write('asking for the version', (client) => client.versionInfo());
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major < 1 || (major === 1 && minor < 17))
      throw new QdrantError(`Qdrant at ${this.#connection.address} is version ${version}; Wenban needs 1.17 or newer.`);
    this.#checked = true;
  }
}

interface Found {
  readonly point: string | number;
  readonly id: string;
  readonly itemId: string;
  readonly score: number;
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
