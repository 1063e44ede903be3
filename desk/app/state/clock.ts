/** Since when a citizen in an agent's hands is without an answer, and how late that is. */
import { isCitizen, speakerOf } from './threads.ts';
import type { DeskSettings, LoggedActivity } from './types.ts';

export interface Clock {
  /** first: nobody has written since it was taken · answer: the citizen wrote and has no answer. */
  readonly kind: 'first' | 'answer';
  /** ISO 8601. */
  readonly since: string;
}

/** The clock that runs, or null when the citizen has their answer. */
export function clockOf(activities: readonly LoggedActivity[], claimedAt: string): Clock | null {
  const messages = activities.filter(({ type }) => type === 'message');
  const answered = messages.findLastIndex((one) => speakerOf(one) === 'agent');
  const person = messages[answered];
  if (person === undefined || Date.parse(person.timestamp) < Date.parse(claimedAt)) return { kind: 'first', since: claimedAt };
  const open = messages.slice(answered + 1).find(isCitizen);
  return open === undefined ? null : { kind: 'answer', since: open.timestamp };
}

export type Lateness = 'good' | 'soon' | 'late';

/** late: over the limit · soon: less than a third of it is left. `now`: epoch milliseconds. */
export function latenessOf({ kind, since }: Clock, now: number, limits: DeskSettings): Lateness {
  const limit = (kind === 'first' ? limits.firstResponseSeconds : limits.answerSeconds) * 1000;
  const waited = now - Date.parse(since);
  return waited > limit ? 'late' : waited > (limit * 2) / 3 ? 'soon' : 'good';
}

export const clockWords = (kind: Clock['kind'], lateness: Lateness): string =>
  `${lateness === 'late' ? '超时' : lateness === 'soon' ? '将超时' : ''}${kind === 'first' ? '待首答' : '待回复'}`;

/** Who must be answered first comes first: offers, then the longest without an answer, then the others as they were taken. */
export function byNeed<T extends { readonly offered: boolean; readonly clock: Clock | null }>(a: T, b: T): number {
  if (a.offered !== b.offered) return a.offered ? -1 : 1;
  if (a.clock === null || b.clock === null) return a.clock === b.clock ? 0 : a.clock === null ? 1 : -1;
  return Date.parse(a.clock.since) - Date.parse(b.clock.since);
}
