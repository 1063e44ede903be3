/** Whether a run is good enough: the bounds of the suite file, and no real loss against the baseline. */
import type { Comparison } from './compare.ts';
import type { SuiteResult } from './results.ts';
import type { Gate, Suite } from './suite.ts';

export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'error';

export interface GateResult {
  readonly metric: string;
  readonly rule: string;
  readonly value: number;
  readonly verdict: Verdict;
  readonly severity: 'block' | 'warn';
  readonly why: string;
}

/** Whether a value keeps to a bound such as ">= 0.85". */
export function keeps(bound: string, value: number): boolean {
  const [, operator, limit] = /^(>=|<=|>|<)\s*(.+)$/.exec(bound) ?? [];
  switch (operator) {
    case '>=':
      return value >= Number(limit);
    case '<=':
      return value <= Number(limit);
    case '>':
      return value > Number(limit);
    case '<':
      return value < Number(limit);
    default:
      throw new Error(`not a bound: ${bound}`);
  }
}

interface Rule {
  readonly bounds: readonly string[];
  readonly maxDrop: number | undefined;
  readonly severity: 'block' | 'warn';
}

function ruleOf(gate: Gate): Rule {
  if (typeof gate === 'string') return { bounds: [gate], maxDrop: undefined, severity: 'block' };
  const bounds = [gate.min === undefined ? [] : [`>= ${gate.min}`], gate.max === undefined ? [] : [`<= ${gate.max}`]].flat();
  return { bounds, maxDrop: gate.max_drop, severity: gate.severity };
}

/** Checks every gate of the suite. A metric that the run has no value for is an error, not a pass. */
export function checkGates(suite: Suite, result: SuiteResult, comparison: Comparison | undefined): GateResult[] {
  return Object.entries(suite.gate).flatMap(([metric, gate]) => {
    const { bounds, maxDrop, severity } = ruleOf(gate);
    const value = result.metrics[metric]?.value ?? Number.NaN;
    const absolute = bounds.map((bound): GateResult => {
      const verdict = Number.isNaN(value) ? 'error' : keeps(bound, value) ? 'pass' : 'fail';
      return { metric, rule: bound, value, verdict, severity, why: Number.isNaN(value) ? 'the run has no value for it' : '' };
    });
    return maxDrop === undefined ? absolute : [...absolute, dropOf(metric, maxDrop, severity, value, comparison)];
  });
}

/** The loss must be shown to be smaller than the margin (non-inferiority), not merely not shown to be larger. */
function dropOf(metric: string, margin: number, severity: Rule['severity'], value: number, comparison: Comparison | undefined): GateResult {
  const rule = `max_drop ${margin}`;
  const change = comparison?.changes.find((one) => one.metric === metric);
  if (!comparison) return { metric, rule, value, severity, verdict: 'pass', why: 'no baseline given' };
  if (!change) return { metric, rule, value, severity, verdict: 'error', why: 'the baseline has no value for it' };
  const [worst, best] = change.gain.ci95;
  const verdict =
    worst > -margin || (worst === -margin && margin === 0)
      ? 'pass'
      : best < -margin
        ? 'fail'
        : change.significant && change.gain.value < -margin
          ? 'fail'
          : 'inconclusive';
  return { metric, rule, value, severity, verdict, why: `gain ${change.gain.value.toFixed(4)} [${worst.toFixed(4)}, ${best.toFixed(4)}]` };
}
