/** What the client keeps of a level's terms: enough to tell the ideal of a query and which words are known. */
import type { Unit, UnitStoreOptions } from '../units.ts';
import type { Pauses } from '../units-pause.ts';
import { idfOf, termWeight } from '../units-rank.ts';
import { noTerm, termIndex } from './term-index.ts';

/** A sparse vector as Qdrant takes it. */
export interface SparseVector {
  readonly indices: number[];
  readonly values: number[];
}

export class Statistics {
  readonly size: number;
  readonly #average: number;
  readonly #options: UnitStoreOptions;
  /** Units a term's index occurs in: what the server counts too, collisions included. */
  readonly #frequency: ReadonlyMap<number, number>;

  private constructor(size: number, average: number, frequency: Map<number, number>, options: UnitStoreOptions) {
    this.size = size;
    this.#average = average;
    this.#frequency = frequency;
    this.#options = options;
  }

  static async build(units: readonly Unit[], options: UnitStoreOptions, pauses: Pauses): Promise<Statistics> {
    const frequency = new Map<number, number>();
    let tokens = 0;
    for (const { terms } of units) {
      if (pauses.due()) await pauses.take();
      tokens += terms.length;
      for (const index of new Set(terms.map(termIndex))) frequency.set(index, (frequency.get(index) ?? 0) + 1);
    }
    return new Statistics(units.length, tokens / Math.max(1, units.length), frequency, options);
  }

  /**
   * Stored value of each term: BM25 without idf, which the server multiplies in. Never empty: for its idf one version of Qdrant counts all
   * points, another those whose vector is not empty (`VectorQueryContext.remap_idf_weights`), and both must come to the same.
   */
  document(terms: readonly string[]): SparseVector {
    if (terms.length === 0) return { indices: [noTerm], values: [1] };
    const counts = new Map<number, number>();
    for (const term of terms) {
      const index = termIndex(term);
      counts.set(index, (counts.get(index) ?? 0) + 1);
    }
    const indices = [...counts.keys()].sort((a, b) => a - b);
    const { k1, b } = this.#options;
    return { indices, values: indices.map((index) => short(termWeight(counts.get(index) ?? 0, terms.length, this.#average, k1, b))) };
  }

  /** The query's known terms, each with value 1, and the ideal over all of them: `score / ideal` is the share. */
  query(terms: readonly string[]): { vector: SparseVector; ideal: number } {
    let ideal = 0;
    const indices = new Set<number>();
    for (const term of new Set(terms)) {
      const index = termIndex(term);
      const df = this.#frequency.get(index) ?? 0;
      ideal += idfOf(this.size, df) * (this.#options.k1 + 1);
      if (df > 0) indices.add(index);
    }
    return { vector: { indices: [...indices], values: [...indices].map(() => 1) }, ideal };
  }

  /** Share of the idf weight of `terms` that a unit covers whose vector has these indices. */
  coverage(terms: readonly string[], indices: readonly number[]): number {
    const held = new Set(indices);
    let whole = 0;
    let covered = 0;
    for (const term of new Set(terms)) {
      const index = termIndex(term);
      const idf = idfOf(this.size, this.#frequency.get(index) ?? 0);
      whole += idf;
      if (held.has(index)) covered += idf;
    }
    return whole > 0 ? Math.min(1, covered / whole) : 0;
  }

  known(terms: readonly string[]): number {
    const distinct = new Set(terms);
    if (distinct.size === 0) return 0;
    let seen = 0;
    for (const term of distinct) if (this.#frequency.has(termIndex(term))) seen++;
    return seen / distinct.size;
  }
}

/** Eight digits are more than single precision keeps, and half the bytes on the way. */
export const short = (value: number): number => Math.round(value * 1e8) / 1e8;
