/** Two periods side by side, and whether a change is more than chance. */
import type { Figure } from './figures.ts';
import { normalTail } from './normal.ts';

export interface Comparison {
  readonly id: string;
  readonly name: string;
  readonly unit: Figure['unit'];
  readonly before: { readonly value: number | null; readonly n: number };
  readonly after: { readonly value: number | null; readonly n: number };
  /** Two-sided; null where no test fits or one side is too small. */
  readonly p: number | null;
  readonly note: string;
}

/** Below this many on one side a share says little. */
const enough = 30;
const significant = 0.05;

/**
 * p of the hypothesis that two shares come from the same rate: the two-proportion z test with pooled variance. 1 when both are all or
 * nothing alike.
 */
export function twoShares(hitsA: number, nA: number, hitsB: number, nB: number): number {
  const pooled = (hitsA + hitsB) / (nA + nB);
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / nA + 1 / nB));
  return spread === 0 ? 1 : Math.min(1, 2 * normalTail(Math.abs(hitsA / nA - hitsB / nB) / spread));
}

/** Figure by figure; only shares are tested. */
export function compared(before: readonly Figure[], after: readonly Figure[]): Comparison[] {
  return after.flatMap((now): Comparison[] => {
    const then = before.find(({ id }) => id === now.id);
    if (!then) return [];
    const { id, name, unit } = now;
    const sides = { before: { value: then.value, n: then.n }, after: { value: now.value, n: now.n } };
    return [{ id, name, unit, ...sides, ...judged(then, now) }];
  });
}

function judged(then: Figure, now: Figure): Pick<Comparison, 'p' | 'note'> {
  if (now.unit !== 'share') return { p: null, note: '只列出数字，不作检验' };
  if (then.value === null || now.value === null || then.n < enough || now.n < enough)
    return { p: null, note: `样本太少（少于 ${enough}），不下结论` };
  const p = twoShares(Math.round(then.value * then.n), then.n, Math.round(now.value * now.n), now.n);
  if (p >= significant) return { p, note: '可能只是偶然波动' };
  return { p, note: now.value > then.value ? '上升，不像是偶然' : '下降，不像是偶然' };
}
