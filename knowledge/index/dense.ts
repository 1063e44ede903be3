/**
 * Flat exact search. All vectors stand in one Float32Array; beside them 8-bit codes, which are fast to multiply and give for each row
 * the highest its cosine can be. Only rows whose bound is high enough are multiplied in full: no graph, nothing is missed.
 */
import { type CodeRows, codeRows } from './dense-kernel.ts';

/** From so few rows on multiplying codes first is faster: a few hundred names in a fifteenth of the time. */
const codedFrom = 32;
/** More than what single precision loses in one number. */
const margin = 1e-6;

/** Rows are unit vectors of one length; a row that is left out is all zeros and has cosine 0 to everything. */
export class FlatVectors {
  readonly rows: number;
  readonly dimensions: number;
  readonly #data: Float32Array;
  readonly #coded: CodeRows | undefined;
  /** Of each row: what one step of its code stands for, and how far (length of the difference) the code is off. */
  readonly #steps: Float32Array;
  readonly #errors: Float32Array;
  /** How many ceilings fall into which part of −1 to 1; and the farthest that one of the last query may be above the dot product. */
  readonly #bins = new Int32Array(2048);
  #slack = 0;
  #largestError = 0;

  constructor(rows: number, dimensions: number, coded = rows >= codedFrom) {
    this.rows = rows;
    this.dimensions = dimensions;
    this.#data = new Float32Array(rows * dimensions);
    this.#coded = coded ? codeRows(rows, dimensions) : undefined;
    this.#steps = new Float32Array(coded ? rows : 0);
    this.#errors = new Float32Array(coded ? rows : 0);
  }

  get bytes(): number {
    const coded = this.#coded;
    const codes = coded ? coded.codes.byteLength + coded.products.byteLength : 0;
    return this.#data.byteLength + codes + this.#steps.byteLength + this.#errors.byteLength;
  }

  set(row: number, vector: Float32Array): void {
    this.#data.set(vector, row * this.dimensions);
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
    const error = Math.sqrt(off);
    this.#errors[row] = error;
    this.#largestError = Math.max(this.#largestError, error);
  }

  /**
   * From the ceilings of a query: a dot product that at least `count` rows are sure to reach, or −∞ where there are fewer. Whoever wants
   * the best `count` may leave out every row whose ceiling is below it.
   */
  reachedBy(ceilings: Float32Array, count: number): number {
    if (this.rows < count || count < 1) return Number.NEGATIVE_INFINITY;
    const bins = this.#bins.fill(0);
    const place = (ceiling: number) => Math.max(0, Math.min(bins.length - 1, Math.floor(((ceiling + 1) / 2) * bins.length)));
    for (let row = 0; row < this.rows; row++) {
      const bin = place(ceilings[row] as number);
      bins[bin] = (bins[bin] as number) + 1;
    }
    let bin = bins.length - 1;
    for (let seen = bins[bin] as number; seen < count; seen += bins[bin] as number) bin--;
    return (bin / bins.length) * 2 - 1 - this.#slack;
  }

  /** Dot product of one row, exact. */
  dot(row: number, query: Float32Array): number {
    const data = this.#data;
    const size = this.dimensions;
    const start = row * size;
    // Four sums side by side: one would wait for itself.
    let [a, b, c, d] = [0, 0, 0, 0];
    let j = 0;
    for (; j + 3 < size; j += 4) {
      const at = start + j;
      a += (data[at] as number) * (query[j] as number);
      b += (data[at + 1] as number) * (query[j + 1] as number);
      c += (data[at + 2] as number) * (query[j + 2] as number);
      d += (data[at + 3] as number) * (query[j + 3] as number);
    }
    for (; j < size; j++) a += (data[start + j] as number) * (query[j] as number);
    return a + b + (c + d);
  }

  /** Writes for each row a number that its dot product with the unit vector `query` does not exceed, and mostly nearly reaches. */
  ceilings(query: Float32Array, into: Float32Array): void {
    if (!this.#coded) {
      this.#slack = 2 * margin;
      for (let row = 0; row < this.rows; row++) into[row] = this.dot(row, query) + margin;
      return;
    }
    const { query: codes, products } = this.#coded;
    // Sums stay below 2^31 whatever the rows hold.
    const range = Math.min(8191, Math.floor(2 ** 31 / (127 * this.dimensions)) - 1);
    const step = largest(query) / range;
    let off = 0;
    let square = 0;
    for (let j = 0; j < query.length; j++) {
      const value = query[j] as number;
      const code = step > 0 ? Math.round(value / step) : 0;
      codes[j] = code;
      off += (value - code * step) ** 2;
      square += value * value;
    }
    this.#coded.run();
    // x·q − x'·q' = (x − x')·q + x'·(q − q'), each at most the product of the lengths; x' is as long as x and its error at most.
    const length = Math.sqrt(square);
    const gap = Math.sqrt(off);
    // The error of the code may lie on either side; single precision loses a little more.
    this.#slack = 2 * (this.#largestError * length + (1 + this.#largestError) * gap + margin) + margin;
    const steps = this.#steps;
    const errors = this.#errors;
    for (let row = 0; row < this.rows; row++) {
      const error = errors[row] as number;
      into[row] = (products[row] as number) * (steps[row] as number) * step + error * length + (1 + error) * gap + margin;
    }
  }
}

function largest(vector: Float32Array): number {
  let most = 0;
  for (let j = 0; j < vector.length; j++) most = Math.max(most, Math.abs(vector[j] as number));
  return most;
}
