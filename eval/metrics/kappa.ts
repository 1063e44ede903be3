/** Agreement of two raters beyond chance (Cohen 1960). */
import { bootstrapInterval, type Estimate } from '../stats/bootstrap.ts';

/** Cohen's κ of pairs of labels with a 95 % bootstrap interval; NaN when chance alone agrees always (one label only). */
export function kappa(pairs: readonly (readonly [string, string])[]): Estimate {
  const statistic = (weights?: Float64Array): number => {
    const first = new Map<string, number>();
    const second = new Map<string, number>();
    let total = 0;
    let same = 0;
    pairs.forEach(([a, b], i) => {
      const weight = weights ? (weights[i] ?? 0) : 1;
      total += weight;
      if (a === b) same += weight;
      first.set(a, (first.get(a) ?? 0) + weight);
      second.set(b, (second.get(b) ?? 0) + weight);
    });
    const chance = [...first].reduce((sum, [label, n]) => sum + (n / total) * ((second.get(label) ?? 0) / total), 0);
    return chance >= 1 ? Number.NaN : (same / total - chance) / (1 - chance);
  };
  return { value: statistic(), ci95: bootstrapInterval(pairs.length, statistic), n: pairs.length };
}
