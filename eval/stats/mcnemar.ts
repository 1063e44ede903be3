/** Two runs of the same yes/no cases: McNemar's test on the cases that changed (reference evaluation.md §4; Fagerland et al. 2013). */

export interface McNemar {
  /** Right only before, right only now. */
  readonly broken: number;
  readonly fixed: number;
  /** Exact two-sided p. */
  readonly exact: number;
  /** Mid-p: the exact test without its caution; the better choice below 25 changed cases. */
  readonly midP: number;
}

/** Log of n! for whole n, exact enough for thousands. */
function logFactorials(n: number): Float64Array {
  const table = new Float64Array(n + 1);
  for (let i = 2; i <= n; i++) table[i] = (table[i - 1] ?? 0) + Math.log(i);
  return table;
}

/** P(X = k) of k in 0..n with X ~ Binomial(n, 1/2). */
function halves(n: number): (k: number) => number {
  const log = logFactorials(n);
  return (k) => Math.exp((log[n] ?? 0) - (log[k] ?? 0) - (log[n - k] ?? 0) - n * Math.LN2);
}

/** `broken`, `fixed`: how many cases changed either way. */
export function mcnemar(broken: number, fixed: number): McNemar {
  const n = broken + fixed;
  if (n === 0) return { broken, fixed, exact: 1, midP: 1 };
  const chance = halves(n);
  const less = Math.min(broken, fixed);
  let tail = 0;
  for (let i = 0; i <= less; i++) tail += chance(i);
  return { broken, fixed, exact: Math.min(1, 2 * tail), midP: Math.min(1, 2 * tail - chance(less)) };
}

/** The p to read: mid-p below 25 changed cases, else the exact one. */
export const readable = (test: McNemar): number => (test.broken + test.fixed < 25 ? test.midP : test.exact);
