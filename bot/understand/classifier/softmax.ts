/** Multinomial logistic regression over sparse vectors, trained by stochastic gradient descent whose steps shrink to nothing. */
import type { SparseVector } from './vectors.ts';

export interface TrainingOptions {
  readonly epochs: number;
  /** Length of the first step. */
  readonly rate: number;
  /** Share of an example's features left out each time it is seen, so that no single one decides alone. */
  readonly dropout: number;
  /** 0..1, the same numbers for the same seed. */
  readonly random: () => number;
}

/** Gradients smaller than this change nothing that matters: most classes of most examples after the first rounds. */
const worthwhile = 2e-3;
/** How common a label is should say little: examples are not drawn as messages are. */
const biasShare = 0.03;

export class Softmax {
  readonly #classes: number;
  /** By feature, then class: one feature touches one stretch of memory. */
  readonly #weights: Float32Array;
  readonly #bias: Float32Array;

  /** `learnt`: weights and bias as they were; default: nothing is known yet. Errors: they are of other features or classes. */
  constructor(features: number, classes: number, learnt?: { readonly weights: Float32Array; readonly bias: Float32Array }) {
    this.#classes = classes;
    this.#weights = learnt?.weights ?? new Float32Array(features * classes);
    this.#bias = learnt?.bias ?? new Float32Array(classes);
    if (this.#weights.length !== features * classes || this.#bias.length !== classes)
      throw new Error('weights of other features or classes');
  }

  get weights(): Float32Array {
    return this.#weights;
  }

  get bias(): Float32Array {
    return this.#bias;
  }

  /** One score a class; the higher the likelier. */
  logits({ indices, values }: SparseVector, into: Float32Array = new Float32Array(this.#classes)): Float32Array {
    return this.#logits(indices, values, indices.length, into);
  }

  /** Of the first `count` features. */
  #logits(indices: Int32Array, values: Float32Array, count: number, into: Float32Array): Float32Array {
    const classes = this.#classes;
    const weights = this.#weights;
    into.set(this.#bias);
    let k = 0;
    // Four features in one pass: the scores are read and written a quarter as often.
    for (; k + 3 < count; k += 4) {
      const [a, b, c, d] = [
        (indices[k] as number) * classes,
        (indices[k + 1] as number) * classes,
        (indices[k + 2] as number) * classes,
        (indices[k + 3] as number) * classes,
      ];
      const va = values[k] as number;
      const vb = values[k + 1] as number;
      const vc = values[k + 2] as number;
      const vd = values[k + 3] as number;
      for (let i = 0; i < classes; i++)
        into[i] =
          (into[i] as number) +
          va * (weights[a + i] as number) +
          vb * (weights[b + i] as number) +
          vc * (weights[c + i] as number) +
          vd * (weights[d + i] as number);
    }
    for (; k < count; k++) {
      const value = values[k] as number;
      const row = (indices[k] as number) * classes;
      for (let i = 0; i < classes; i++) into[i] = (into[i] as number) + value * (weights[row + i] as number);
    }
    return into;
  }

  /** Learns; yields after every example, so that whoever runs it can do something else in between. */
  *training(vectors: readonly SparseVector[], labels: readonly number[], options: TrainingOptions): Generator<void, void> {
    const { epochs, rate, dropout, random } = options;
    const order = Int32Array.from(vectors.keys());
    const scores = new Float32Array(this.#classes);
    const active = new Int32Array(this.#classes);
    const thinned = thinning(vectors, dropout, random);
    let steps = epochs * order.length;
    const shrink = rate / Math.max(1, steps);
    for (let epoch = 0; epoch < epochs; epoch++) {
      shuffle(order, random);
      for (const example of order) {
        this.#learn(thinned(vectors[example] as SparseVector), labels[example] as number, shrink * steps--, scores, active);
        yield;
      }
    }
  }

  #learn({ indices, values, count: features }: Thinned, label: number, step: number, scores: Float32Array, active: Int32Array): void {
    const classes = this.#classes;
    const weights = this.#weights;
    probabilities(this.#logits(indices, values, features, scores));
    scores[label] = (scores[label] as number) - 1;
    let count = 0;
    for (let c = 0; c < classes; c++) {
      const gradient = scores[c] as number;
      if (Math.abs(gradient) <= worthwhile) continue;
      active[count++] = c;
      scores[c] = gradient * step;
      this.#bias[c] = (this.#bias[c] as number) - gradient * step * biasShare;
    }
    for (let k = 0; k < features; k++) {
      const row = (indices[k] as number) * classes;
      const value = values[k] as number;
      for (let a = 0; a < count; a++) {
        const c = active[a] as number;
        weights[row + c] = (weights[row + c] as number) - (scores[c] as number) * value;
      }
    }
  }
}

/** The first `count` features count. */
interface Thinned {
  readonly indices: Int32Array;
  readonly values: Float32Array;
  readonly count: number;
}

/** Leaves a random part of a vector's features out and makes up the rest for it; what it gives stands until the next call. */
function thinning(vectors: readonly SparseVector[], dropout: number, random: () => number): (vector: SparseVector) => Thinned {
  const most = vectors.reduce((longest, { indices }) => Math.max(longest, indices.length), 0);
  const kept = new Int32Array(most);
  const heavier = new Float32Array(most);
  const scale = 1 / (1 - dropout);
  return ({ indices, values }) => {
    if (dropout === 0) return { indices, values, count: indices.length };
    let count = 0;
    for (let k = 0; k < indices.length; k++) {
      if (random() < dropout) continue;
      kept[count] = indices[k] as number;
      heavier[count++] = (values[k] as number) * scale;
    }
    return { indices: kept, values: heavier, count };
  };
}

/** Scores become probabilities in place. */
export function probabilities(scores: Float32Array, temperature = 1): Float32Array {
  let max = Number.NEGATIVE_INFINITY;
  for (const score of scores) if (score > max) max = score;
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const value = Math.exp(((scores[i] as number) - max) / temperature);
    scores[i] = value;
    sum += value;
  }
  for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) / sum;
  return scores;
}

function shuffle(order: Int32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
}

/** Mulberry32: small, fast, good enough to shuffle. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
