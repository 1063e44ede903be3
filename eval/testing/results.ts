/** Made-up results for tests. */
import type { CaseResult, SuiteResult } from '../results.ts';
import { means } from '../run.ts';

/** A case that passed or failed, counted for one metric. */
export function caseOf(id: string, passed: boolean, more: Partial<CaseResult> = {}): CaseResult {
  return {
    id,
    input: `question ${id}`,
    status: passed ? 'pass' : 'fail',
    scores: { 'hit@1': passed ? 1 : 0 },
    slices: {},
    latencyMs: 1,
    ...more,
  };
}

/** A result of these cases with the means of their scores. */
export function resultOf(cases: readonly CaseResult[], more: Partial<SuiteResult> = {}): SuiteResult {
  return {
    suite: 'sample',
    kind: 'retrieval',
    manifest: {
      id: 'abc',
      suite: 'sample',
      kind: 'retrieval',
      asOf: '2026-11-02',
      commit: null,
      dirty: null,
      versions: {},
      hashes: {},
      recogniser: 'local',
      seed: 1,
      limit: null,
      machine: 'test',
      startedAt: '2026-11-02T02:00:00.000Z',
      seconds: 1,
    },
    metrics: means(cases),
    curves: {},
    cases: [...cases],
    ...more,
  };
}
