/** The sparse half of the embedded store: postings of all terms in three typed arrays, BM25 weights ready made. */
import type { UnitStoreOptions } from './units.ts';
import type { Pauses } from './units-pause.ts';
import { idfOf, termWeight } from './units-rank.ts';

/** What a search found; it stands until the next one. */
export interface Found {
  /** Of document d at 2d: its share of the query's ideal; at 2d + 1: the idf of the query's terms that it holds. */
  readonly sums: Float64Array;
  /** Sum of the idf of all of the query's terms. */
  readonly whole: number;
  /** The documents that hold any term, in no order; undefined: most of them do, and any may. */
  readonly touched: Int32Array | undefined;
}

/** A query with more postings than this part of the documents touches most of them. */
const mostPart = 4;

export class Bm25 {
  readonly size: number;
  readonly #terms: ReadonlyMap<string, number>;
  /** Postings of term t: #starts[t] up to #starts[t + 1]. */
  readonly #starts: Int32Array;
  readonly #documents: Int32Array;
  readonly #weights: Float32Array;
  readonly #idf: Float64Array;
  readonly #unseenIdf: number;
  readonly #ideal: number;
  /** Of the search that goes on, all zeros between two; and the documents touched. */
  readonly #sums: Float64Array;
  readonly #touched: Int32Array;

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
    this.#idf = Float64Array.from({ length: terms.size }, (_, number) => idfOf(size, this.#frequency(number)));
    this.#unseenIdf = idfOf(size, 0);
    this.#ideal = k1 + 1;
    this.#sums = new Float64Array(2 * size);
    this.#touched = new Int32Array(size);
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
    return this.#starts.byteLength + this.#documents.byteLength + this.#weights.byteLength + this.#idf.byteLength + this.#sums.byteLength;
  }

  has(term: string): boolean {
    return this.#terms.has(term);
  }

  /** What the documents share with a query of distinct terms. Whoever has read it calls `forget`. */
  search(terms: readonly string[]): Found {
    let whole = 0;
    let postings = 0;
    const found: number[] = [];
    for (const term of terms) {
      const number = this.#terms.get(term);
      whole += number === undefined ? this.#unseenIdf : (this.#idf[number] as number);
      if (number === undefined) continue;
      found.push(number);
      postings += this.#frequency(number);
    }
    const scale = whole > 0 ? 1 / (whole * this.#ideal) : 0;
    // Where most documents hold something, a list of them is longer to keep than to do without.
    if (postings > this.size / mostPart) {
      for (const number of found) this.#add(number, scale);
      return { sums: this.#sums, whole, touched: undefined };
    }
    let count = 0;
    for (const number of found) {
      for (let at = this.#starts[number] as number; at < (this.#starts[number + 1] as number); at++) {
        const document = this.#documents[at] as number;
        if (this.#sums[2 * document + 1] === 0) this.#touched[count++] = document;
      }
      this.#add(number, scale);
    }
    return { sums: this.#sums, whole, touched: this.#touched.subarray(0, count) };
  }

  /** Adds one term to the sums. */
  #add(number: number, scale: number): void {
    const [sums, documents, weights] = [this.#sums, this.#documents, this.#weights];
    const idf = this.#idf[number] as number;
    const end = this.#starts[number + 1] as number;
    for (let at = this.#starts[number] as number; at < end; at++) {
      const place = 2 * (documents[at] as number);
      sums[place] = (sums[place] as number) + (weights[at] as number) * scale;
      sums[place + 1] = (sums[place + 1] as number) + idf;
    }
  }

  /** Makes ready for the next search. */
  forget({ touched }: Found): void {
    if (!touched) this.#sums.fill(0);
    else
      for (let i = 0; i < touched.length; i++) {
        const place = 2 * (touched[i] as number);
        this.#sums[place] = 0;
        this.#sums[place + 1] = 0;
      }
  }

  #frequency(number: number): number {
    return (this.#starts[number + 1] as number) - (this.#starts[number] as number);
  }
}
