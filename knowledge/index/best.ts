/** The best of many numbers, and of many places. */
import { rankOf, scoreStep } from './units-rank.ts';

/** Offers that wait together before the worst of them are dropped. */
const waiting = 192;

/** Keeps the `limit` largest of the keys offered, in whatever order they come. Keys are above 0. */
export class LargestKeys {
  readonly limit: number;
  /** Keys at or below this are not kept any more. Rises while keys are offered. */
  least: number;
  readonly #keys: Float64Array;
  #count = 0;

  constructor(limit: number) {
    this.limit = Math.max(0, Math.floor(limit));
    this.least = this.limit === 0 ? Number.POSITIVE_INFINITY : 0;
    this.#keys = new Float64Array(this.limit === 0 ? 0 : this.limit + waiting);
  }

  add(key: number): void {
    if (key <= this.least) return;
    this.#keys[this.#count++] = key;
    if (this.#count === this.#keys.length) this.#drop();
  }

  /** Largest first. */
  keys(): Float64Array {
    this.#drop();
    return this.#keys.subarray(0, this.#count);
  }

  #drop(): void {
    this.#keys.subarray(0, this.#count).sort().reverse();
    if (this.#count < this.limit || this.limit === 0) return;
    this.#count = this.limit;
    this.least = this.#keys[this.limit - 1] as number;
  }
}

/** A key is rank · places + what is left below the last place: the higher rank is larger, and of equal ranks the lower place. */
const placesPerRank = 2 ** 26;

/** Keeps the `limit` best places offered; equal ranks are ordered by place. Rank 0 is never kept. Places are below 67 million, scores below 134. */
export class Best {
  readonly limit: number;
  /** A score at or below this has no chance: spares ranking it. Rises while places are offered. */
  floor: number;
  readonly #keys: LargestKeys;

  constructor(limit: number) {
    this.#keys = new LargestKeys(limit);
    this.limit = this.#keys.limit;
    this.floor = this.limit === 0 ? Number.POSITIVE_INFINITY : 0;
  }

  add(score: number, place: number): void {
    const rank = rankOf(score);
    if (rank <= 0) return;
    this.#keys.add(rank * placesPerRank + (placesPerRank - 1 - place));
    // A score may lie half a step below its rank, and an equal one at a lower place be better.
    if (this.#keys.least > 0) this.floor = (Math.floor(this.#keys.least / placesPerRank) - 1) * scoreStep;
  }

  /** Best first. */
  places(): Int32Array {
    return Int32Array.from(this.#keys.keys(), (key) => placesPerRank - 1 - (key - Math.floor(key / placesPerRank) * placesPerRank));
  }
}
