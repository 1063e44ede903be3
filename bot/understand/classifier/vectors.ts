/** Features as weighted sparse vectors: tf-idf, each block at unit length times its weight, then the dense vector of the text. */
import { type Block, featuresOf } from './features.ts';

export interface SparseVector {
  /** Counted features first, then the dense ones. */
  readonly indices: Int32Array;
  readonly values: Float32Array;
  /** Share (0..1) of the text's feature weight that was never seen in training. */
  readonly unseen: number;
}

/** Turns a text into a dense vector of fixed length, such as the built-in embeddings do. */
export type Dense = (text: string) => Float32Array;

const blocks: readonly Block[] = ['characters', 'words'];
const blockWeights: Record<Block, number> = { characters: 0.75, words: 0.65 };
const denseWeight = 1;
/** The meaning of a letter is that of more than its beginning. */
const longestMeant = 300;

export class Vectoriser {
  readonly #index = new Map<number, number>();
  readonly #idf: number[] = [];
  readonly #unknownIdf: number;
  readonly #dense: Dense | undefined;
  readonly #denseLength: number;
  /** Of the features of the text at hand, in double precision. */
  readonly #weights: number[] = [];

  /** Counts the features of the texts that are learnt from; yields after every text. */
  static *learning(texts: readonly string[], dense?: Dense): Generator<void, Vectoriser> {
    const seen = new Map<number, number>();
    for (const text of texts) {
      const features = featuresOf(text);
      for (const block of blocks) for (const key of features[block].keys()) seen.set(key, (seen.get(key) ?? 0) + 1);
      yield;
    }
    return new Vectoriser(texts.length, seen, dense);
  }

  private constructor(texts: number, seen: ReadonlyMap<number, number>, dense: Dense | undefined) {
    // In a big collection what occurs once decides nothing; in a small one it may be the only clue.
    const least = texts > 5000 ? 2 : 1;
    for (const [key, count] of seen) {
      if (count < least) continue;
      this.#index.set(key, this.#idf.length);
      this.#idf.push(1 + Math.log((1 + texts) / (1 + count)));
    }
    this.#unknownIdf = 1 + Math.log(1 + texts);
    this.#dense = dense;
    this.#denseLength = dense ? dense('').length : 0;
  }

  /** Number of features that are counted; the dense ones follow. */
  get counted(): number {
    return this.#idf.length;
  }

  /** Number of all features. */
  get size(): number {
    return this.#idf.length + this.#denseLength;
  }

  vector(text: string): SparseVector {
    const features = featuresOf(text);
    const dense = this.#dense?.(text.slice(0, longestMeant));
    const most = features.characters.size + features.words.size + (dense?.length ?? 0);
    const indices = new Int32Array(most);
    const values = new Float32Array(most);
    let count = 0;
    let [known, unknown] = [0, 0];
    for (const block of blocks) {
      const part = this.#block(features[block], blockWeights[block], count, indices, values);
      count = part.end;
      known += part.known;
      unknown += part.unknown;
    }
    if (dense) {
      for (let i = 0; i < dense.length; i++) {
        indices[count + i] = this.#idf.length + i;
        values[count + i] = (dense[i] as number) * denseWeight;
      }
      count += dense.length;
    }
    return {
      indices: indices.subarray(0, count),
      values: values.subarray(0, count),
      unseen: known + unknown === 0 ? 1 : unknown / (known + unknown),
    };
  }

  /** Writes the known features of a block from `start` on, weighed; `known` and `unknown` are squares of weights before that. */
  #block(
    features: ReadonlyMap<number, number>,
    blockWeight: number,
    start: number,
    indices: Int32Array,
    values: Float32Array,
  ): { end: number; known: number; unknown: number } {
    let end = start;
    let [square, unknown] = [0, 0];
    const weights = this.#weights;
    for (const [key, count] of features) {
      const index = this.#index.get(key);
      // Most features stand once in a message.
      const weight = (count === 1 ? 1 : 1 + Math.log(count)) * (index === undefined ? this.#unknownIdf : (this.#idf[index] as number));
      if (index === undefined) unknown += weight * weight;
      else {
        indices[end] = index;
        weights[end++] = weight;
        square += weight * weight;
      }
    }
    const scale = square > 0 ? blockWeight / Math.sqrt(square) : 0;
    for (let i = start; i < end; i++) values[i] = (weights[i] as number) * scale;
    return { end, known: square, unknown };
  }
}
