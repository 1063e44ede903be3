/** Topic × district × time, without anybody who could be recognised: what a city decides by. */
import { DAY_MS, dayNumber, isoDay, weekdayOf } from '../calendar/china-day.ts';
import type { PlacedMatter } from './matters.ts';

export const topicKinds = ['department', 'item', 'type'] as const;
export type TopicKind = (typeof topicKinds)[number];
export const timeUnits = ['week', 'month'] as const;
export type TimeUnit = (typeof timeUnits)[number];

/** Fewer than this in one cell could be somebody: their number is not shown. */
export const LEAST_SHOWN = 5;

export interface Cell {
  readonly topic: string;
  /** Null: the words named none. */
  readonly district: string | null;
  /** Monday of the week, or the month: 2026-11-16, 2026-11. */
  readonly time: string;
  /** Null: at least one, fewer than `LEAST_SHOWN`. */
  readonly count: number | null;
}

export interface TopicReport {
  /** Cells with something in them, in order of time, then topic, then district. */
  readonly cells: readonly Cell[];
  /** How many cells hide their number. */
  readonly hidden: number;
  /** Matters that no topic is known of. */
  readonly untold: number;
}

/**
 * Counts matters by cell. No sums are given: a sum of which all but one part is shown would tell the hidden part. Weeks and months are the
 * calendar's, so two reports cannot be subtracted to the day.
 */
export function topicReport(matters: readonly PlacedMatter[], by: TopicKind, every: TimeUnit): TopicReport {
  const counts = new Map<string, { topic: string; district: string | null; time: string; count: number }>();
  let untold = 0;
  for (const matter of matters) {
    const topic = matter[by];
    if (topic === null) {
      untold += 1;
      continue;
    }
    const time = timeOf(matter.at, every);
    const key = JSON.stringify([topic, matter.district, time]);
    const cell = counts.get(key) ?? { topic, district: matter.district, time, count: 0 };
    cell.count += 1;
    counts.set(key, cell);
  }
  const cells = [...counts.values()]
    .map(({ count, ...cell }): Cell => ({ ...cell, count: count < LEAST_SHOWN ? null : count }))
    .toSorted((a, b) => a.time.localeCompare(b.time) || a.topic.localeCompare(b.topic) || byName(a.district, b.district));
  return { cells, hidden: cells.filter(({ count }) => count === null).length, untold: untold < LEAST_SHOWN ? 0 : untold };
}

/** Districts by name, those that no words named last. */
const byName = (a: string | null, b: string | null): number =>
  a === null || b === null ? Number(a === null) - Number(b === null) : a.localeCompare(b);

/** The week or month a moment belongs to, by China's calendar. */
export function timeOf(at: number, every: TimeUnit): string {
  const day = dayNumber(at);
  if (every === 'month') return isoDay(day).slice(0, 7);
  return isoDay(day - ((weekdayOf(day) + 6) % 7));
}

/** The whole weeks or months that a span touches: from the first moment of the first to the end of the last. */
export function wholeUnits({ from, to }: { from: number; to: number }, every: TimeUnit): { from: number; to: number } {
  let [first, last] = [dayNumber(from), dayNumber(to - 1)];
  const unit = (day: number) => timeOf((day + 0.5) * DAY_MS - 8 * 3_600_000, every);
  while (unit(first - 1) === unit(first)) first -= 1;
  while (unit(last + 1) === unit(last)) last += 1;
  return { from: first * DAY_MS - 8 * 3_600_000, to: (last + 1) * DAY_MS - 8 * 3_600_000 };
}
