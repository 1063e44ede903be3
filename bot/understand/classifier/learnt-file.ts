/** Keeps what was learnt in a file: a start reads in milliseconds what takes seconds to learn. Lost or damaged, it is learnt anew. */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { CalibrationParameters } from './held-out.ts';
import type { Datum } from './model.ts';

export interface Learnt {
  readonly calibration: CalibrationParameters;
  /** Of the linear scores: by feature and class, and of each class. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

export interface LearntMemory {
  /** What was learnt from the same examples in the same way, if anything. */
  read(key: string): Learnt | undefined;
  /** Keeps it in the place of what was there. Never throws: what can't be kept is learnt again. */
  write(key: string, learnt: Learnt): void;
}

/** Changes with the way of learning, so that nothing learnt in another way is taken for the same. */
const method = 'softmax and nearest, 1';
const headSchema = z.object({
  key: z.string(),
  calibration: z.object({
    weight: z.number(),
    temperature: z.number(),
    threshold: z.number(),
    scales: z.array(z.number()),
    curve: z.object({ slope: z.number(), bias: z.number(), mean: z.number(), spread: z.number() }),
  }),
  weights: z.int().min(0),
  bias: z.int().min(0),
  digest: z.string(),
});
/** Length of the head, in four bytes; the numbers begin at a multiple of four. */
const prefix = 4;

/** Names examples by their features, so that other features, words or embeddings are other examples. */
export function keyOf(data: readonly Datum[], labels: readonly string[], features: number): string {
  const hash = createHash('sha256').update(JSON.stringify([method, labels, features]));
  for (const { vector, label } of data)
    hash.update(`${label}:${vector.indices.length};`).update(bytesOf(vector.indices)).update(bytesOf(vector.values));
  return hash.digest('hex');
}

/** A memory of one file, in a folder that exists. */
export function learntFile(path: string): LearntMemory {
  return {
    read(key) {
      try {
        return decoded(readFileSync(path), key);
      } catch {
        return undefined;
      }
    },
    write(key, learnt) {
      try {
        // Whoever reads meanwhile finds the old file or the new one, whole.
        writeFileSync(`${path}.new`, encoded(key, learnt), { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch {
        // A folder that can't be written to costs time at the next start, nothing else.
      }
    },
  };
}

function encoded(key: string, { calibration, weights, bias }: Learnt): Buffer {
  const numbers = Buffer.concat([bytesOf(weights), bytesOf(bias)]);
  const json = JSON.stringify({ key, calibration, weights: weights.length, bias: bias.length, digest: digestOf(numbers) });
  const head = Buffer.from(json.padEnd(Math.ceil(Buffer.byteLength(json) / 4) * 4));
  const length = Buffer.alloc(prefix);
  length.writeUInt32LE(head.length);
  return Buffer.concat([length, head, numbers]);
}

/** Undefined for another key; throws for bytes that are no such file. */
function decoded(bytes: Buffer, key: string): Learnt | undefined {
  const start = prefix + bytes.readUInt32LE(0);
  const head = headSchema.parse(JSON.parse(bytes.subarray(prefix, start).toString()));
  const numbers = bytes.subarray(start);
  if (head.key !== key || numbers.length !== (head.weights + head.bias) * 4 || digestOf(numbers) !== head.digest) return undefined;
  const all = new Float32Array(numbers.buffer.slice(numbers.byteOffset, numbers.byteOffset + numbers.length));
  return { calibration: head.calibration, weights: all.slice(0, head.weights), bias: all.slice(head.weights) };
}

const bytesOf = (numbers: Int32Array | Float32Array): Buffer => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
