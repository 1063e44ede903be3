/** How much a text resembles the nearest example of every class: what a linear model can't see where examples are few. */
import type { SparseVector } from './vectors.ts';

export class NearestExamples {
  readonly #starts: Int32Array;
  readonly #examples: Int32Array;
  readonly #values: Float32Array;
  readonly #norms: Float32Array;
  readonly #labels: Int32Array;
  readonly #scores: Float32Array;
  readonly #features: number;

  /** Only the first `features` count: dense ones stand in every example and say little about words. */
  constructor(vectors: readonly SparseVector[], labels: readonly number[], features: number) {
    this.#features = features;
    const counts = new Int32Array(features + 1);
    for (const { indices } of vectors)
      for (const index of indices) if (index < features) counts[index + 1] = (counts[index + 1] as number) + 1;
    for (let i = 0; i < features; i++) counts[i + 1] = (counts[i + 1] as number) + (counts[i] as number);
    this.#starts = counts.slice();
    this.#examples = new Int32Array(counts[features] as number);
    this.#values = new Float32Array(counts[features] as number);
    this.#norms = new Float32Array(vectors.length);
    const next = counts;
    for (const [example, { indices, values }] of vectors.entries()) {
      let square = 0;
      for (let k = 0; k < indices.length; k++) {
        if ((indices[k] as number) >= features) break;
        const at = next[indices[k] as number] as number;
        next[indices[k] as number] = at + 1;
        this.#examples[at] = example;
        this.#values[at] = values[k] as number;
        square += (values[k] as number) ** 2;
      }
      this.#norms[example] = Math.sqrt(square) || 1;
    }
    this.#labels = Int32Array.from(labels);
    this.#scores = new Float32Array(vectors.length);
  }

  /** Highest cosine (0..1) to an example of each class. */
  similarities({ indices, values }: SparseVector, classes: number): Float32Array {
    const scores = this.#scores.fill(0);
    let square = 0;
    for (let k = 0; k < indices.length; k++) {
      const index = indices[k] as number;
      if (index >= this.#features) break;
      const value = values[k] as number;
      square += value * value;
      const end = this.#starts[index + 1] as number;
      for (let at = this.#starts[index] as number; at < end; at++) {
        const example = this.#examples[at] as number;
        scores[example] = (scores[example] as number) + value * (this.#values[at] as number);
      }
    }
    const best = new Float32Array(classes);
    const norm = Math.sqrt(square) || 1;
    for (let example = 0; example < scores.length; example++) {
      if (scores[example] === 0) continue;
      const similarity = (scores[example] as number) / (norm * (this.#norms[example] as number));
      const label = this.#labels[example] as number;
      if (similarity > (best[label] as number)) best[label] = similarity;
    }
    return best;
  }
}
