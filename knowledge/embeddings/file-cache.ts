/** Vectors of an endpoint kept in one append-only file, so that a restart costs nothing. A record: 32 bytes of key, length, floats. */
import { appendFile, mkdir, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EmbeddingCache } from './endpoint.ts';

const keyBytes = 32;
const headBytes = keyBytes + 4;
/** More numbers than any model gives: a length beyond is a damaged file. */
const mostNumbers = 65_536;

/** Opens the file, or begins one. A record cut off by a crash is dropped. Errors: the file system's. */
export async function openFileCache(file: string): Promise<EmbeddingCache> {
  await mkdir(dirname(file), { recursive: true });
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const vectors = new Map<string, Float32Array>();
  let at = 0;
  while (at + headBytes <= bytes.length) {
    const length = bytes.readUInt32LE(at + keyBytes);
    const end = at + headBytes + 4 * length;
    if (length > mostNumbers || end > bytes.length) break;
    const vector = new Float32Array(length);
    for (let i = 0; i < length; i++) vector[i] = bytes.readFloatLE(at + headBytes + 4 * i);
    vectors.set(bytes.toString('hex', at, at + keyBytes), vector);
    at = end;
  }
  if (at < bytes.length) await truncate(file, at);
  let writing: Promise<void> = Promise.resolve();
  return {
    get: async (keys) => keys.map((key) => vectors.get(key)),
    set: (entries) => {
      const records = entries.filter(({ key }) => !vectors.has(key)).map(({ key, vector }) => record(key, vector));
      for (const { key, vector } of entries) vectors.set(key, vector);
      // One after another: records of two batches must not mix.
      writing = writing.catch(() => undefined).then(() => appendFile(file, Buffer.concat(records)));
      return writing;
    },
  };
}

function record(key: string, vector: Float32Array): Buffer {
  const bytes = Buffer.alloc(headBytes + 4 * vector.length);
  bytes.write(key, 'hex');
  bytes.writeUInt32LE(vector.length, keyBytes);
  vector.forEach((value, i) => {
    bytes.writeFloatLE(value, headBytes + 4 * i);
  });
  return bytes;
}
