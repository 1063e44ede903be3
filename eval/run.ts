/** Runs a suite: its cases side by side, each ending as pass, fail or error, none dropped. */

import { setImmediate } from 'node:timers/promises';
import { percentile } from '../bot/insights/percentile.ts';
import { kindOf } from './kinds/index.ts';
import type { Bench, LoadedCase } from './kinds/kind.ts';
import type { CaseResult, Coverage, Curves, JudgeReport } from './results.ts';
import { type Estimate, estimate } from './stats/bootstrap.ts';
import type { Suite } from './suite.ts';

export interface RunOptions {
  readonly asOf: string;
  /** Only the first so many cases. */
  readonly limit?: number | undefined;
  readonly concurrency: number;
  /** Results of an interrupted run of the same manifest. */
  readonly done?: ReadonlyMap<string, CaseResult>;
  readonly onCase?: (result: CaseResult, done: number, total: number) => void;
}

export interface RunResult {
  readonly metrics: Record<string, Estimate>;
  readonly curves: Curves;
  readonly coverage?: Coverage;
  readonly judge?: JudgeReport;
  readonly cases: readonly CaseResult[];
}

/** Runs the cases of a suite. Throws only when the suite itself can't be used (`SuiteError`, `DataError`). */
export async function runSuite(suite: Suite, bench: Bench, options: RunOptions): Promise<RunResult> {
  const loaded = await kindOf(suite.kind)(suite, bench, options.asOf);
  const todo = loaded.cases.slice(0, options.limit ?? loaded.cases.length);
  const results: CaseResult[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < todo.length; i = next++) {
      const one = todo[i] as LoadedCase;
      const known = options.done?.get(one.id);
      const result = known ?? (await runCase(one));
      results[i] = result;
      done += 1;
      options.onCase?.(result, done, todo.length);
      // Cases that never wait for anything would keep the process from writing what is done, and from being interrupted.
      await setImmediate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, Math.max(1, todo.length)) }, work));
  const { metrics, curves = {}, ...more } = loaded.summarise?.(results) ?? { metrics: {} };
  return { metrics: { ...means(results), ...metrics, ...latencies(results) }, curves, ...more, cases: results };
}

async function runCase(one: LoadedCase): Promise<CaseResult> {
  const start = performance.now();
  const common = {
    id: one.id,
    input: one.input,
    slices: one.slices ?? {},
    ...(one.cluster === undefined ? {} : { cluster: one.cluster }),
    ...(one.expected === undefined ? {} : { expected: one.expected }),
  };
  try {
    const { passed, latencyMs, ...ran } = await one.run();
    return { ...common, ...ran, status: passed ? 'pass' : 'fail', latencyMs: round(latencyMs ?? performance.now() - start) };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { ...common, status: 'error', scores: one.worst, error: words, fault: 'error', latencyMs: round(performance.now() - start) };
  }
}

const round = (ms: number) => Math.round(ms * 1000) / 1000;

/** The mean of every per-case score over the cases it counts for. */
export function means(results: readonly CaseResult[]): Record<string, Estimate> {
  const metrics: Record<string, Estimate> = {};
  for (const name of new Set(results.flatMap((result) => Object.keys(result.scores)))) {
    const counted = results.filter((result) => result.scores[name] !== undefined);
    metrics[name] = estimate(
      counted.map((result) => result.scores[name] ?? 0),
      { clusters: counted.map((result) => result.cluster ?? result.id) },
    );
  }
  const n = results.length;
  if (n > 0) metrics.error_rate = estimate(results.map((result) => (result.status === 'error' ? 1 : 0)));
  return metrics;
}

function latencies(results: readonly CaseResult[]): Record<string, Estimate> {
  const times = results.filter((result) => result.status !== 'error').map((result) => result.latencyMs);
  const at = (share: number): Estimate => ({ value: percentile(times, share), ci95: [Number.NaN, Number.NaN], n: times.length });
  return times.length === 0 ? {} : { latency_ms_p50: at(0.5), latency_ms_p95: at(0.95), latency_ms_p99: at(0.99) };
}
