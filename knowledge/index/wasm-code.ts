/** WebAssembly put together byte by byte, as much of it as the kernels need (encoding: WebAssembly core specification 2.0, chapter 5). */

type Bytes = readonly number[];

export const unsigned = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]);
const list = (parts: readonly Bytes[]): number[] => [...unsigned(parts.length), ...parts.flat()];
const sized = (bytes: Bytes): number[] => [...unsigned(bytes.length), ...bytes];
const text = (word: string): number[] => sized([...word].map((letter) => letter.charCodeAt(0)));

const i32 = 0x7f;
const v128 = 0x7b;

export const get = (local: number): number[] => [0x20, local];
export const set = (local: number): number[] => [0x21, local];
export const tee = (local: number): number[] => [0x22, local];
/** 0 to 63: larger ones take more bytes. */
export const small = (value: number): number[] => [0x41, value];
export const add: Bytes = [0x6a];
export const lessThan: Bytes = [0x49];
export const loop: Bytes = [0x03, 0x40];
export const againIf: Bytes = [0x0d, 0];
export const end: Bytes = [0x0b];
export const loadNumber: Bytes = [0x28, 2, 0];
export const storeNumberAt = (offset: number): number[] => [0x36, 2, ...unsigned(offset)];
export const addSingles: Bytes = [0x92];
export const storeSingle: Bytes = [0x38, 2, 0];
/** An instruction on 128 bits. */
export const vector = (operation: number, ...rest: number[]): number[] => [0xfd, ...unsigned(operation), ...rest];

/** Four whole numbers go in, nothing comes out; `pointers` and `vectors` are locals of 32 and 128 bits, zero at first. */
export interface Routine {
  readonly name: string;
  readonly pointers: number;
  readonly vectors: number;
  readonly body: Bytes;
}

/** A module that exports the routines and works on the memory it is given as `from.memory`. */
export function moduleOf(routines: readonly Routine[]): Uint8Array<ArrayBuffer> {
  const section = (id: number, bytes: Bytes) => [id, ...sized(bytes)];
  const code = ({ pointers, vectors, body }: Routine) =>
    sized([
      ...list([
        [pointers, i32],
        [vectors, v128],
      ]),
      ...body,
      ...end,
    ]);
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list([[0x60, ...list([[i32], [i32], [i32], [i32]]), 0]])),
    ...section(2, list([[...text('from'), ...text('memory'), 2, 0, 1]])),
    ...section(3, list(routines.map(() => [0]))),
    ...section(7, list(routines.map(({ name }, i) => [...text(name), 0, i]))),
    ...section(10, list(routines.map(code))),
  ]);
}
