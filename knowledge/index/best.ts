/** The best of many numbers, and of many places. */
import { rankOf, scoreStep } from './units-rank.ts';

/** Offers that wait together before the worst of them are dropped. */
const waiting = 192;

/** Keeps the `limit` largest of the keys offered, in whatever order they come. Keys are above 0. One serves many searches, one after the other. */
export class LargestKeys {
  limit = 0;
  /** Keys at or below this are not kept any more. Rises while keys are offered. */
  least = Number.POSITIVE_INFINITY;
  #keys = new Float64Array(0);
  #count = 0;

  /** Forgets what was offered. */
  start(limit: number): void {
    this.limit = Math.max(0, Math.floor(limit));
    this.least = this.limit === 0 ? Number.POSITIVE_INFINITY : 0;
    this.#count = 0;
    if (this.#keys.length !== this.limit + waiting) this.#keys = new Float64Array(this.limit + waiting);
  }

  add(key: number): void {
    if (key <= this.least) return;
    this.#keys[this.#count++] = key;
    if (this.#count === this.#keys.length) this.#drop();
  }

  /** Largest first; they stand until the next start. */
  keys(): Float64Array {
    this.#drop();
    return this.#keys.subarray(0, this.#count).sort().reverse();
  }

  /** In no order: putting in order what is still to be dropped would take longer than all the rest. */
  #drop(): void {
    if (this.#count < this.limit || this.limit === 0) return;
    this.least = largestFirst(this.#keys, this.#count, this.limit);
    this.#count = this.limit;
  }
}

/** Moves the `wanted` largest of the first `count` keys to the front, and returns the least of them. Source: Hoare, "Find" (CACM 4, 1961). */
function largestFirst(keys: Float64Array, count: number, wanted: number): number {
  const last = wanted - 1;
  let [from, to] = [0, count - 1];
  while (from < to) {
    const middle = keys[(from + to) >>> 1] as number;
    let [i, j] = [from, to];
    while (i <= j) {
      while ((keys[i] as number) > middle) i++;
      while ((keys[j] as number) < middle) j--;
      if (i > j) break;
      const larger = keys[j] as number;
      keys[j--] = keys[i] as number;
      keys[i++] = larger;
    }
    if (last <= j) to = j;
    else if (last >= i) from = i;
    else break;
  }
  return keys[last] as number;
}

/** A key is rank · places + what is left below the last place: the higher rank is larger, and of equal ranks the lower place. */
const placesPerRank = 2 ** 26;

/** Keeps the `limit` best places offered; equal ranks are ordered by place. Rank 0 is never kept. Places are below 67 million, scores below 134. */
export class Best {
  /** A score at or below this has no chance: spares ranking it. Rises while places are offered. */
  floor = Number.POSITIVE_INFINITY;
  readonly #keys = new LargestKeys();
  #places = new Int32Array(0);

  /** Forgets what was offered. */
  start(limit: number): void {
    this.#keys.start(limit);
    this.floor = this.#keys.least;
  }

  get limit(): number {
    return this.#keys.limit;
  }

  add(score: number, place: number): void {
    const rank = rankOf(score);
    if (rank <= 0) return;
    this.#keys.add(rank * placesPerRank + (placesPerRank - 1 - place));
    const least = this.#keys.least;
    // A score may lie half a step below its rank, and an equal one at a lower place be better.
    if (least > 0) this.floor = (Math.floor(least / placesPerRank) - 1) * scoreStep;
  }

  /** Best first; they stand until the next start. */
  places(): Int32Array {
    const keys = this.#keys.keys();
    if (this.#places.length < keys.length) this.#places = new Int32Array(keys.length);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as number;
      this.#places[i] = placesPerRank - 1 - (key - Math.floor(key / placesPerRank) * placesPerRank);
    }
    return this.#places.subarray(0, keys.length);
  }
}
