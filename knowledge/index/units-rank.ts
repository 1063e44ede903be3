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
