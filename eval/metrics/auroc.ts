/** Separating answerable from unanswerable by a confidence. */

/** Area under the ROC curve, ties counted half. Undefined (NaN) when one side is empty. */
export function auroc(positive: readonly number[], negative: readonly number[]): number {
  if (positive.length === 0 || negative.length === 0) return Number.NaN;
  const all = [...positive.map((score) => ({ score, positive: true })), ...negative.map((score) => ({ score, positive: false }))].sort(
    (a, b) => a.score - b.score,
  );
  let rankSum = 0;
  for (let start = 0; start < all.length; ) {
    let end = start;
    while (end < all.length && all[end]?.score === all[start]?.score) end++;
    const rank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) if (all[i]?.positive) rankSum += rank;
    start = end;
  }
  return (rankSum - (positive.length * (positive.length + 1)) / 2) / (positive.length * negative.length);
}

/** Share of the negatives that pass when the threshold keeps `kept` (0..1) of the positives. */
export function passRateAt(kept: number, positive: readonly number[], negative: readonly number[]): { threshold: number; rate: number } {
  const sorted = [...positive].sort((a, b) => b - a);
  const threshold = sorted[Math.max(0, Math.ceil(kept * sorted.length) - 1)] ?? 0;
  return { threshold, rate: negative.filter((score) => score >= threshold).length / Math.max(1, negative.length) };
}
