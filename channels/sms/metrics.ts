/** What the channel counts, for whoever collects it. No phone number is ever part of it. */
import type { SmsChange } from '../../bot/store/sms-receipts.ts';

export interface SmsMetrics {
  /** A message of so many SMS came into a state; `provider` is empty for one that was never given to any. */
  segments(provider: string, state: SmsChange['status'] | 'suppressed', count: number): void;
  /** The day's budget is used up. */
  alarm(): void;
}

/** Counts nothing. */
export const noMetrics: SmsMetrics = { segments: () => {}, alarm: () => {} };

export function countChanges(metrics: SmsMetrics, changes: readonly SmsChange[]): void {
  for (const { provider, status, segments } of changes) metrics.segments(provider, status, segments);
}
