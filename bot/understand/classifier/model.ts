/** The two readings of a text: weights of its features, and the examples it resembles. */
import { NearestExamples } from './nearest.ts';
import { Softmax } from './softmax.ts';
import type { SparseVector, Vectoriser } from './vectors.ts';

export interface Datum {
  readonly vector: SparseVector;
  /** A label's number, or the number of labels for what is outside. */
  readonly label: number;
}

export interface Scores {
  /** One a label, and one for the outside. */
  readonly linear: Float32Array;
  /** Resemblance to the nearest examples, 0..1, in the same order. */
  readonly similar: Float32Array;
  /** Cosine to the nearest example of all inside the scope. */
  readonly nearest: number;
}

/** From so many examples on each is seen less often, and more of it is left out each time. */
const manyExamples = 1000;
const few = { epochs: 20, rate: 3, dropout: 0.3 };
const many = { epochs: 10, rate: 2, dropout: 0.5 };

export class Model {
  readonly #softmax: Softmax;
  readonly #nearest: NearestExamples;
  readonly #labels: number;

  private constructor(softmax: Softmax, nearest: NearestExamples, labels: number) {
    this.#softmax = softmax;
    this.#nearest = nearest;
    this.#labels = labels;
  }

  /** Learns `labels` labels and the outside; yields often. */
  static *training(data: readonly Datum[], labels: number, vectoriser: Vectoriser, random: () => number): Generator<void, Model> {
    const softmax = new Softmax(vectoriser.size, labels + 1);
    const vectors = data.map((one) => one.vector);
    const numbers = data.map((one) => one.label);
    yield* softmax.training(vectors, numbers, { ...(data.length < manyExamples ? few : many), random });
    return new Model(softmax, new NearestExamples(vectors, numbers, labels + 1, vectoriser.counted), labels);
  }

  /** A model whose linear part was learnt before, from the same data. */
  static learnt(data: readonly Datum[], labels: number, vectoriser: Vectoriser, linear: Pick<Softmax, 'weights' | 'bias'>): Model {
    const nearest = new NearestExamples(
      data.map((one) => one.vector),
      data.map((one) => one.label),
      labels + 1,
      vectoriser.counted,
    );
    return new Model(new Softmax(vectoriser.size, labels + 1, linear), nearest, labels);
  }

  get linear(): Pick<Softmax, 'weights' | 'bias'> {
    return this.#softmax;
  }

  scores(vector: SparseVector): Scores {
    const { byClass, nearest } = this.#nearest.similarities(vector, this.#labels);
    return { linear: this.#softmax.logits(vector), similar: byClass, nearest };
  }
}

/** One score a label, and one for the outside; `weight` is how much resemblance counts. */
export function blended({ linear, similar }: Scores, weight: number): Float32Array {
  const logits = linear.slice();
  for (let i = 0; i < logits.length; i++) logits[i] = (logits[i] as number) + weight * (similar[i] as number);
  return logits;
}
