/** A suite cut by topic, channel, difficulty: each slice against the rest, with many tests taken into account. */

import { normalTail } from '../../bot/insights/normal.ts';
import { lowerIsBetter } from '../metrics/names.ts';
import type { SuiteResult } from '../results.ts';
import { type Estimate, estimate } from '../stats/bootstrap.ts';
import { benjaminiHochberg } from '../stats/holm.ts';

export interface Slice {
  readonly name: string;
  readonly value: string;
  readonly estimate: Estimate;
  /** Clearly better or worse than the rest, at a false discovery rate of 10 % and from 30 cases on. */
  readonly stands: 'better' | 'worse' | 'same' | 'too_few';
}

const falseDiscovery = 0.1;
const fewest = 30;

const headline: Readonly<Record<string, readonly string[]>> = {
  retrieval: ['hit@1'],
  answer: ['strict_accuracy', 'shown@300', 'coverage', 'false_answer'],
  intent: ['accuracy'],
  command: ['command_accuracy'],
  safety: ['refusal_recall', 'emergency_recall', 'over_refusal'],
  conversation: ['pass_rate'],
  handoff: ['handoff_recall'],
  consistency: ['consistency'],
};

/** The one metric a suite is first judged by. */
export function headlineOf(result: SuiteResult): string {
  return headline[result.kind]?.find((name) => result.metrics[name] !== undefined) ?? Object.keys(result.metrics)[0] ?? '';
}

/** Slices of the headline metric, worst first within a name. */
export function slicesOf(result: SuiteResult): Slice[] {
  const metric = headlineOf(result);
  const cases = result.cases.filter((one) => one.scores[metric] !== undefined);
  const score = (list: typeof cases) => list.map((one) => one.scores[metric] ?? 0);
  const groups = [...new Set(cases.flatMap((one) => Object.keys(one.slices)))].flatMap((name) => {
    const values = [...new Set(cases.flatMap((one) => one.slices[name] ?? []))];
    return values.map((value) => ({
      name,
      value,
      inside: cases.filter((one) => one.slices[name] === value),
      outside: cases.filter((one) => one.slices[name] !== value),
    }));
  });
  const tested = groups.map(({ inside, outside }) =>
    inside.length >= fewest && outside.length >= fewest ? differ(score(inside), score(outside)) : undefined,
  );
  const adjusted = benjaminiHochberg(tested.flatMap((test) => test?.p ?? []));
  let next = 0;
  const sign = lowerIsBetter(metric) ? -1 : 1;
  return groups
    .map(({ name, value, inside }, i): Slice => {
      const test = tested[i];
      const significant = test !== undefined && (adjusted[next++] ?? 1) < falseDiscovery;
      const stands = test === undefined ? 'too_few' : !significant ? 'same' : test.difference * sign > 0 ? 'better' : 'worse';
      return { name, value, stands, estimate: estimate(score(inside), { clusters: inside.map((one) => one.cluster ?? one.id) }) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : sign * (a.estimate.value - b.estimate.value)));
}

/** Welch's test of two means, by the normal distribution (both sides have 30 or more). */
function differ(a: readonly number[], b: readonly number[]): { difference: number; p: number } {
  const mean = (list: readonly number[]) => list.reduce((x, y) => x + y, 0) / list.length;
  const variance = (list: readonly number[], middle: number) => list.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (list.length - 1);
  const [meanA, meanB] = [mean(a), mean(b)];
  const error = Math.sqrt(variance(a, meanA) / a.length + variance(b, meanB) / b.length);
  const difference = meanA - meanB;
  if (error === 0) return { difference, p: difference === 0 ? 1 : 0 };
  return { difference, p: 2 * normalTail(Math.abs(difference) / error) };
}
