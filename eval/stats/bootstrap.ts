/** Intervals by resampling cases, with a fixed seed so that the same scores give the same interval. */

/** mulberry32: a small generator of numbers in [0, 1), good enough for resampling and the same on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Estimate {
  readonly value: number;
  /** 95 % percentile interval. */
  readonly ci95: readonly [number, number];
  readonly n: number;
}

/** Mean of per-case values with a bootstrap interval. */
export function meanWithInterval(values: readonly number[], rounds = 2000, seed = 20260101): Estimate {
  const n = values.length;
  if (n === 0) return { value: Number.NaN, ci95: [Number.NaN, Number.NaN], n };
  const random = seeded(seed);
  const means = Array.from({ length: rounds }, () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[Math.floor(random() * n)] ?? 0;
    return sum / n;
  }).sort((a, b) => a - b);
  const at = (share: number) => means[Math.min(rounds - 1, Math.floor(share * rounds))] ?? Number.NaN;
  return { value: values.reduce((a, b) => a + b, 0) / n, ci95: [at(0.025), at(0.975)], n };
}

export interface PairedDifference extends Estimate {
  /** Share of resamples in which the difference is above zero. */
  readonly better: number;
}

/** Mean difference `ours - theirs` over the same cases. Throws when the lists differ in length: the runs are not paired. */
export function pairedDifference(ours: readonly number[], theirs: readonly number[], rounds = 2000, seed = 20260101): PairedDifference {
  if (ours.length !== theirs.length) throw new Error(`the runs are not paired: ${ours.length} and ${theirs.length} cases`);
  const differences = ours.map((value, i) => value - (theirs[i] ?? 0));
  const estimate = meanWithInterval(differences, rounds, seed);
  const random = seeded(seed + 1);
  let above = 0;
  for (let round = 0; round < rounds; round++) {
    let sum = 0;
    for (let i = 0; i < differences.length; i++) sum += differences[Math.floor(random() * differences.length)] ?? 0;
    if (sum > 0) above++;
  }
  return { ...estimate, better: above / rounds };
}
