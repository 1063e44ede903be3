/** The sparse half of the embedded store: postings of all terms in three typed arrays, BM25 weights ready made. */
import type { UnitStoreOptions } from './units.ts';
import type { Pauses } from './units-pause.ts';
import { idfOf, termWeight } from './units-rank.ts';

/** To look for one document in a list of postings takes about so many steps: shorter lists are read from end to end. */
const stepsOfSearch = 10;

export class Bm25 {
  readonly size: number;
  readonly #terms: ReadonlyMap<string, number>;
  /** Postings of term t: #starts[t] up to #starts[t + 1]. */
  readonly #starts: Int32Array;
  readonly #documents: Int32Array;
  readonly #weights: Float32Array;
  readonly #ideal: number;
  /** Of the documents that are asked about: where they stand in the question, from 1. All zeros between two calls. */
  readonly #places: Int32Array;

  private constructor(
    size: number,
    terms: Map<string, number>,
    starts: Int32Array,
    documents: Int32Array,
    weights: Float32Array,
    k1: number,
  ) {
    this.size = size;
    this.#terms = terms;
    this.#starts = starts;
    this.#documents = documents;
    this.#weights = weights;
    this.#ideal = k1 + 1;
    this.#places = new Int32Array(size);
  }

  /** Documents keep their place in the list; those of one term stand in ascending order. */
  static async build(
    documents: readonly { readonly terms: readonly string[] }[],
    options: UnitStoreOptions,
    pauses: Pauses,
  ): Promise<Bm25> {
    const numbers = new Map<string, number>();
    const frequency: number[] = [];
    const lastSeen: number[] = [];
    let tokens = 0;
    for (let document = 0; document < documents.length; document++) {
      if (pauses.due()) await pauses.take();
      for (const term of documents[document]?.terms ?? []) {
        tokens++;
        let number = numbers.get(term);
        if (number === undefined) {
          number = numbers.size;
          numbers.set(term, number);
          frequency.push(0);
          lastSeen.push(-1);
        }
        if (lastSeen[number] === document) continue;
        lastSeen[number] = document;
        frequency[number] = (frequency[number] as number) + 1;
      }
    }
    const starts = new Int32Array(numbers.size + 1);
    for (let number = 0; number < numbers.size; number++) starts[number + 1] = (starts[number] as number) + (frequency[number] as number);
    const total = starts[numbers.size] as number;
    const places = new Int32Array(total);
    const weights = new Float32Array(total);
    const next = starts.slice(0, numbers.size);
    const counts = new Int32Array(numbers.size);
    const average = tokens / Math.max(1, documents.length);
    for (let document = 0; document < documents.length; document++) {
      if (pauses.due()) await pauses.take();
      const terms = documents[document]?.terms ?? [];
      const here: number[] = [];
      for (const term of terms) {
        const number = numbers.get(term) as number;
        if (counts[number] === 0) here.push(number);
        counts[number] = (counts[number] as number) + 1;
      }
      for (const number of here) {
        const at = next[number] as number;
        next[number] = at + 1;
        places[at] = document;
        const idf = idfOf(documents.length, frequency[number] as number);
        weights[at] = idf * termWeight(counts[number] as number, terms.length, average, options.k1, options.b);
        counts[number] = 0;
      }
    }
    return new Bm25(documents.length, numbers, starts, places, weights, options.k1);
  }

  get bytes(): number {
    return this.#starts.byteLength + this.#documents.byteLength + this.#weights.byteLength + this.#places.byteLength;
  }

  has(term: string): boolean {
    return this.#terms.has(term);
  }

  /**
   * Adds to `scores` (all zeros, one a document) each document's share of the query's ideal, and returns the documents touched.
   * Terms are distinct.
   */
  shares(terms: readonly string[], scores: Float64Array): Int32Array {
    let ideal = 0;
    let postings = 0;
    const found: number[] = [];
    for (const term of terms) {
      const number = this.#terms.get(term);
      const df = number === undefined ? 0 : this.#frequency(number);
      ideal += idfOf(this.size, df) * this.#ideal;
      if (number === undefined) continue;
      found.push(number);
      postings += df;
    }
    const touched = new Int32Array(Math.min(postings, this.size));
    let count = 0;
    const scale = 1 / ideal;
    for (const number of found) {
      const end = this.#starts[number + 1] as number;
      for (let at = this.#starts[number] as number; at < end; at++) {
        const document = this.#documents[at] as number;
        const before = scores[document] as number;
        if (before === 0) touched[count++] = document;
        scores[document] = before + (this.#weights[at] as number) * scale;
      }
    }
    return touched.subarray(0, count);
  }

  /** Share of the idf weight of `terms` (distinct) that each of the documents covers. */
  coverages(terms: readonly string[], documents: readonly number[]): number[] {
    const covered = documents.map(() => 0);
    const places = this.#places;
    documents.forEach((document, i) => {
      places[document] = i + 1;
    });
    let whole = 0;
    for (const term of terms) {
      const number = this.#terms.get(term);
      const idf = idfOf(this.size, number === undefined ? 0 : this.#frequency(number));
      whole += idf;
      if (number === undefined) continue;
      const end = this.#starts[number + 1] as number;
      if (end - (this.#starts[number] as number) <= documents.length * stepsOfSearch) {
        for (let at = this.#starts[number] as number; at < end; at++) {
          const place = places[this.#documents[at] as number] as number;
          if (place > 0) covered[place - 1] = (covered[place - 1] as number) + idf;
        }
      } else
        for (let i = 0; i < documents.length; i++)
          if (this.#holds(number, documents[i] as number)) covered[i] = (covered[i] as number) + idf;
    }
    for (const document of documents) places[document] = 0;
    return covered.map((part) => (whole > 0 ? Math.min(1, part / whole) : 0));
  }

  #holds(number: number, document: number): boolean {
    let low = this.#starts[number] as number;
    let high = this.#starts[number + 1] as number;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#documents[middle] as number) < document) low = middle + 1;
      else high = middle;
    }
    return low < (this.#starts[number + 1] as number) && this.#documents[low] === document;
  }

  #frequency(number: number): number {
    return (this.#starts[number + 1] as number) - (this.#starts[number] as number);
  }
}
