/** What a suite asked of language models: calls, tokens and money, and what a right case costs. */
import type { CacheTotals } from '../bot/llm/cache.ts';
import type { CaseResult, Usage } from './results.ts';
import type { Estimate } from './stats/bootstrap.ts';

/** What came on top between two readings; undefined when no model may be asked. */
export function usageBetween(before: CacheTotals | undefined, after: CacheTotals | undefined): Usage | undefined {
  if (!after) return undefined;
  const more = (field: 'calls' | 'kept' | 'failed' | 'inputTokens' | 'outputTokens') => after[field] - (before?.[field] ?? 0);
  return {
    calls: more('calls'),
    kept: more('kept'),
    failed: more('failed'),
    inputTokens: more('inputTokens'),
    outputTokens: more('outputTokens'),
    cost: after.cost === undefined ? null : after.cost - (before?.cost ?? 0),
  };
}

/** Tokens and money a case, and money a right one; nothing where no model was asked. */
export function usageMetrics(usage: Usage | undefined, cases: readonly CaseResult[]): Record<string, Estimate> {
  if (!usage || usage.calls === 0 || cases.length === 0) return {};
  const right = cases.filter((one) => one.status === 'pass').length;
  const plain = (value: number): Estimate => ({ value, ci95: [Number.NaN, Number.NaN], n: cases.length });
  return {
    calls_per_case: plain(usage.calls / cases.length),
    tokens_per_case: plain((usage.inputTokens + usage.outputTokens) / cases.length),
    cached_share: plain(usage.kept / usage.calls),
    ...(usage.cost === null
      ? {}
      : { cost_per_case: plain(usage.cost / cases.length), cost_per_correct: plain(right === 0 ? Number.NaN : usage.cost / right) }),
  };
}
