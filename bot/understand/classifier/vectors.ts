/** Features as weighted sparse vectors: tf-idf, each block at unit length times its weight, then the dense vector of the text. */
import { type Block, type Features, featuresOf } from './features.ts';

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
    const indices: number[] = [];
    const values: number[] = [];
    let [known, unknown] = [0, 0];
    for (const block of blocks) {
      const [blockKnown, blockUnknown] = this.#block(features, block, indices, values);
      known += blockKnown;
      unknown += blockUnknown;
    }
    const dense = this.#dense?.(text.slice(0, longestMeant));
    if (dense) {
      const start = this.#idf.length;
      for (let i = 0; i < dense.length; i++) {
        indices.push(start + i);
        values.push((dense[i] ?? 0) * denseWeight);
      }
    }
    return {
      indices: Int32Array.from(indices),
      values: Float32Array.from(values),
      unseen: known + unknown === 0 ? 1 : unknown / (known + unknown),
    };
  }

  #block(features: Features, block: Block, indices: number[], values: number[]): [known: number, unknown: number] {
    const start = indices.length;
    let [square, unknown] = [0, 0];
    for (const [key, count] of features[block]) {
      const index = this.#index.get(key);
      const weight = (1 + Math.log(count)) * (index === undefined ? this.#unknownIdf : (this.#idf[index] ?? 0));
      if (index === undefined) unknown += weight * weight;
      else {
        indices.push(index);
        values.push(weight);
        square += weight * weight;
      }
    }
    const scale = square > 0 ? blockWeights[block] / Math.sqrt(square) : 0;
    for (let i = start; i < values.length; i++) values[i] = (values[i] ?? 0) * scale;
    return [square, unknown];
  }
}
