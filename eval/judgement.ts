/** A result with what is thought of it. */
import type { Comparison } from './compare.ts';
import { compare } from './compare.ts';
import { checkGates, type GateResult, type Verdict } from './gate.ts';
import type { SuiteResult } from './results.ts';
import type { Suite } from './suite.ts';

export interface Judgement {
  readonly result: SuiteResult;
  readonly comparison?: Comparison;
  readonly gates: readonly GateResult[];
  readonly verdict: Verdict;
}

/** error: nothing could be run, or a gate has no value. fail: a blocking gate is missed, or the run is a regression. */
export function judgementOf(suite: Suite, result: SuiteResult, baseline: SuiteResult | undefined): Judgement {
  const comparison = baseline ? compare(result, baseline) : undefined;
  const gates = checkGates(suite, result, comparison);
  const blocking = gates.filter((gate) => gate.severity === 'block').map((gate) => gate.verdict);
  const ran = result.cases.some((one) => one.status !== 'error');
  const verdict: Verdict =
    !ran || blocking.includes('error')
      ? 'error'
      : blocking.includes('fail') || comparison?.verdict === 'regressed'
        ? 'fail'
        : blocking.includes('inconclusive')
          ? 'inconclusive'
          : 'pass';
  return { result, gates, verdict, ...(comparison ? { comparison } : {}) };
}
