/** The unit store of a house without a server: everything in this process, every number exact. */
import { FlatVectors } from './dense.ts';
import { type Unit, type UnitHit, type UnitLevel, type UnitQuery, type UnitStore, type UnitStoreOptions, unitLevels } from './units.ts';
import { Bm25 } from './units-bm25.ts';
import { Pauses } from './units-pause.ts';
import { admitsUnit, Best, byLevel, checkQueryVector, checkUnits, rankOf, scoreOf, type UnitFilter, unitVector } from './units-rank.ts';

/** What searching needs of a unit; terms and vector live in the halves. */
interface Entry {
  readonly id: string;
  readonly itemId: string;
  readonly filter: Unit['filter'];
}

interface Level {
  readonly entries: readonly Entry[];
  readonly sparse: Bm25;
  readonly dense: FlatVectors | undefined;
  /** Kept between searches, which do not overlap; `shares` is all zeros outside of one. */
  readonly shares: Float64Array;
  readonly ceilings: Float32Array;
  /** Of the places that were looked at, in the search that goes on. */
  readonly cosines: Float64Array;
}

interface Content {
  readonly revision: string;
  readonly embedderId: string | undefined;
  readonly levels: Readonly<Record<UnitLevel, Level>>;
}

export class EmbeddedUnits implements UnitStore {
  readonly #options: UnitStoreOptions;
  #content: Content | undefined;
  #replacing: Promise<void> = Promise.resolve();

  constructor(options: UnitStoreOptions) {
    this.#options = options;
  }

  get revision(): string {
    return this.#content?.revision ?? '';
  }

  /** Model of the vectors searched now. */
  get embedderId(): string | undefined {
    return this.#content?.embedderId;
  }

  /** Bytes held in typed arrays; the map of terms and the ids come on top. */
  get bytes(): { sparse: number; dense: number } {
    const levels = this.#content ? Object.values(this.#content.levels) : [];
    return {
      sparse: levels.reduce((sum, level) => sum + level.sparse.bytes + level.shares.byteLength, 0),
      dense: levels.reduce((sum, level) => sum + (level.dense?.bytes ?? 0) + level.ceilings.byteLength + level.cosines.byteLength, 0),
    };
  }

  /** Errors: `UnitsError` (see `checkUnits`); the old content then stays. Calls run one after another. */
  replace(content: { revision: string; units: readonly Unit[]; embedderId: string | undefined }): Promise<void> {
    const done = this.#replacing.then(async () => {
      const pauses = new Pauses();
      const { levels, dimensions } = await checkUnits(content.units, content.embedderId, pauses);
      const built = new Map<UnitLevel, Level>();
      for (const level of unitLevels) built.set(level, await buildLevel(levels[level], dimensions, this.#options, pauses));
      const { revision, embedderId } = content;
      this.#content = { revision, embedderId, levels: byLevel((level) => built.get(level) as Level) };
    });
    this.#replacing = done.catch(() => undefined);
    return done;
  }

  /** Errors: `UnitsError` when the query vector is of another model. */
  async search(query: UnitQuery, level: UnitLevel, filter: UnitFilter, limit: number): Promise<UnitHit[]> {
    const content = this.#content?.levels[level];
    return content ? searchLevel(content, query, filter, limit) : [];
  }

  known(terms: readonly string[], level: UnitLevel): number {
    const distinct = new Set(terms);
    const sparse = this.#content?.levels[level].sparse;
    if (distinct.size === 0 || !sparse) return 0;
    let seen = 0;
    for (const term of distinct) if (sparse.has(term)) seen++;
    return seen / distinct.size;
  }

  async close(): Promise<void> {
    await this.#replacing;
    this.#content = undefined;
  }
}

async function buildLevel(units: readonly Unit[], dimensions: number, options: UnitStoreOptions, pauses: Pauses): Promise<Level> {
  await pauses.take();
  const sparse = await Bm25.build(units, options, pauses);
  // What is allocated now is large.
  await pauses.take();
  const dense = dimensions > 0 && units.some((unit) => unit.vector) ? new FlatVectors(units.length, dimensions) : undefined;
  const entries: Entry[] = [];
  for (const { id, itemId, filter, vector } of units) {
    if (pauses.due()) await pauses.take();
    if (vector) dense?.set(entries.length, unitVector(vector, `unit ${id}`));
    entries.push({ id, itemId, filter });
  }
  return {
    entries,
    sparse,
    dense,
    shares: new Float64Array(units.length),
    ceilings: new Float32Array(dense ? units.length : 0),
    cosines: new Float64Array(dense ? units.length : 0),
  };
}

/** Places are in the order of ids: the smaller place wins a tie. The filter is asked only about units that might be kept. */
function searchLevel(level: Level, query: UnitQuery, filter: UnitFilter, limit: number): UnitHit[] {
  const { entries, sparse, dense, shares, ceilings, cosines } = level;
  const vector = dense && query.vector ? unitVector(query.vector, 'the query') : undefined;
  if (dense && vector) checkQueryVector(vector, dense.dimensions);
  const weight = vector ? Math.max(0, query.denseWeight) : 0;
  const terms = [...new Set(query.terms)];
  const best = new Best(limit);
  let floor = best.floor;
  const admitted = (place: number) => admitsUnit((entries[place] as Entry).filter, filter);
  const offer = (place: number, score: number) => {
    best.add(rankOf(score), place);
    floor = best.floor;
  };

  const touched = sparse.shares(terms, shares);
  if (dense && vector && weight > 0) {
    dense.ceilings(vector, ceilings);
    // Shares only add: what many rows reach by meaning alone, none of the best is below.
    const reached = scoreOf(0, dense.reachedBy(ceilings, best.limit), weight);
    const scan = (from: number) => {
      for (let place = 0; place < entries.length; place++) {
        const share = shares[place] as number;
        const ceiling = ceilings[place] as number;
        const most = share + (ceiling > 0 ? weight * ceiling : 0);
        if (most <= floor || most < from || !admitted(place)) continue;
        const cosine = dense.dot(place, vector);
        cosines[place] = cosine;
        offer(place, scoreOf(share, cosine, weight));
      }
    };
    scan(reached);
    // So many rows reach it, but the filter may have turned them away: then everything is looked at.
    if (reached > 0 && floor < reached) {
      best.clear();
      floor = best.floor;
      scan(0);
    }
  } else {
    for (let i = 0; i < touched.length; i++) {
      const place = touched[i] as number;
      const score = shares[place] as number;
      if (score > floor && best.wants(rankOf(score), place) && admitted(place)) offer(place, score);
    }
  }

  const places = best.places();
  const coverages = sparse.coverages(terms, places);
  const hits = places.map((place, i): UnitHit => {
    const { id, itemId } = entries[place] as Entry;
    const share = Math.min(1, shares[place] as number);
    const cosine = dense && vector ? (weight > 0 ? (cosines[place] as number) : dense.dot(place, vector)) : 0;
    return { id, itemId, score: scoreOf(share, cosine, weight), share, coverage: coverages[i] ?? 0, cosine };
  });
  if (touched.length > entries.length / 8) shares.fill(0);
  else for (let i = 0; i < touched.length; i++) shares[touched[i] as number] = 0;
  return hits;
}
