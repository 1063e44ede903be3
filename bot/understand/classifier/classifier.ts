/** Tells which of many labels a short text has, and whether it has any: trained in seconds, without a model from outside. */
import { type Calibration, calibrated, calibrating } from './held-out.ts';
import { keyOf, type LearntMemory } from './learnt-file.ts';
import { blended, Model } from './model.ts';
import { runNow } from './slices.ts';
import { probabilities, randomFrom } from './softmax.ts';
import { type Dense, Vectoriser } from './vectors.ts';

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
  /** Where what was learnt is kept for the next start. */
  readonly memory?: LearntMemory | undefined;
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

const shown = 5;
/** From so many on words alone say it, and dense features would only cost time. */
const enoughWords = 5000;

/** Trains at once. Errors: fewer than two labels inside the scope. */
export function trainClassifier(examples: readonly Example[], options: TrainOptions = {}): Classifier {
  return runNow(trainingClassifier(examples, options));
}

/** The same, yielding every millisecond or so: for a process that has other things to do. */
export function* trainingClassifier(examples: readonly Example[], options: TrainOptions = {}): Generator<void, Classifier> {
  const outOfScope = options.outOfScope ?? 'oos';
  const labels = [...new Set(examples.map((one) => one.label))].filter((label) => label !== outOfScope).sort();
  if (labels.length < 2) throw new Error('a classifier needs examples of at least two labels');
  const random = randomFrom(options.seed ?? 1);
  const number = new Map(labels.map((label, i) => [label, i]));
  const vectoriser = yield* Vectoriser.learning(
    examples.map((one) => one.text),
    examples.length < enoughWords ? options.dense : undefined,
  );
  const data = [];
  for (const { text, label } of examples) {
    // The class after the last label stands for what is outside.
    data.push({ vector: vectoriser.vector(text), label: number.get(label) ?? labels.length });
    yield;
  }
  const { memory } = options;
  const key = memory && keyOf(data, labels, vectoriser.size);
  // Each of these takes some milliseconds.
  yield;
  const known = key && memory.read(key);
  yield;
  let model: Model;
  let calibration: Calibration;
  if (known) {
    calibration = calibrated(known.calibration);
    model = Model.learnt(data, labels.length, vectoriser, known);
  } else {
    const parameters = yield* calibrating(data, labels.length, vectoriser, random);
    calibration = calibrated(parameters);
    model = yield* Model.training(data, labels.length, vectoriser, random);
    if (key) memory.write(key, { calibration: parameters, ...linearOf(model) });
  }
  return {
    labels,
    oosThreshold: calibration.threshold,
    classify: (text) => classified(text, labels, vectoriser, model, calibration),
  };
}

const linearOf = ({ linear: { weights, bias } }: Model) => ({ weights, bias });

function classified(
  text: string,
  labels: readonly string[],
  vectoriser: Vectoriser,
  model: Model,
  { weight, temperature, outside }: Calibration,
): Classification {
  const vector = vectoriser.vector(text);
  const scores = model.scores(vector);
  const logits = blended(scores, weight);
  const oosScore = outside(logits, scores, vector);
  const inside = probabilities(logits.subarray(0, labels.length), temperature);
  const top = highest(inside, shown).map((i) => ({ label: labels[i] as string, probability: inside[i] as number }));
  return { ...(top[0] as { label: string; probability: number }), top, oosScore };
}

/** Places of the `count` highest values, highest first, equal ones in their order. */
function highest(values: Float32Array, count: number): number[] {
  const places: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    let at = places.length;
    while (at > 0 && (values[places[at - 1] as number] as number) < value) at--;
    if (at === count) continue;
    places.splice(at, 0, i);
    if (places.length > count) places.pop();
  }
  return places;
}
