/**
 * Flat exact search. All vectors stand in one Float32Array; beside them 8-bit codes, which are fast to multiply and tell of each row between
 * which bounds its dot product lies. Only rows whose upper bound is high enough are multiplied in full: no graph, nothing is missed.
 */
import { type CodeRows, codeRows, type FullRows, fullRows } from './dense-kernel.ts';

/** From so few rows on multiplying codes first is faster: a few hundred names in a fifteenth of the time. */
const codedFrom = 32;
/** More than what single precision loses in one number. */
const margin = 1e-6;

/** Rows are unit vectors of one length; a row that is left out is all zeros and has cosine 0 to everything. */
export class FlatVectors {
  readonly rows: number;
  readonly dimensions: number;
  readonly #full: FullRows;
  readonly #coded: CodeRows | undefined;
  /** Of each row: what one step of its code stands for, and how far (length of the difference) the code is off. */
  readonly #steps: Float32Array;
  readonly #errors: Float32Array;

  constructor(rows: number, dimensions: number, coded = rows >= codedFrom) {
    this.rows = rows;
    this.dimensions = dimensions;
    this.#full = fullRows(rows, dimensions);
    this.#coded = coded ? codeRows(rows, dimensions) : undefined;
    this.#steps = new Float32Array(coded ? rows : 0);
    this.#errors = new Float32Array(coded ? rows : 0);
  }

  get bytes(): number {
    const coded = this.#coded;
    const codes = coded ? coded.codes.byteLength + coded.products.byteLength : 0;
    return this.#full.data.byteLength + codes + this.#steps.byteLength + this.#errors.byteLength;
  }

  set(row: number, vector: Float32Array): void {
    this.#full.data.set(vector, row * this.#full.width);
    if (!this.#coded) return;
    const { codes, width } = this.#coded;
    const step = largest(vector) / 127;
    let off = 0;
    for (let j = 0; j < vector.length; j++) {
      const value = vector[j] as number;
      const code = step > 0 ? Math.round(value / step) : 0;
      codes[row * width + j] = code;
      off += (value - code * step) ** 2;
    }
    this.#steps[row] = step;
    this.#errors[row] = Math.sqrt(off);
  }

  /** Dot products of the first `count` of `places` with `query`, exact to single precision; they stand until the next call. */
  dots(places: Int32Array, count: number, query: Float32Array): Float32Array {
    this.#full.query.set(query);
    this.#full.run(places, count);
    return this.#full.products;
  }

  /** Writes for each row the middle of the bounds of its dot product with the unit vector `query`, and how far they are from it. */
  bounds(query: Float32Array, middles: Float32Array, reaches: Float32Array): void {
    if (!this.#coded) {
      const places = Int32Array.from({ length: this.rows }, (_, row) => row);
      middles.set(this.dots(places, this.rows, query));
      reaches.fill(margin);
      return;
    }
    const { query: codes, products } = this.#coded;
    // Sums stay below 2^31 whatever the rows hold.
    const range = Math.min(8191, Math.floor(2 ** 31 / (127 * this.dimensions)) - 1);
    const step = largest(query) / range;
    const perStep = step > 0 ? 1 / step : 0;
    let off = 0;
    let square = 0;
    for (let j = 0; j < query.length; j++) {
      const value = query[j] as number;
      const code = Math.round(value * perStep);
      codes[j] = code;
      off += (value - code * step) ** 2;
      square += value * value;
    }
    this.#coded.run();
    // x·q − x'·q' = (x − x')·q + x'·(q − q'), each at most the product of the lengths; x' is as long as x and its error at most.
    const gap = Math.sqrt(off);
    const slope = Math.sqrt(square) + gap;
    const least = gap + margin;
    const steps = this.#steps;
    const errors = this.#errors;
    const rows = this.rows;
    for (let row = 0; row < rows; row++) {
      middles[row] = (products[row] as number) * (steps[row] as number) * step;
      reaches[row] = (errors[row] as number) * slope + least;
    }
  }
}

function largest(vector: Float32Array): number {
  let most = 0;
  for (let j = 0; j < vector.length; j++) {
    const size = Math.abs(vector[j] as number);
    if (size > most) most = size;
  }
  return most;
}
