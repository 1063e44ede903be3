/** What both unit stores do alike: which units a filter admits, what a score is, what is kept of it when ranking. */
import { admits } from './filter.ts';
import type { SearchFilter } from './types.ts';
import { type Unit, type UnitLevel, unitLevels } from './units.ts';
import { type Pauses, sortInPieces } from './units-pause.ts';

export type UnitFilter = SearchFilter & { readonly department?: string | undefined };

/** A content that cannot be indexed, or a query that does not fit the index; the message is a sentence for the operator. */
export class UnitsError extends Error {
  override readonly name = 'UnitsError';
}

/**
 * The store's server cannot be reached, does not answer in time, or refuses. Nothing is lost: what was served before is served again as
 * soon as the server answers. The message is a sentence for the operator; a citizen is told that the knowledge is out of reach now.
 */
export class UnitsUnavailable extends Error {
  override readonly name: string = 'UnitsUnavailable';
}

/** As `admits`; a unit that names no department is for all of them. */
export function admitsUnit(subject: Unit['filter'], filter: UnitFilter): boolean {
  if (filter.department !== undefined && subject.department !== undefined && subject.department !== filter.department) return false;
  return admits(subject, filter);
}

export const scoreOf = (share: number, cosine: number, denseWeight: number): number => share + denseWeight * Math.max(0, cosine);

/** Scores nearer than this are equal: sums of single precision differ in the seventh digit with the order of their terms. */
export const scoreStep = 1e-6;

/** The number that ranks: equal scores fall to the id. 0 is no hit. */
export const rankOf = (score: number): number => Math.round(score / scoreStep);

/** idf of BM25 for a term of `df` among `size` units; also what Qdrant's `modifier: idf` computes (lib/segment, `fancy_idf`). */
export const idfOf = (size: number, df: number): number => Math.log(1 + (size - df + 0.5) / (df + 0.5));

/** BM25 without its idf, 0 to k1 + 1. */
export function termWeight(count: number, length: number, average: number, k1: number, b: number): number {
  return (count * (k1 + 1)) / (count + k1 * (1 - b + (average > 0 ? (b * length) / average : 0)));
}

export interface CheckedUnits {
  /** Of each level, by id: a smaller place is a smaller id. */
  readonly levels: Readonly<Record<UnitLevel, readonly Unit[]>>;
  /** 0 where no unit has a vector. */
  readonly dimensions: number;
}

/** A record with one value for each level. */
export const byLevel = <T>(make: (level: UnitLevel) => T): Record<UnitLevel, T> => ({
  passage: make('passage'),
  item: make('item'),
  name: make('name'),
});

/** Sorts units by level and id. Errors: `UnitsError` for ids given twice, vectors without a model, of two lengths, or not finite. */
export async function checkUnits(units: readonly Unit[], embedderId: string | undefined, pauses: Pauses): Promise<CheckedUnits> {
  const levels = byLevel((): Unit[] => []);
  let dimensions = 0;
  for (const unit of units) {
    if (pauses.due()) await pauses.take();
    levels[unit.level].push(unit);
    if (!unit.vector) continue;
    if (embedderId === undefined)
      throw new UnitsError(`Unit ${unit.id} has a vector but no embedding model is named: vectors of an unknown model are not indexed.`);
    if (dimensions !== 0 && unit.vector.length !== dimensions)
      throw new UnitsError(
        `Unit ${unit.id} has a vector of ${unit.vector.length} numbers, others have ${dimensions}: vectors of different models are never mixed.`,
      );
    dimensions = unit.vector.length;
  }
  for (const level of unitLevels) {
    const sorted = await sortInPieces(levels[level], (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0), pauses);
    let before: Unit | undefined;
    for (const unit of sorted) {
      if (pauses.due()) await pauses.take();
      if (before?.id === unit.id) throw new UnitsError(`Two units of level ${level} have the id ${unit.id}.`);
      before = unit;
    }
    levels[level] = sorted;
  }
  return { levels, dimensions };
}

/** The same direction with length 1; zeros stay zeros. Errors: `UnitsError` when a number is not finite. */
export function unitVector(vector: Float32Array, whose: string): Float32Array {
  let square = 0;
  for (const value of vector) square += value * value;
  if (!Number.isFinite(square)) throw new UnitsError(`The vector of ${whose} holds a number that is not finite.`);
  // What is of length 1 already is taken as it is: a second division would only add noise.
  if (square === 0 || Math.abs(square - 1) < 1e-6) return vector;
  const length = Math.sqrt(square);
  return vector.map((value) => value / length);
}

/** Errors: `UnitsError` when a query vector has not the length of the indexed ones. */
export function checkQueryVector(vector: Float32Array, dimensions: number): void {
  if (vector.length !== dimensions)
    throw new UnitsError(
      `The query vector has ${vector.length} numbers, the index ${dimensions}: the question was embedded by another model than the knowledge.`,
    );
}

/** Keeps the `limit` best places offered, in whatever order they come; equal ranks are ordered by place. Rank 0 is never kept. */
export class Best {
  readonly limit: number;
  readonly #ranks: Float64Array;
  readonly #places: Int32Array;
  #count = 0;

  constructor(limit: number) {
    this.limit = Math.max(0, Math.floor(limit));
    this.#ranks = new Float64Array(this.limit);
    this.#places = new Int32Array(this.limit);
  }

  /** A score below this has no chance: spares ranking it. */
  get floor(): number {
    if (this.limit === 0) return Number.POSITIVE_INFINITY;
    const worst = this.#count < this.limit ? 0 : (this.#ranks[this.#count - 1] as number);
    return (Math.max(1, worst) - 1) * scoreStep;
  }

  /** Whether `add` would keep it now. */
  wants(rank: number, place: number): boolean {
    if (rank <= 0 || this.limit === 0) return false;
    if (this.#count < this.limit) return true;
    const worst = this.#ranks[this.#count - 1] as number;
    return rank > worst || (rank === worst && place < (this.#places[this.#count - 1] as number));
  }

  add(rank: number, place: number): void {
    if (!this.wants(rank, place)) return;
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#ranks[middle] as number;
      if (other > rank || (other === rank && (this.#places[middle] as number) < place)) low = middle + 1;
      else high = middle;
    }
    const last = Math.min(this.#count, this.limit - 1);
    this.#ranks.copyWithin(low + 1, low, last);
    this.#places.copyWithin(low + 1, low, last);
    this.#ranks[low] = rank;
    this.#places[low] = place;
    this.#count = last + 1;
  }

  clear(): void {
    this.#count = 0;
  }

  places(): number[] {
    return [...this.#places.subarray(0, this.#count)];
  }
}
