/**
 * The inner loops of dense search as WebAssembly functions with SIMD, without native code: one query against all rows of 8-bit codes, and
 * against some rows in full. Ten times the speed of the loops in JavaScript. Where the engine knows no SIMD, those give the same numbers:
 * codes to the last digit, full rows to single precision.
 */
import {
  add,
  addSingles,
  againIf,
  end,
  get,
  lessThan,
  loadNumber,
  loop,
  moduleOf,
  type Routine,
  set,
  small,
  storeNumberAt,
  storeSingle,
  tee,
  unsigned,
  vector,
} from './wasm-code.ts';

/** Dot products of `rows` rows: rows and query are padded to `width` numbers, a multiple of 16; results are exact whole numbers. */
export interface CodeRows {
  readonly width: number;
  /** Row-major. */
  readonly codes: Int8Array;
  readonly query: Int16Array;
  readonly products: Int32Array;
  /** Fills `products` from `codes` and `query`. */
  run(): void;
}

/** Dot products of chosen rows, in full; padded as the codes are. */
export interface FullRows {
  readonly width: number;
  /** Row-major. */
  readonly data: Float32Array;
  readonly query: Float32Array;
  readonly products: Float32Array;
  /** Writes the dot product of `rows[i]` to `products[i]`, for the first `count`. */
  run(rows: Int32Array, count: number): void;
}

/** Codes of rows that share each load of the query. */
const together = 4;
const page = 65_536;
const padded = (dimensions: number): number => Math.ceil(dimensions / 16) * 16;

type Exports = Record<'codes' | 'full', (...numbers: number[]) => void>;

/** Memory for so many bytes, with the functions on it where there can be any. */
function memoryOf(bytes: number, simd: boolean): { buffer: ArrayBuffer; run: Exports | undefined } {
  const pages = Math.ceil(bytes / page);
  const code = simd && pages > 0 && pages <= page ? kernel() : undefined;
  if (!code) return { buffer: new ArrayBuffer(bytes), run: undefined };
  const memory = new WebAssembly.Memory({ initial: pages });
  return { buffer: memory.buffer, run: new WebAssembly.Instance(code, { from: { memory } }).exports as Exports };
}

/** All zeros at first. `simd: false` is for tests. */
export function codeRows(rows: number, dimensions: number, simd = true): CodeRows {
  const width = padded(dimensions);
  const paddedRows = Math.ceil(rows / together) * together;
  const codesAt = width * 2;
  const productsAt = codesAt + paddedRows * width;
  const { buffer, run } = memoryOf(productsAt + paddedRows * 4, simd && rows > 0);
  const codes = new Int8Array(buffer, codesAt, paddedRows * width);
  const query = new Int16Array(buffer, 0, width);
  const products = new Int32Array(buffer, productsAt, paddedRows);
  if (!run) return { width, codes, query, products, run: () => multiplyCodes(codes, query, products, width) };
  return { width, codes, query, products, run: () => run.codes(codesAt, productsAt, width, productsAt) };
}

/** All zeros at first. `simd: false` is for tests. */
export function fullRows(rows: number, dimensions: number, simd = true): FullRows {
  const width = padded(dimensions);
  const dataAt = width * 4;
  const placesAt = dataAt + rows * width * 4;
  const productsAt = placesAt + rows * 4;
  const { buffer, run } = memoryOf(productsAt + rows * 4, simd && rows > 0);
  const data = new Float32Array(buffer, dataAt, rows * width);
  const query = new Float32Array(buffer, 0, width);
  const products = new Float32Array(buffer, productsAt, rows);
  if (!run) return { width, data, query, products, run: (places, count) => multiplyRows(data, query, products, width, places, count) };
  const addresses = new Int32Array(buffer, placesAt, rows);
  return {
    width,
    data,
    query,
    products,
    run(places, count) {
      for (let i = 0; i < count; i++) addresses[i] = dataAt + (places[i] as number) * width * 4;
      if (count > 0) run.full(placesAt, placesAt + count * 4, width * 4, productsAt);
    },
  };
}

function multiplyCodes(codes: Int8Array, query: Int16Array, products: Int32Array, width: number): void {
  for (let row = 0; row < products.length; row++) {
    const start = row * width;
    let sum = 0;
    for (let j = 0; j < width; j++) sum += (codes[start + j] as number) * (query[j] as number);
    products[row] = sum;
  }
}

function multiplyRows(
  data: Float32Array,
  query: Float32Array,
  products: Float32Array,
  width: number,
  places: Int32Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const start = (places[i] as number) * width;
    // Four sums side by side: one would wait for itself.
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let j = 0; j < width; j += 4) {
      const at = start + j;
      a += (data[at] as number) * (query[j] as number);
      b += (data[at + 1] as number) * (query[j + 1] as number);
      c += (data[at + 2] as number) * (query[j + 2] as number);
      d += (data[at + 3] as number) * (query[j + 3] as number);
    }
    products[i] = a + b + (c + d);
  }
}

let compiled: WebAssembly.Module | false | undefined;

function kernel(): WebAssembly.Module | undefined {
  if (compiled === undefined) {
    const bytes = moduleOf([codesRoutine(), fullRoutine()]);
    compiled = WebAssembly.validate(bytes) && new WebAssembly.Module(bytes);
  }
  return compiled || undefined;
}

const loadAt = (offset: number) => vector(0, 4, ...unsigned(offset));
const zeros = vector(12, ...new Array<number>(16).fill(0));
const each = [0, 1, 2, 3];

/** codes(row, lastRow, width, out): four rows at a time, sixteen numbers a step; memory starts with the query. */
function codesRoutine(): Routine {
  /** Eight bytes, each widened to 16 bits with its sign. */
  const loadWideningAt = (offset: number) => vector(1, 0, offset);
  const lane = (index: number) => vector(27, index);
  const addLanes = vector(174);
  /** i32x4.dot_i16x8_s: products of 16-bit numbers, neighbours added. */
  const multiplyPairs = vector(186);
  const [row, lastRow, width, out] = [0, 1, 2, 3];
  const pointer = (i: number) => 4 + i;
  const at = 4 + together;
  const sum = (i: number) => at + 1 + i;
  const part = sum(together);
  const step = (offset: number) => [
    ...[...get(at), ...loadAt(offset * 2), ...set(part)],
    ...each.flatMap((i) => [
      ...[...get(sum(i)), ...get(pointer(i)), ...loadWideningAt(offset)],
      ...[...get(part), ...multiplyPairs, ...addLanes, ...set(sum(i))],
    ]),
  ];
  const body = [
    ...loop,
    ...each.flatMap((i) => [...(i === 0 ? get(row) : [...get(pointer(i - 1)), ...get(width), ...add]), ...set(pointer(i))]),
    ...each.flatMap((i) => [...zeros, ...set(sum(i))]),
    ...[...small(0), ...set(at)],
    ...loop,
    ...step(0),
    ...step(8),
    ...each.flatMap((i) => [...get(pointer(i)), ...small(16), ...add, ...set(pointer(i))]),
    ...[...get(at), ...small(32), ...add, ...tee(at), ...get(width), ...get(width), ...add, ...lessThan, ...againIf],
    ...end,
    ...each.flatMap((i) => [
      ...[...get(out), ...get(sum(i)), ...lane(0)],
      ...[1, 2, 3].flatMap((l) => [...get(sum(i)), ...lane(l), ...add]),
      ...storeNumberAt(i * 4),
    ]),
    ...[...get(out), ...small(together * 4), ...add, ...set(out)],
    // The last pointer has come to the end of its row: there the next four begin.
    ...[...get(pointer(together - 1)), ...tee(row), ...get(lastRow), ...lessThan, ...againIf],
    ...end,
  ];
  return { name: 'codes', pointers: together + 1, vectors: together + 1, body };
}

/** full(place, lastPlace, bytes, out): a list of addresses of rows, sixteen numbers of single precision a step; memory starts with the query. */
function fullRoutine(): Routine {
  const [place, lastPlace, bytes, out] = [0, 1, 2, 3];
  const [pointer, at] = [4, 5];
  const sum = (i: number) => 6 + i;
  const lane = (index: number) => vector(31, index);
  const addLanes = vector(228);
  const multiplyLanes = vector(230);
  const body = [
    ...loop,
    ...[...get(place), ...loadNumber, ...set(pointer)],
    ...each.flatMap((i) => [...zeros, ...set(sum(i))]),
    ...[...small(0), ...set(at)],
    ...loop,
    ...each.flatMap((i) => [
      ...[...get(sum(i)), ...get(pointer), ...loadAt(i * 16), ...get(at), ...loadAt(i * 16)],
      ...[...multiplyLanes, ...addLanes, ...set(sum(i))],
    ]),
    // 64 is one more than `small` can say.
    ...[...get(pointer), ...small(32), ...add, ...small(32), ...add, ...set(pointer)],
    ...[...get(at), ...small(32), ...add, ...small(32), ...add, ...tee(at), ...get(bytes), ...lessThan, ...againIf],
    ...end,
    ...[...get(sum(0)), ...get(sum(1)), ...addLanes, ...get(sum(2)), ...get(sum(3)), ...addLanes, ...addLanes, ...set(sum(0))],
    ...[...get(out), ...get(sum(0)), ...lane(0), ...[1, 2, 3].flatMap((l) => [...get(sum(0)), ...lane(l), ...addSingles]), ...storeSingle],
    ...[...get(out), ...small(4), ...add, ...set(out)],
    ...[...get(place), ...small(4), ...add, ...tee(place), ...get(lastPlace), ...lessThan, ...againIf],
    ...end,
  ];
  return { name: 'full', pointers: 2, vectors: 4, body };
}
