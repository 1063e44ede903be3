/**
 * The file of a static embedding table, little-endian:
 * "WENBANEM", u32 version, u32 dimensions, u32 rows, u32 vocabulary bytes, 32 bytes SHA-256 of all that follows,
 * vocabulary (UTF-8, entries joined by \n), zeros up to a multiple of 4, f32 scale of each row, i8 rows.
 * distil/model_file.py writes it.
 */
import { createHash } from 'node:crypto';

const magic = 'WENBANEM';
const version = 1;
const headerBytes = 8 + 4 * 4 + 32;
const longestEntry = 255;

export interface EmbeddingTable {
  readonly dimensions: number;
  readonly vocabulary: readonly string[];
  /** Row i is `rows[i·dimensions …] · scales[i]`. */
  readonly scales: Float32Array;
  readonly rows: Int8Array;
  /** Of the whole file, hexadecimal. */
  readonly sha256: string;
}

/** A file that is no such table, or not whole; `message` says what is wrong. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
}

/** Reads a table. `name` goes into the messages. Errors: ModelFileError. */
export function readModelFile(bytes: Uint8Array, name: string): EmbeddingTable {
  const fail = (problem: string): never => {
    throw new ModelFileError(`${name}: ${problem}`);
  };
  if (bytes.length < headerBytes) fail(`is ${bytes.length} bytes long, shorter than its header: the file is cut off or not a model`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (Buffer.from(bytes.subarray(0, 8)).toString('latin1') !== magic) fail('does not begin with WENBANEM: not a Wenban embedding model');
  const found = view.getUint32(8, true);
  if (found !== version) fail(`has format version ${found}, this program reads version ${version}`);
  const dimensions = view.getUint32(12, true);
  const count = view.getUint32(16, true);
  const vocabularyBytes = view.getUint32(20, true);
  if (dimensions < 1 || dimensions > 4096) fail(`says it has ${dimensions} dimensions`);
  const scalesAt = Math.ceil((headerBytes + vocabularyBytes) / 4) * 4;
  const rowsAt = scalesAt + 4 * count;
  const expected = rowsAt + dimensions * count;
  if (bytes.length !== expected) fail(`is ${bytes.length} bytes long, its header says ${expected}: the file is damaged`);
  const body = createHash('sha256').update(bytes.subarray(headerBytes)).digest();
  if (!body.equals(bytes.subarray(24, headerBytes))) fail('does not match its checksum: the file is damaged');

  const vocabulary = new TextDecoder('utf-8', { fatal: true })
    .decode(bytes.subarray(headerBytes, headerBytes + vocabularyBytes))
    .split('\n');
  if (vocabulary.length !== count) fail(`holds ${vocabulary.length} entries for ${count} rows`);
  if (vocabulary.some((entry) => entry === '' || entry.length > longestEntry)) fail('holds an entry that is empty or too long');
  // Copied, so that the typed arrays are aligned and the file's buffer can go.
  return {
    dimensions,
    vocabulary,
    scales: new Float32Array(new Uint8Array(bytes.subarray(scalesAt, rowsAt)).buffer),
    rows: new Int8Array(new Uint8Array(bytes.subarray(rowsAt, expected)).buffer),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}
