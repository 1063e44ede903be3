/** The Wilson score interval of a rate (Wilson 1927; Newcombe 1998, method 3). */

/** Two-sided 95 %: the normal quantile at .975. */
const z95 = 1.959963984540054;

/** 95 % interval of `hits` out of `n`; [NaN, NaN] for n = 0. */
export function wilson(hits: number, n: number, z = z95): [number, number] {
  if (n === 0) return [Number.NaN, Number.NaN];
  const p = hits / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [hits === 0 ? 0 : Math.max(0, centre - half), hits === n ? 1 : Math.min(1, centre + half)];
}
