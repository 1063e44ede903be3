/** Makes scores mean what they say: a temperature for probabilities and a logistic curve for "none of these". */

export interface Scored {
  readonly logits: Float32Array;
  readonly label: number;
}

/** How surprising the right labels are at a temperature, per example. */
export function surprise(scored: readonly Scored[], temperature: number): number {
  let loss = 0;
  for (const { logits, label } of scored) {
    let max = Number.NEGATIVE_INFINITY;
    for (const logit of logits) if (logit > max) max = logit;
    let total = 0;
    for (const logit of logits) total += Math.exp((logit - max) / temperature);
    loss += Math.log(total) - ((logits[label] as number) - max) / temperature;
  }
  return loss / Math.max(1, scored.length);
}

/** The temperature under which held-out examples are least surprising. Source: Guo et al. 2017, arXiv:1706.04599. */
export function temperatureOf(scored: readonly Scored[], looks = 20): number {
  if (scored.length === 0) return 1;
  let [low, high] = [Math.log(0.05), Math.log(20)];
  for (let i = 0; i < looks; i++) {
    const [a, b] = [low + (high - low) * 0.382, low + (high - low) * 0.618];
    if (surprise(scored, Math.exp(a)) < surprise(scored, Math.exp(b))) high = b;
    else low = a;
  }
  return Math.exp((low + high) / 2);
}

const rounds = 300;
const rate = 2;

/**
 * A rising curve from a raw score to P(outside), 0..1, fitted to held-out scores; both kinds weigh the same however many there are.
 * Source: Platt 1999. Without any of a kind the curve is centred on the highest score inside.
 */
export function logisticOf(inside: readonly number[], outside: readonly number[]): (score: number) => number {
  return along(curveOf(inside, outside));
}

/** A rising curve in numbers. */
export interface Curve {
  readonly slope: number;
  readonly bias: number;
  readonly mean: number;
  readonly spread: number;
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** The curve as a function of the score. */
export function along({ slope, bias, mean, spread }: Curve): (score: number) => number {
  return (score) => sigmoid((slope * (score - mean)) / spread + bias);
}

/** The curve that `logisticOf` follows. */
export function curveOf(inside: readonly number[], outside: readonly number[]): Curve {
  const all = [...inside, ...outside];
  const mean = all.reduce((sum, one) => sum + one, 0) / Math.max(1, all.length);
  const spread = Math.sqrt(all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, all.length)) || 1;
  if (inside.length === 0 || outside.length === 0) return { slope: 1, bias: -2, mean, spread };
  let [slope, bias] = [1, 0];
  const examples = [
    ...inside.map((score) => ({ z: (score - mean) / spread, target: 0, weight: 0.5 / inside.length })),
    ...outside.map((score) => ({ z: (score - mean) / spread, target: 1, weight: 0.5 / outside.length })),
  ];
  for (let round = 0; round < rounds; round++) {
    let [slopeGradient, biasGradient] = [0, 0];
    for (const { z, target, weight } of examples) {
      const error = (sigmoid(slope * z + bias) - target) * weight;
      slopeGradient += error * z;
      biasGradient += error;
    }
    // A curve that fell would call the surest texts strange.
    slope = Math.max(0.05, slope - rate * slopeGradient);
    bias -= rate * biasGradient;
  }
  return { slope, bias, mean, spread };
}
