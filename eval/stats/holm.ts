/** Several tests at once: Holm's step-down (1979) for gates, Benjamini–Hochberg (1995) for slices. */

/** Holm-adjusted p values, in the order given. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(ps.length).fill(Number.NaN);
  let running = 0;
  order.forEach(({ p, i }, rank) => {
    running = Math.max(running, Math.min(1, (ps.length - rank) * p));
    adjusted[i] = running;
  });
  return adjusted;
}

/** Benjamini–Hochberg-adjusted p values (false discovery rate), in the order given. */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const order = ps.map((p, i) => ({ p, i })).sort((a, b) => b.p - a.p);
  const adjusted = new Array<number>(ps.length).fill(Number.NaN);
  let running = 1;
  order.forEach(({ p, i }, position) => {
    running = Math.min(running, (ps.length / (ps.length - position)) * p);
    adjusted[i] = running;
  });
  return adjusted;
}
