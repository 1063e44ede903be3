/** How long a waiting citizen will probably wait, from what recent ones went through; silence where that is too little to tell. */
import type { Db } from '../store/database.ts';
import { recentService } from '../store/handoffs.ts';
import type { Candidate } from '../store/staff-profiles.ts';

const MINUTE_MS = 60_000;
/** Fewer recent services than this say nothing. */
const ENOUGH = 5;
const LOOKED_AT = 50;
const RECENT_MS = 14 * 86_400_000;
/** What is told, in minutes: nobody believes 17. Anything above the last is “over an hour”. */
const told = [1, 2, 3, 5, 10, 15, 20, 30, 45, 60];

/** A queue as an estimate sees it. */
export interface QueueLoad {
  /** Conversations its people on duty can hold at once, and hold now. */
  readonly slots: number;
  readonly busy: number;
  /** Recent ones, milliseconds. */
  readonly handled: readonly number[];
  readonly waited: readonly number[];
}

/**
 * Minutes until somebody joins the citizen at `place` (from 1), rounded up to what is told; undefined when nobody is on duty or too few
 * services are known. While places are free the usual delay until somebody joins counts, otherwise how fast the places become free.
 */
export function estimateWait(place: number, load: QueueLoad): number | undefined {
  const { slots, busy, handled, waited } = load;
  if (slots <= 0) return undefined;
  const behind = place - Math.max(0, slots - busy);
  if (behind <= 0) return waited.length < ENOUGH ? undefined : rounded(median(waited));
  return handled.length < ENOUGH ? undefined : rounded((behind * mean(handled)) / slots);
}

/** The load of a queue now. */
export async function queueLoad(db: Db, skill: string, people: readonly Candidate[], now: number): Promise<QueueLoad> {
  const recent = await recentService(db, skill, now - RECENT_MS, LOOKED_AT);
  return {
    slots: people.reduce((sum, { capacity }) => sum + capacity, 0),
    busy: people.reduce((sum, { load }) => sum + load, 0),
    handled: recent.flatMap(({ handled }) => handled ?? []),
    waited: recent.map(({ waited }) => waited),
  };
}

function rounded(milliseconds: number): number {
  const minutes = milliseconds / MINUTE_MS;
  return told.find((one) => one >= minutes) ?? (told.at(-1) ?? 0) + 1;
}

const mean = (all: readonly number[]): number => all.reduce((sum, one) => sum + one, 0) / all.length;

function median(all: readonly number[]): number {
  const sorted = all.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
