/** Two runs of the same cases side by side: what got better, what got worse, and whether that is more than chance. */
import { lowerIsBetter } from './metrics/names.ts';
import type { CaseResult, SuiteResult } from './results.ts';
import { type PairedDifference, pairedDifference } from './stats/bootstrap.ts';
import { holm } from './stats/holm.ts';
import { type McNemar, mcnemar, readable } from './stats/mcnemar.ts';

export interface Change {
  readonly metric: string;
  readonly before: number;
  readonly now: number;
  /** Above zero is better, whichever way the metric points. */
  readonly gain: PairedDifference;
  readonly p: number;
  /** Holm-adjusted over all metrics of the suite. */
  readonly adjusted: number;
  readonly significant: boolean;
}

export interface Flip {
  readonly id: string;
  readonly input: string;
  readonly before: CaseResult;
  readonly now: CaseResult;
}

export interface Comparison {
  readonly baseline: string;
  /** Cases that both runs have. */
  readonly paired: number;
  readonly onlyBefore: number;
  readonly onlyNow: number;
  readonly changes: readonly Change[];
  readonly mcnemar: McNemar;
  readonly fixed: readonly Flip[];
  readonly broken: readonly Flip[];
  /** regressed: something is worse beyond chance; improved: something is better and nothing worse; else same. */
  readonly verdict: 'improved' | 'regressed' | 'same';
}

const level = 0.05;

/** Compares two results of one suite by case id. */
export function compare(now: SuiteResult, before: SuiteResult): Comparison {
  const earlier = new Map(before.cases.map((one) => [one.id, one]));
  const pairs = now.cases.flatMap((one) => {
    const other = earlier.get(one.id);
    return other ? [{ now: one, before: other }] : [];
  });
  const passes = (one: CaseResult) => one.status === 'pass';
  const flips = (wanted: boolean): Flip[] =>
    pairs
      .filter((pair) => passes(pair.now) === wanted && passes(pair.before) !== wanted)
      .map((pair) => ({ id: pair.now.id, input: pair.now.input, ...pair }));
  const fixed = flips(true);
  const broken = flips(false);
  const changes = changesOf(pairs);
  const test = mcnemar(broken.length, fixed.length);
  const worse = changes.some((one) => one.significant && one.gain.value < 0) || (readable(test) < level && broken.length > fixed.length);
  const better = changes.some((one) => one.significant && one.gain.value > 0) || (readable(test) < level && fixed.length > broken.length);
  return {
    baseline: before.manifest.id,
    paired: pairs.length,
    onlyBefore: before.cases.length - pairs.length,
    onlyNow: now.cases.length - pairs.length,
    changes,
    mcnemar: test,
    fixed,
    broken,
    verdict: worse ? 'regressed' : better ? 'improved' : 'same',
  };
}

/** Said beside the others, but no quality of their own. */
const uncompared = new Set(['tied_share']);

function changesOf(pairs: readonly { now: CaseResult; before: CaseResult }[]): Change[] {
  const names = [...new Set(pairs.flatMap((pair) => Object.keys(pair.now.scores)))].filter((name) => !uncompared.has(name));
  const tested = names.flatMap((metric) => {
    const both = pairs.filter((pair) => pair.now.scores[metric] !== undefined && pair.before.scores[metric] !== undefined);
    if (both.length === 0) return [];
    const sign = lowerIsBetter(metric) ? -1 : 1;
    const ours = both.map((pair) => sign * (pair.now.scores[metric] ?? 0));
    const theirs = both.map((pair) => sign * (pair.before.scores[metric] ?? 0));
    const gain = pairedDifference(ours, theirs, { clusters: both.map((pair) => pair.now.cluster ?? pair.now.id) });
    const mean = (values: readonly number[]) => (sign * values.reduce((a, b) => a + b, 0)) / values.length;
    return [{ metric, before: mean(theirs), now: mean(ours), gain, p: gain.p }];
  });
  const adjusted = holm(tested.map((one) => one.p));
  return tested.map((one, i) => ({ ...one, adjusted: adjusted[i] ?? 1, significant: (adjusted[i] ?? 1) < level }));
}
