/** Files while they arrive: on disk, but readable only to this process, under a key that is never written down. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { tooLarge } from '../errors.ts';

const CIPHER = 'aes-256-ctr';
const NONCE = 16;
const key = randomBytes(32);

/** Streams to disk, counting and hashing what arrives; never holds more than a chunk. Throws DirectLineError 413 beyond `maxBytes`. */
export async function writeStaged(stream: Readable, path: string, maxBytes: number): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, key, nonce);
  let size = 0;
  await pipeline(
    stream,
    async function* (chunks: AsyncIterable<Buffer>) {
      yield nonce;
      for await (const chunk of chunks) {
        size += chunk.length;
        if (size > maxBytes) throw tooLarge('file', maxBytes);
        hash.update(chunk);
        yield cipher.update(chunk);
      }
    },
    createWriteStream(path, { flags: 'wx', mode: 0o600 }),
  );
  return { size, sha256: hash.digest('hex') };
}

/** The whole content of a file this process has staged. */
export async function readStaged(path: string): Promise<Buffer> {
  const stored = await readFile(path);
  return createDecipheriv(CIPHER, key, stored.subarray(0, NONCE)).update(stored.subarray(NONCE));
}
