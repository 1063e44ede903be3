/** The built-in embeddings: a table of word vectors, read without native code. What it is made of: model/MODEL_CARD.md. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { normalise } from '../text/normalise.ts';
import { remembered } from '../text/remembered.ts';
import type { Embedder } from './embedder.ts';
import { type EmbeddingTable, readModelFile } from './model-file.ts';
import { makeSegmenter } from './segment.ts';

/** The file that ships. The bundled program passes its own path. */
export const builtInModel = fileURLToPath(new URL('model/wenban-zh-256.bin', import.meta.url));

/** An embedder that computes at once; a text without any known character has the zero vector.  */
export interface StaticEmbedder extends Embedder {
  vector(text: string): Float32Array;
  /** The entries a text is read as, for explaining and testing. */
  entries(text: string): string[];
}

/**
 * Reads a model file and makes its embedder: mean of the rows of the text's entries, unit length.
 * Errors: the file's name with what the file system says, or what is wrong with the file (ModelFileError).
 */
export async function loadStaticEmbedder(file: string): Promise<StaticEmbedder> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Error(`${file}: the embedding model cannot be read: ${cause instanceof Error ? cause.message : cause}`, { cause });
  });
  const table = readModelFile(bytes, file);
  return makeStaticEmbedder(table, `${basename(file).replace(/\.bin$/, '')}@${table.sha256.slice(0, 12)}`);
}

/** The embedder of a table; `id` must change when the table does. */
export function makeStaticEmbedder(table: EmbeddingTable, id: string): StaticEmbedder {
  const { dimensions, rows, scales, vocabulary } = table;
  const segmenter = makeSegmenter(vocabulary);
  // A message is embedded for the index and for what was learnt, within the same turn.
  const vectorOf = remembered((normalised): Float32Array => {
    const sum = new Float32Array(dimensions);
    for (const row of segmenter.ids(normalised)) {
      const scale = scales[row] as number;
      const start = row * dimensions;
      for (let i = 0; i < dimensions; i++) sum[i] = (sum[i] as number) + (rows[start + i] as number) * scale;
    }
    return toUnitLength(sum);
  });
  const vector = (text: string): Float32Array => vectorOf(normalise(text)).slice();
  return {
    id,
    dimensions,
    vector,
    entries: (text) => segmenter.ids(normalise(text)).map((row) => vocabulary[row] ?? ''),
    embed: async (texts) => texts.map(vector),
  };
}

/** Scales a vector to length 1 in place; the zero vector stays as it is. */
export function toUnitLength(vector: Float32Array): Float32Array {
  let square = 0;
  for (let i = 0; i < vector.length; i++) square += (vector[i] as number) ** 2;
  const length = Math.sqrt(square);
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) / length;
  return vector;
}
