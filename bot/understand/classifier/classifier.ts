/** Tells which of many labels a short text has, and whether it has any: trained in seconds, without a model from outside. */
import { logisticOf, type Scored, temperatureOf } from './calibrate.ts';
import { NearestExamples } from './nearest.ts';
import { probabilities, randomFrom, Softmax } from './softmax.ts';
import { type Dense, type SparseVector, Vectoriser } from './vectors.ts';

export interface Example {
  readonly text: string;
  readonly label: string;
}

export interface TrainOptions {
  /** Vector of a text of fixed length, such as the built-in embeddings give: helps most where examples are few. */
  readonly dense?: Dense;
  /** Examples with this label are of no other; `classify` never gives it as a label, they teach `oosScore`. Default oos. */
  readonly outOfScope?: string;
  /** The same seed gives the same classifier. */
  readonly seed?: number;
}

export interface Classification {
  /** The likeliest label inside the scope. */
  readonly label: string;
  /** 0..1, calibrated on held-out examples. */
  readonly probability: number;
  /** Likeliest first, at most five. */
  readonly top: readonly { readonly label: string; readonly probability: number }[];
  /** 0..1: how much the text looks like none of the labels; above `Classifier.oosThreshold` it is taken as such. */
  readonly oosScore: number;
}

export interface Classifier {
  readonly labels: readonly string[];
  /** Keeps most of what is inside the scope: the share is `keptInside`, measured on held-out examples. */
  readonly oosThreshold: number;
  /** Under a millisecond. */
  classify(text: string): Classification;
}

/** Share of the examples inside the scope that the threshold lets pass. */
export const keptInside = 0.965;
const shown = 5;
/** From so many examples on the linear model needs no help from the nearest one. */
const manyExamples = 2000;
const nearestWeight = 6;
/** So few that one look at held-out examples would be chance. */
const fewExamples = 500;
/** From so many on words alone say it, and dense features would only cost time. */
const enoughWords = 5000;
const epochs = { few: 14, many: 8, calibration: 4 };
const rate = 0.4;
const heldOutExamples = 0.2;
const heldOutClasses = 0.2;

/** Trains. Errors: fewer than two labels inside the scope. */
export function trainClassifier(examples: readonly Example[], options: TrainOptions = {}): Classifier {
  const outOfScope = options.outOfScope ?? 'oos';
  const labels = [...new Set(examples.map((one) => one.label))].filter((label) => label !== outOfScope).sort();
  if (labels.length < 2) throw new Error('a classifier needs examples of at least two labels');
  const random = randomFrom(options.seed ?? 1);
  const number = new Map(labels.map((label, i) => [label, i]));
  // The class after the last label stands for what is outside.
  const labelled = examples.map(({ text, label }) => ({ text, label: number.get(label) ?? labels.length }));
  const vectoriser = new Vectoriser(
    examples.map((one) => one.text),
    examples.length < enoughWords ? options.dense : undefined,
  );
  const data = labelled.map(({ text, label }) => ({ vector: vectoriser.vector(text), label }));
  const { temperature, outside, threshold } = calibrated(data, labels.length, vectoriser, random);
  const model = new Model(data, labels.length, vectoriser, {
    epochs: data.length >= manyExamples ? epochs.many : epochs.few,
    random,
  });
  return {
    labels,
    oosThreshold: threshold,
    classify(text) {
      const vector = vectoriser.vector(text);
      const scores = model.scores(vector);
      const oosScore = outside(scores, vector);
      const inside = probabilities(scores.logits.slice(0, labels.length), temperature);
      const order = [...inside.keys()].sort((a, b) => (inside[b] as number) - (inside[a] as number)).slice(0, shown);
      const top = order.map((i) => ({ label: labels[i] as string, probability: inside[i] as number }));
      return { ...(top[0] as { label: string; probability: number }), top, oosScore };
    },
  };
}

interface Datum {
  readonly vector: SparseVector;
  readonly label: number;
}

interface Scores {
  /** One a label, and one for the outside. */
  readonly logits: Float32Array;
  /** Cosine to the nearest example of all. */
  readonly nearest: number;
}

class Model {
  readonly #softmax: Softmax;
  readonly #nearest: NearestExamples | undefined;
  readonly #classes: number;

  constructor(
    data: readonly Datum[],
    labels: number,
    vectoriser: Vectoriser,
    { epochs: rounds, random }: { epochs: number; random: () => number },
  ) {
    this.#classes = labels + 1;
    this.#softmax = new Softmax(vectoriser.size, this.#classes);
    const vectors = data.map((one) => one.vector);
    const numbers = data.map((one) => one.label);
    this.#softmax.train(vectors, numbers, { epochs: rounds, rate, dropout: data.length >= manyExamples ? 0.3 : 0.2, random });
    if (data.length < manyExamples) this.#nearest = new NearestExamples(vectors, numbers, vectoriser.counted);
  }

  scores(vector: SparseVector): Scores {
    const logits = this.#softmax.logits(vector);
    if (!this.#nearest) return { logits, nearest: 0 };
    const similarities = this.#nearest.similarities(vector, this.#classes);
    let nearest = 0;
    for (let i = 0; i < logits.length; i++) {
      logits[i] = (logits[i] as number) + nearestWeight * (similarities[i] as number);
      if (i < this.#classes - 1) nearest = Math.max(nearest, similarities[i] as number);
    }
    return { logits, nearest };
  }
}

/**
 * Signals of what is outside, each the higher the more: no label stands out, the examples of the outside are nearer, the words are new,
 * no example is near. The raw heights of scores say nothing (measured on clinc150: AUROC .65 to .74 against .96).
 */
function signalsOf({ logits, nearest }: Scores, { unseen }: SparseVector): number[] {
  const last = logits.length - 1;
  let first = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < last; i++) first = Math.max(first, logits[i] as number);
  let energy = 0;
  for (let i = 0; i < last; i++) energy += Math.exp((logits[i] as number) - first);
  return [Math.log(energy), (logits[last] as number) - first, unseen, -nearest];
}

/** How much each signal counts, in standard deviations of what is inside; the second only where the outside has examples. */
const signalWeights = { taught: [0.5, 1.5, 0.5, 0.25], untaught: [1, 0, 0.5, 0.5] };

/** Trains on part of the labels and examples and looks how the rest fares: left-out labels stand for what is outside. */
function calibrated(data: readonly Datum[], labels: number, vectoriser: Vectoriser, random: () => number) {
  const rounds = data.length < fewExamples ? 2 : 1;
  const held: { scores: Scores; datum: Datum; outside: boolean }[] = [];
  for (let round = 0; round < rounds; round++) {
    // With few labels none can be spared.
    const left = new Set(Array.from({ length: labels }, (_, i) => i).filter(() => labels > 4 && random() < heldOutClasses));
    const [train, test] = [[] as Datum[], [] as Datum[]];
    for (const one of data) (left.has(one.label) || random() < heldOutExamples ? test : train).push(one);
    const trained = new Set(train.map((one) => one.label));
    if (trained.size < 2) continue;
    const model = new Model(train, labels, vectoriser, { epochs: epochs.calibration, random });
    for (const datum of test)
      held.push({ scores: model.scores(datum.vector), datum, outside: datum.label === labels || !trained.has(datum.label) });
  }
  const inside = held.filter((one) => !one.outside);
  const temperature = temperatureOf(
    inside.map(({ scores, datum }): Scored => ({ logits: scores.logits.slice(0, labels), label: datum.label })),
  );
  const weights = signalWeights[data.some((one) => one.label === labels) ? 'taught' : 'untaught'];
  const signals = inside.map(({ scores, datum }) => signalsOf(scores, datum.vector));
  const scales = weights.map((weight, i) => weight / (spread(signals.map((one) => one[i] as number)) || 1));
  const raw = ({ scores, vector }: { scores: Scores; vector: SparseVector }) =>
    signalsOf(scores, vector).reduce((sum, signal, i) => sum + signal * (scales[i] as number), 0);
  const rawOf = (one: (typeof held)[number]) => raw({ scores: one.scores, vector: one.datum.vector });
  const curve = logisticOf(inside.map(rawOf), held.filter((one) => one.outside).map(rawOf));
  const outside = (scores: Scores, vector: SparseVector) => curve(raw({ scores, vector }));
  const sorted = inside.map((one) => curve(rawOf(one))).sort((a, b) => a - b);
  const threshold = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * keptInside))] ?? 0.5;
  return { temperature, outside, threshold };
}

function spread(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length));
}
