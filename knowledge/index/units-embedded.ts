/** The unit store of a house without a server: everything in this process, every number exact. */
import { Best } from './best.ts';
import { FlatVectors } from './dense.ts';
import { type Unit, type UnitHit, type UnitLevel, type UnitQuery, type UnitStore, type UnitStoreOptions, unitLevels } from './units.ts';
import { Admission } from './units-admission.ts';
import { Bm25, type Found } from './units-bm25.ts';
import { Pauses } from './units-pause.ts';
import { byLevel, checkQueryVector, checkUnits, scoreOf, scoreStep, type UnitFilter, unitVector } from './units-rank.ts';

/** What a hit says of a unit; terms, vector and filter live in the parts. */
interface Entry {
  readonly id: string;
  readonly itemId: string;
}

interface Level {
  readonly entries: readonly Entry[];
  readonly sparse: Bm25;
  readonly admission: Admission;
  readonly dense: FlatVectors | undefined;
  /** Of the search that goes on, which no other overlaps. */
  readonly middles: Float32Array;
  readonly reaches: Float32Array;
  /** Places that may be among the best; and the cosines of those that were looked at, by place. */
  readonly chosen: Int32Array;
  readonly cosines: Float32Array;
  readonly best: Best;
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
      sparse: levels.reduce((sum, { sparse, admission }) => sum + sparse.bytes + admission.classes.byteLength, 0),
      dense: levels.reduce((sum, { dense, middles }) => sum + (dense?.bytes ?? 0) + 4 * middles.byteLength, 0),
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
    return this.searchNow(query, level, filter, limit);
  }

  /** Errors: as `search`, thrown at once. */
  searchNow(query: UnitQuery, level: UnitLevel, filter: UnitFilter, limit: number): UnitHit[] {
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
  const admission = new Admission(units.length);
  const entries: Entry[] = [];
  for (const { id, itemId, filter, vector } of units) {
    if (pauses.due()) await pauses.take();
    if (vector) dense?.set(entries.length, unitVector(vector, `unit ${id}`));
    admission.set(entries.length, filter);
    entries.push({ id, itemId });
  }
  const rows = dense ? units.length : 0;
  const singles = () => new Float32Array(rows);
  return {
    ...{ entries, sparse, admission, dense, best: new Best() },
    ...{ middles: singles(), reaches: singles(), cosines: singles(), chosen: new Int32Array(rows) },
  };
}

/** Places are in the order of ids: the smaller place wins a tie. */
function searchLevel(level: Level, query: UnitQuery, filter: UnitFilter, limit: number): UnitHit[] {
  const { entries, sparse, admission, dense, chosen, cosines, best } = level;
  const vector = dense && query.vector ? unitVector(query.vector, 'the query') : undefined;
  if (dense && vector) checkQueryVector(vector, dense.dimensions);
  const weight = vector ? Math.max(0, query.denseWeight) : 0;
  const found = sparse.search([...new Set(query.terms)]);
  const { sums, whole, touched } = found;
  best.start(limit);
  if (dense && vector && weight > 0) {
    const count = choose(level, found, vector, weight, filter, best.limit);
    const products = dense.dots(chosen, count, vector);
    for (let i = 0; i < count; i++) {
      const place = chosen[i] as number;
      const cosine = products[i] as number;
      cosines[place] = cosine;
      best.add(scoreOf(sums[2 * place] as number, cosine, weight), place);
    }
  } else {
    const { classes } = admission;
    const admitted = admission.of(filter);
    const count = touched ? touched.length : entries.length;
    for (let i = 0; i < count; i++) {
      const place = touched ? (touched[i] as number) : i;
      const score = sums[2 * place] as number;
      if (score > best.floor && admitted[classes[place] as number] === 1) best.add(score, place);
    }
  }

  const places = best.places();
  if (dense && vector && weight === 0) {
    const products = dense.dots(places, places.length, vector);
    for (let i = 0; i < places.length; i++) cosines[places[i] as number] = products[i] as number;
  }
  const hits: UnitHit[] = [];
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    const { id, itemId } = entries[place] as Entry;
    const share = Math.min(1, sums[2 * place] as number);
    const coverage = whole > 0 ? Math.min(1, (sums[2 * place + 1] as number) / whole) : 0;
    const cosine = vector ? (cosines[place] as number) : 0;
    hits.push({ id, itemId, score: scoreOf(share, cosine, weight), share, coverage, cosine });
  }
  sparse.forget(found);
  return hits;
}

/** How many scores fall into which part of what can be reached. */
const bins = new Int32Array(2048);

/** Writes to `chosen` the admitted places that may be among the `limit` best, and returns how many they are. */
function choose(level: Level, { sums }: Found, vector: Float32Array, weight: number, filter: UnitFilter, limit: number): number {
  const { admission, dense, middles, reaches, chosen } = level;
  const { classes } = admission;
  const admitted = admission.of(filter);
  const rows = chosen.length;
  dense?.bounds(vector, middles, reaches);
  // So many are sure to reach a score: what cannot is not looked at.
  const perScore = (bins.length - 1) / (1 + weight);
  bins.fill(0);
  let seen = 0;
  for (let place = 0; place < rows; place++) {
    if (admitted[classes[place] as number] === 0) continue;
    chosen[seen++] = place;
    const least = weight * ((middles[place] as number) - (reaches[place] as number));
    const share = sums[2 * place] as number;
    const bin = Math.min(bins.length - 1, ((least > 0 ? share + least : share) * perScore) | 0);
    bins[bin] = (bins[bin] as number) + 1;
  }
  let bin = bins.length - 1;
  let sure = bins[bin] as number;
  while (bin > 0 && sure < limit) sure += bins[--bin] as number;
  // Scores nearer than a step are equal, and the place decides.
  const reached = bin / perScore - 2 * scoreStep;
  let count = 0;
  for (let i = 0; i < seen; i++) {
    const place = chosen[i] as number;
    const most = weight * ((middles[place] as number) + (reaches[place] as number));
    const share = sums[2 * place] as number;
    const score = most > 0 ? share + most : share;
    if (score >= reached && score > 0) chosen[count++] = place;
  }
  return count;
}
