const FIRST = 600;
const LONGEST = 30_000;

/** Milliseconds to wait before attempt `attempt` + 1: doubling from 0.6 s to 30 s, spread by half so that clients do not return together. */
export function backoff(attempt: number, random: () => number): number {
  const full = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10));
  return Math.round(full / 2 + (full / 2) * random());
}
