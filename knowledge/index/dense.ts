/** Flat exact search: all vectors in one Float32Array, eight rows share each load of the query. No graph, nothing approximate. */

/** Rows are unit vectors of one length; a row that is left out is all zeros and has cosine 0 to everything. */
export class FlatVectors {
  readonly rows: number;
  readonly dimensions: number;
  readonly #data: Float32Array;

  constructor(rows: number, dimensions: number) {
    this.rows = rows;
    this.dimensions = dimensions;
    this.#data = new Float32Array(rows * dimensions);
  }

  get bytes(): number {
    return this.#data.byteLength;
  }

  set(row: number, vector: Float32Array): void {
    this.#data.set(vector, row * this.dimensions);
  }

  /** Dot product of one row. */
  dot(row: number, query: Float32Array): number {
    const data = this.#data;
    const size = this.dimensions;
    const start = row * size;
    let sum = 0;
    for (let j = 0; j < size; j++) sum += (data[start + j] as number) * (query[j] as number);
    return sum;
  }

  /** Dot products of all rows into `into`, which holds at least `rows` numbers. */
  dots(query: Float32Array, into: Float32Array): void {
    const data = this.#data;
    const size = this.dimensions;
    const blocks = this.rows - (this.rows % 8);
    // In double precision already: one conversion instead of one for each block.
    const wide = Float64Array.from(query);
    for (let row = 0; row < blocks; row += 8) {
      const a = row * size;
      const b = a + size;
      const c = b + size;
      const d = c + size;
      const e = d + size;
      const f = e + size;
      const g = f + size;
      const h = g + size;
      let sumA = 0;
      let sumB = 0;
      let sumC = 0;
      let sumD = 0;
      let sumE = 0;
      let sumF = 0;
      let sumG = 0;
      let sumH = 0;
      for (let j = 0; j < size; j++) {
        const x = wide[j] as number;
        sumA += (data[a + j] as number) * x;
        sumB += (data[b + j] as number) * x;
        sumC += (data[c + j] as number) * x;
        sumD += (data[d + j] as number) * x;
        sumE += (data[e + j] as number) * x;
        sumF += (data[f + j] as number) * x;
        sumG += (data[g + j] as number) * x;
        sumH += (data[h + j] as number) * x;
      }
      into[row] = sumA;
      into[row + 1] = sumB;
      into[row + 2] = sumC;
      into[row + 3] = sumD;
      into[row + 4] = sumE;
      into[row + 5] = sumF;
      into[row + 6] = sumG;
      into[row + 7] = sumH;
    }
    for (let row = blocks; row < this.rows; row++) into[row] = this.dot(row, query);
  }
}
