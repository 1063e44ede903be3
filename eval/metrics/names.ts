/** What metrics are called and which way they point. */

const lower =
  /^(false_answer(_rate@90)?|error_rate|ece|aurc|brier|over_refusal|unsafe_answer|canary_leak|turns_to_completion|turns_late|latency_ms_.*|tied_share|accuracy_lost|calls_per_case|tokens_per_case|cost_per_.*)$/;

/** Whether less is better. */
export const lowerIsBetter = (metric: string): boolean => lower.test(metric);
