/** Separating what can be answered from what can't by a confidence. */
import { bootstrapInterval, type Estimate, type Resampling } from '../stats/bootstrap.ts';

/** Area under the ROC curve, ties counted half. Undefined (NaN) when one side is empty. */
export function auroc(positive: readonly number[], negative: readonly number[]): number {
  return weightedAuroc(sorted(positive, negative), undefined);
}

interface Scored {
  readonly score: number;
  readonly positive: boolean;
  /** Position in the list positives then negatives. */
  readonly at: number;
}

function sorted(positive: readonly number[], negative: readonly number[]): Scored[] {
  return [
    ...positive.map((score, at) => ({ score, positive: true, at })),
    ...negative.map((score, i) => ({ score, positive: false, at: positive.length + i })),
  ].sort((a, b) => a.score - b.score);
}

function weightedAuroc(all: readonly Scored[], weights: Float64Array | undefined): number {
  let above = 0;
  let positives = 0;
  let negatives = 0;
  for (let start = 0; start < all.length; ) {
    let groupPositive = 0;
    let groupNegative = 0;
    let end = start;
    for (; end < all.length && all[end]?.score === all[start]?.score; end++) {
      const weight = weights ? (weights[all[end]?.at ?? 0] ?? 0) : 1;
      if (all[end]?.positive) groupPositive += weight;
      else groupNegative += weight;
    }
    above += groupPositive * (negatives + groupNegative / 2);
    positives += groupPositive;
    negatives += groupNegative;
    start = end;
  }
  return positives > 0 && negatives > 0 ? above / (positives * negatives) : Number.NaN;
}

/** AUROC with its bootstrap interval; `clusters` name the positives, then the negatives. */
export function aurocWithInterval(positive: readonly number[], negative: readonly number[], options: Resampling = {}): Estimate {
  const all = sorted(positive, negative);
  return {
    value: weightedAuroc(all, undefined),
    ci95: bootstrapInterval(all.length, (weights) => weightedAuroc(all, weights), options),
    n: all.length,
  };
}

/** Share of the negatives that pass when the threshold keeps `kept` (0..1) of the positives. */
export function passRateAt(kept: number, positive: readonly number[], negative: readonly number[]): { threshold: number; rate: number } {
  const ranked = [...positive].sort((a, b) => b - a);
  const threshold = ranked[Math.max(0, Math.ceil(kept * ranked.length) - 1)] ?? 0;
  return { threshold, rate: negative.filter((score) => score >= threshold).length / Math.max(1, negative.length) };
}
