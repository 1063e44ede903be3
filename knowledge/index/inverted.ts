/** An in-memory inverted index of short texts with ready-made weights: cosine over their terms, weighed by how rare they are (idf). */
import { LargestKeys } from './best.ts';
import { idfOf } from './units-rank.ts';

/** The best texts of a search, best first; they stand until the next one. */
export interface SparseHits {
  /** So many of the numbers below are of this search. */
  readonly count: number;
  readonly documents: Int32Array;
  /** Cosine, 0..1. */
  readonly scores: Float64Array;
  /** Share (0..1) of the text's own idf weight found in the query. */
  readonly contained: Float64Array;
}

/** A key is the score's bits · documents + what is left below the last document: the higher score is larger, then the lower document. */
const documentsPerScore = 2 ** 22;

export class InvertedIndex {
  readonly #size: number;
  readonly #numbers = new Map<string, number>();
  /** Postings of term t: #starts[t] up to #starts[t + 1], in ascending order. */
  readonly #starts: Int32Array;
  readonly #documents: Int32Array;
  readonly #weights: Float32Array;
  readonly #idf: Float64Array;
  readonly #unseenIdf: number;
  /** Sum of the idf of each document's distinct terms. */
  readonly #whole: Float32Array;
  /** Of the search that goes on; sums are all zeros between two. */
  readonly #sums: Float32Array;
  /** The bits of the sums: of numbers that are not negative the larger has the larger bits. */
  readonly #bits: Int32Array;
  readonly #covered: Float32Array;
  readonly #touched: Int32Array;
  readonly #best = new LargestKeys();
  #hits: SparseHits = { count: 0, documents: new Int32Array(0), scores: new Float64Array(0), contained: new Float64Array(0) };

  /** Errors: more than four million texts. */
  constructor(texts: readonly (readonly string[])[]) {
    if (texts.length >= documentsPerScore) throw new Error(`${texts.length} short texts are more than an index of them holds`);
    this.#size = texts.length;
    const distinct = texts.map((terms) => [...new Set(terms)]);
    const frequencies: number[] = [];
    for (const terms of distinct)
      for (const term of terms) {
        const number = this.#numbers.get(term) ?? frequencies.length;
        this.#numbers.set(term, number);
        frequencies[number] = (frequencies[number] ?? 0) + 1;
      }
    this.#idf = Float64Array.from(frequencies, (df) => idfOf(this.#size, df));
    this.#unseenIdf = idfOf(this.#size, 0);
    this.#starts = new Int32Array(frequencies.length + 1);
    frequencies.forEach((df, number) => {
      this.#starts[number + 1] = (this.#starts[number] as number) + df;
    });
    const total = this.#starts[frequencies.length] as number;
    this.#documents = new Int32Array(total);
    this.#weights = new Float32Array(total);
    this.#whole = new Float32Array(this.#size);
    const next = this.#starts.slice();
    distinct.forEach((terms, document) => {
      const numbers = terms.map((term) => this.#numbers.get(term) as number);
      const idfs = numbers.map((number) => this.#idf[number] as number);
      const length = Math.sqrt(idfs.reduce((sum, idf) => sum + idf ** 2, 0)) || 1;
      this.#whole[document] = idfs.reduce((sum, idf) => sum + idf, 0);
      numbers.forEach((number, i) => {
        const at = next[number] as number;
        next[number] = at + 1;
        this.#documents[at] = document;
        this.#weights[at] = (idfs[i] as number) / length;
      });
    });
    this.#sums = new Float32Array(this.#size);
    this.#bits = new Int32Array(this.#sums.buffer);
    this.#covered = new Float32Array(this.#size);
    this.#touched = new Int32Array(this.#size);
  }

  /** Best `limit` texts that `accept` allows; ties broken by their number. */
  search(terms: readonly string[], limit: number, accept: (document: number) => boolean): SparseHits {
    const [sums, covered, touched] = [this.#sums, this.#covered, this.#touched];
    let squares = 0;
    let count = 0;
    for (const term of new Set(terms)) {
      const number = this.#numbers.get(term);
      const idf = number === undefined ? this.#unseenIdf : (this.#idf[number] as number);
      squares += idf * idf;
      if (number === undefined) continue;
      const end = this.#starts[number + 1] as number;
      for (let at = this.#starts[number] as number; at < end; at++) {
        const document = this.#documents[at] as number;
        const before = sums[document] as number;
        if (before === 0) touched[count++] = document;
        sums[document] = before + idf * (this.#weights[at] as number);
        covered[document] = (covered[document] as number) + idf;
      }
    }
    const length = Math.sqrt(squares) || 1;
    const whole = new Int32Array(Float32Array.of(length).buffer)[0] as number;
    const best = this.#best;
    best.start(limit);
    for (let i = 0; i < count; i++) {
      const document = touched[i] as number;
      // What comes out a hair above the whole is as good as the whole.
      const key = Math.min(this.#bits[document] as number, whole) * documentsPerScore - document;
      if (key > best.least && accept(document)) best.add(key);
    }
    const hits = this.#described(best.keys(), length);
    for (let i = 0; i < count; i++) {
      sums[touched[i] as number] = 0;
      covered[touched[i] as number] = 0;
    }
    return hits;
  }

  #described(keys: Float64Array, length: number): SparseHits {
    if (this.#hits.documents.length < keys.length) {
      const numbers = () => new Float64Array(keys.length);
      this.#hits = { count: 0, documents: new Int32Array(keys.length), scores: numbers(), contained: numbers() };
    }
    const { documents, scores, contained } = this.#hits;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as number;
      const document = Math.ceil(key / documentsPerScore) * documentsPerScore - key;
      documents[i] = document;
      scores[i] = share((this.#sums[document] as number) / length);
      contained[i] = share((this.#covered[document] as number) / ((this.#whole[document] as number) || 1));
    }
    return { count: keys.length, documents, scores, contained };
  }
}

/** The sums are of single precision: a whole may come out a hair above one. */
const share = (value: number): number => Math.min(1, value);
