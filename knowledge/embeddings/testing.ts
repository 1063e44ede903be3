/** Small model files for tests. */
import { createHash } from 'node:crypto';

/** The bytes of a model file: `rows` as they are, one scale for all. */
export function modelFile(vocabulary: readonly string[], rows: readonly (readonly number[])[], scale = 0.01): Buffer {
  const text = Buffer.from(vocabulary.join('\n'), 'utf8');
  const padding = Buffer.alloc((4 - ((56 + text.length) % 4)) % 4);
  const scales = Buffer.from(new Float32Array(rows.length).fill(scale).buffer);
  const body = Buffer.concat([text, padding, scales, Buffer.from(Int8Array.from(rows.flat()).buffer)]);
  const numbers = Buffer.from(Uint32Array.of(1, rows[0]?.length ?? 0, vocabulary.length, text.length).buffer);
  return Buffer.concat([Buffer.from('WENBANEM'), numbers, createHash('sha256').update(body).digest(), body]);
}
