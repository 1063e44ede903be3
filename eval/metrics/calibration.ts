/** Whether a confidence can be believed. */

export interface Believed {
  /** 0..1 */
  readonly confidence: number;
  readonly right: boolean;
}

export interface Bin {
  readonly confidence: number;
  readonly accuracy: number;
  readonly n: number;
}

const bins = 15;

/** Bins of equal size by confidence, lowest first; cases of the same confidence may fall into neighbouring bins. */
export function reliability(rows: readonly Believed[], count = bins): Bin[] {
  const sorted = [...rows].sort((a, b) => a.confidence - b.confidence);
  return Array.from({ length: Math.min(count, sorted.length) }, (_, i): Bin => {
    const part = sorted.slice(
      Math.floor((i * sorted.length) / Math.min(count, sorted.length)),
      Math.floor(((i + 1) * sorted.length) / Math.min(count, sorted.length)),
    );
    return {
      confidence: part.reduce((sum, row) => sum + row.confidence, 0) / part.length,
      accuracy: part.filter((row) => row.right).length / part.length,
      n: part.length,
    };
  });
}

/** Expected calibration error over 15 bins of equal size: Σ |B|/n · |acc(B) − conf(B)|. NaN without rows. */
export function ece(rows: readonly Believed[], count = bins): number {
  if (rows.length === 0) return Number.NaN;
  return reliability(rows, count).reduce((sum, bin) => sum + (bin.n / rows.length) * Math.abs(bin.accuracy - bin.confidence), 0);
}

/** Area under the risk–coverage curve: mean over c of the error among the c most confident; ties at their expected value. */
export function aurc(rows: readonly Believed[]): number {
  if (rows.length === 0) return Number.NaN;
  const sorted = [...rows].sort((a, b) => b.confidence - a.confidence);
  let errors = 0;
  let sum = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end]?.confidence === sorted[start]?.confidence) end++;
    const wrong = sorted.slice(start, end).filter((row) => !row.right).length;
    for (let i = start; i < end; i++) sum += (errors + (wrong * (i - start + 1)) / (end - start)) / (i + 1);
    errors += wrong;
    start = end;
  }
  return sum / sorted.length;
}

/** Mean squared distance between confidence and outcome. */
export function brier(rows: readonly Believed[]): number {
  return rows.reduce((sum, row) => sum + (row.confidence - (row.right ? 1 : 0)) ** 2, 0) / rows.length;
}
