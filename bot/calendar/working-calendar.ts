/** Arithmetic on working time: open or closed, how long until, how much between. Pure; moments are epoch milliseconds. */
import { dayNumber, dayStart, MINUTE_MS } from './china-day.ts';
import type { Interval, Limit } from './schema.ts';

/** A working stretch: open from `start` up to, not including, `end`. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Closed for longer than this means that the calendar is wrong. */
const LONGEST_CLOSURE_DAYS = 400;

export class WorkingCalendar {
  readonly #intervalsOn: (day: number) => readonly Interval[];
  readonly #cache = new Map<number, readonly Stretch[]>();

  /** `intervalsOn` gives a day's working intervals, in order and without overlap; it must always answer the same for the same day. */
  constructor(intervalsOn: (day: number) => readonly Interval[]) {
    this.#intervalsOn = intervalsOn;
  }

  /** Whether somebody works at this moment. */
  isOpen(at: number): boolean {
    return this.#on(dayNumber(at)).some(({ start, end }) => start <= at && at < end);
  }

  /** Whether any work is done on this day (days since 1970-01-01 in China). */
  isWorkingDay(day: number): boolean {
    return this.#on(day).length > 0;
  }

  /** `at` itself while open, else the next opening. Errors: RangeError when the calendar stays closed for more than 400 days. */
  nextOpen(at: number): number {
    const next = this.#from(at).next();
    return next.done ? at : next.value.start;
  }

  /** The moment by which `minutes` of working time have passed since `at`; 0 gives `at` itself. The end of a stretch counts as reached. */
  addWorkingTime(at: number, minutes: number): number {
    if (!(minutes >= 0)) throw new RangeError(`minutes must not be negative: ${minutes}`);
    if (minutes === 0) return at;
    let left = minutes * MINUTE_MS;
    for (const { start, end } of this.#from(at)) {
      if (left <= end - start) return start + left;
      left -= end - start;
    }
    return at;
  }

  /**
   * The close of business of the n-th working day after the day of `at`: the day of receipt does not count, as 民法典 第二百零一条 has it
   * for periods in days.
   */
  addWorkingDays(at: number, days: number): number {
    if (!Number.isInteger(days) || days < 1) throw new RangeError(`working days must be a whole number from 1: ${days}`);
    let left = days;
    let day = dayNumber(at);
    for (let closed = 0; left > 0; ) {
      day += 1;
      if (this.isWorkingDay(day)) {
        left -= 1;
        closed = 0;
      } else if (++closed > LONGEST_CLOSURE_DAYS) throw neverOpen(at);
    }
    return this.#on(day).at(-1)?.end ?? dayStart(day + 1);
  }

  /** Minutes of working time from `a` to `b`; negative when `b` comes first. */
  workingTimeBetween(a: number, b: number): number {
    if (b < a) return 0 - this.workingTimeBetween(b, a);
    let sum = 0;
    for (let day = dayNumber(a); day <= dayNumber(b); day++) {
      for (const { start, end } of this.#on(day)) sum += Math.max(0, Math.min(end, b) - Math.max(start, a));
    }
    return sum / MINUTE_MS;
  }

  /** When a limit that begins at `at` ends. */
  due(at: number, limit: Limit): number {
    if ('workingDays' in limit) return this.addWorkingDays(at, limit.workingDays);
    return limit.clock === 'natural' ? at + limit.hours * 60 * MINUTE_MS : this.addWorkingTime(at, limit.hours * 60);
  }

  /** Stretches from `at` on; the first one is cut to begin at `at` if that falls inside it. Endless. */
  *#from(at: number): Generator<Stretch> {
    let closed = 0;
    for (let day = dayNumber(at); ; day++) {
      const rest = this.#on(day).filter(({ end }) => end > at);
      closed = rest.length > 0 ? 0 : closed + 1;
      if (closed > LONGEST_CLOSURE_DAYS) throw neverOpen(at);
      for (const { start, end } of rest) yield { start: Math.max(start, at), end };
    }
  }

  #on(day: number): readonly Stretch[] {
    let found = this.#cache.get(day);
    if (found === undefined) {
      const begin = dayStart(day);
      found = this.#intervalsOn(day).map(({ from, to }) => ({ start: begin + from * MINUTE_MS, end: begin + to * MINUTE_MS }));
      this.#cache.set(day, found);
    }
    return found;
  }
}

const neverOpen = (at: number) =>
  new RangeError(`the calendar stays closed for more than ${LONGEST_CLOSURE_DAYS} days after ${new Date(at).toISOString()}`);
