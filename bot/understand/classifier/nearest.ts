/** How much a text resembles the nearest examples of every class: what a linear model can't see where classes are close or examples few. */
import type { SparseVector } from './vectors.ts';

/** So many examples of a class are looked at; one alone may be a slip of whoever wrote it. */
const looked = 5;
/** What stands in more of the examples than this tells none of them apart, and its lists are the long ones. */
const commonest = 0.1;
/** In a handful of examples nothing is common. */
const fewest = 5;

export class NearestExamples {
  readonly #starts: Int32Array;
  readonly #examples: Int32Array;
  readonly #values: Float32Array;
  readonly #norms: Float32Array;
  readonly #labels: Int32Array;
  readonly #sizes: Int32Array;
  readonly #scores: Float32Array;
  readonly #features: number;

  /** Only the first `features` count: dense ones stand in every example and say little about words. */
  constructor(vectors: readonly SparseVector[], labels: readonly number[], classes: number, features: number) {
    this.#features = features;
    const counts = new Int32Array(features + 1);
    for (const { indices } of vectors)
      for (const index of indices) if (index < features) counts[index + 1] = (counts[index + 1] as number) + 1;
    const most = Math.max(fewest, vectors.length * commonest);
    for (let i = 1; i <= features; i++) if ((counts[i] as number) > most) counts[i] = 0;
    for (let i = 0; i < features; i++) counts[i + 1] = (counts[i + 1] as number) + (counts[i] as number);
    this.#starts = counts.slice();
    this.#examples = new Int32Array(counts[features] as number);
    this.#values = new Float32Array(counts[features] as number);
    this.#norms = new Float32Array(vectors.length);
    const next = counts;
    for (const [example, { indices, values }] of vectors.entries()) {
      let square = 0;
      for (let k = 0; k < indices.length; k++) {
        const index = indices[k] as number;
        if (index >= features) break;
        if (this.#starts[index] === this.#starts[index + 1]) continue;
        const at = next[index] as number;
        next[index] = at + 1;
        this.#examples[at] = example;
        this.#values[at] = values[k] as number;
        square += (values[k] as number) ** 2;
      }
      this.#norms[example] = Math.sqrt(square) || 1;
    }
    this.#labels = Int32Array.from(labels);
    this.#sizes = new Int32Array(classes);
    for (const label of labels) this.#sizes[label] = (this.#sizes[label] as number) + 1;
    this.#scores = new Float32Array(vectors.length);
  }

  /** Mean cosine (0..1) to the nearest five examples of each class, of all where it has fewer; and the highest of any below `inside`. */
  similarities({ indices, values }: SparseVector, inside: number): { readonly byClass: Float32Array; readonly nearest: number } {
    const scores = this.#scores.fill(0);
    let square = 0;
    for (let k = 0; k < indices.length; k++) {
      const index = indices[k] as number;
      if (index >= this.#features) break;
      const [start, end] = [this.#starts[index] as number, this.#starts[index + 1] as number];
      if (start === end) continue;
      const value = values[k] as number;
      square += value * value;
      for (let at = start; at < end; at++) {
        const example = this.#examples[at] as number;
        scores[example] = (scores[example] as number) + value * (this.#values[at] as number);
      }
    }
    return this.#best(Math.sqrt(square) || 1, inside);
  }

  #best(norm: number, inside: number): { byClass: Float32Array; nearest: number } {
    const scores = this.#scores;
    const tops = new Float32Array(this.#sizes.length * looked);
    let nearest = 0;
    for (let example = 0; example < scores.length; example++) {
      if (scores[example] === 0) continue;
      let similarity = (scores[example] as number) / (norm * (this.#norms[example] as number));
      const label = this.#labels[example] as number;
      if (label < inside && similarity > nearest) nearest = similarity;
      for (let at = label * looked; at < (label + 1) * looked && similarity > 0; at++) {
        const other = tops[at] as number;
        if (similarity <= other) continue;
        tops[at] = similarity;
        similarity = other;
      }
    }
    const byClass = new Float32Array(this.#sizes.length);
    for (let c = 0; c < byClass.length; c++) {
      let sum = 0;
      for (let at = c * looked; at < (c + 1) * looked; at++) sum += tops[at] as number;
      byClass[c] = sum / Math.max(1, Math.min(looked, this.#sizes[c] as number));
    }
    return { byClass, nearest };
  }
}
