/** Quarters and years of evaluations, by China's calendar. */

const quarter = /^(\d{4})-Q([1-4])$/;
const year = /^(\d{4})$/;

/** Epoch milliseconds of 2026-Q4 or 2026, `to` exclusive; undefined for what is neither. */
export function spanOf(period: string): { from: number; to: number } | undefined {
  const [, y, q] = quarter.exec(period) ?? year.exec(period) ?? [];
  if (y === undefined) return undefined;
  const [first, last] = q === undefined ? [1, 13] : [Number(q) * 3 - 2, Number(q) * 3 + 1];
  return { from: monthStart(Number(y), first), to: monthStart(Number(y), last) };
}

/** Months beyond 12 belong to the next year. China keeps UTC+8 all year (IANA tz, Asia/Shanghai). */
const monthStart = (y: number, month: number): number => Date.UTC(y, month - 1, 1) - 8 * 3_600_000;
