/**
 * Intervals by resampling. Cases that share a document, template or dialogue form a cluster and are drawn together
 * (reference evaluation.md §4; Miller 2024, arXiv 2411.00640).
 */
import { seeded } from './random.ts';
import { wilson } from './wilson.ts';

export interface Estimate {
  readonly value: number;
  /** 95 % interval; NaN where none can be given. */
  readonly ci95: readonly [number, number];
  readonly n: number;
}

export interface Resampling {
  /** One name a case; cases of the same name are drawn together. Without it every case stands alone. */
  readonly clusters?: readonly string[] | undefined;
  readonly rounds?: number;
  readonly seed?: number;
}

export const defaultRounds = 2000;
export const defaultSeed = 20260101;

/** Positions of the cases of each cluster, in order of first appearance. */
function clustersOf(n: number, names: readonly string[] | undefined): number[][] {
  if (!names) return Array.from({ length: n }, (_, i) => [i]);
  if (names.length !== n) throw new Error(`${n} cases, but ${names.length} clusters`);
  const groups = new Map<string, number[]>();
  names.forEach((name, i) => {
    const group = groups.get(name);
    if (group) group.push(i);
    else groups.set(name, [i]);
  });
  return [...groups.values()];
}

const percentiles = (sorted: Float64Array): [number, number] => {
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return [at(0.025), at(0.975)];
};

/** How often each case is drawn, once per round. */
function* draws(n: number, { clusters, rounds = defaultRounds, seed = defaultSeed }: Resampling): Generator<Float64Array> {
  const groups = clustersOf(n, clusters);
  const random = seeded(seed);
  const weights = new Float64Array(n);
  for (let round = 0; round < rounds; round++) {
    weights.fill(0);
    for (let i = 0; i < groups.length; i++) {
      for (const position of groups[Math.floor(random() * groups.length)] ?? []) weights[position] = (weights[position] ?? 0) + 1;
    }
    yield weights;
  }
}

/** 95 % percentile interval of any statistic of weighted cases (`weights[i]`: how often case i was drawn); NaN results are left out. */
export function bootstrapInterval(n: number, statistic: (weights: Float64Array) => number, options: Resampling = {}): [number, number] {
  const values: number[] = [];
  for (const weights of draws(n, options)) {
    const value = statistic(weights);
    if (!Number.isNaN(value)) values.push(value);
  }
  return percentiles(Float64Array.from(values).sort());
}

/** Mean of per-case values with a bootstrap interval. */
export function meanWithInterval(values: readonly number[], options: Resampling = {}): Estimate {
  const n = values.length;
  if (n === 0) return { value: Number.NaN, ci95: [Number.NaN, Number.NaN], n };
  const value = values.reduce((a, b) => a + b, 0) / n;
  return { value, ci95: bootstrapInterval(n, (weights) => weightedMean(values, weights), options), n };
}

function weightedMean(values: readonly number[], weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights[i] ?? 0;
    sum += weight * (values[i] ?? 0);
    total += weight;
  }
  return sum / total;
}

/** Mean with the interval that fits: Wilson for yes/no values that stand alone, bootstrap for everything else. */
export function estimate(values: readonly number[], options: Resampling = {}): Estimate {
  const alone = options.clusters === undefined || new Set(options.clusters).size === values.length;
  if (values.length > 0 && alone && values.every((value) => value === 0 || value === 1)) {
    const hits = values.reduce<number>((a, b) => a + b, 0);
    return { value: hits / values.length, ci95: wilson(hits, values.length), n: values.length };
  }
  return meanWithInterval(values, options);
}

export interface PairedDifference extends Estimate {
  /** Share of resamples in which the difference is above zero. */
  readonly better: number;
  /** Two-sided bootstrap p: twice the smaller tail at zero. */
  readonly p: number;
}

/** Mean difference `ours - theirs` over the same cases. Throws when the lists differ in length: the runs are not paired. */
export function pairedDifference(ours: readonly number[], theirs: readonly number[], options: Resampling = {}): PairedDifference {
  if (ours.length !== theirs.length) throw new Error(`the runs are not paired: ${ours.length} and ${theirs.length} cases`);
  const n = ours.length;
  const differences = ours.map((value, i) => value - (theirs[i] ?? 0));
  if (n === 0) return { value: Number.NaN, ci95: [Number.NaN, Number.NaN], n, better: Number.NaN, p: Number.NaN };
  const means: number[] = [];
  for (const weights of draws(n, options)) means.push(weightedMean(differences, weights));
  const above = means.filter((mean) => mean > 0).length / means.length;
  const below = means.filter((mean) => mean < 0).length / means.length;
  return {
    value: differences.reduce((a, b) => a + b, 0) / n,
    ci95: percentiles(Float64Array.from(means).sort()),
    n,
    better: above,
    p: Math.min(1, 2 * Math.min(1 - above, 1 - below)),
  };
}
