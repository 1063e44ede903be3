/** One reading of a date, and the ways to make one. */
import { digitString, readNumeral } from './numeral.ts';

/** One reading of a date. `exactYear` false: the year was guessed and may move by one to fit the slot's bounds. */
export interface Reading {
  year: number;
  month: number;
  day: number;
  exactYear: boolean;
}

/** How a date is written, and what it says; undefined when it says no day after all. */
export interface DateForm {
  readonly form: RegExp;
  readonly make: (match: RegExpMatchArray, today: Date) => Reading | undefined;
}

/** A day of a year that was said; two digits are a year of people alive or of plans. */
export function exact(year: string | number | undefined, month: string | number | undefined, day: string | undefined): Reading | undefined {
  const [y, m, d] = [numberOf(year), numberOf(month), numberOf(day)];
  if (y === undefined || m === undefined || d === undefined || m < 1 || m > 12 || d < 1 || d > 99) return undefined;
  const full = y >= 100 ? y : y > 50 ? 1900 + y : 2000 + y;
  return full >= 1900 && full <= 2199 ? { year: full, month: m, day: d, exactYear: true } : undefined;
}

/** A day of a year that was not said. */
export function guessed(year: number, month: string | number | undefined, day: string | undefined): Reading | undefined {
  const reading = exact(year, month, day);
  return reading && { ...reading, exactYear: false };
}

/** So many days from today. */
export function shifted(today: Date, byDays: number): Reading {
  const day = new Date(today.getFullYear(), today.getMonth(), today.getDate() + byDays);
  return { year: day.getFullYear(), month: day.getMonth() + 1, day: day.getDate(), exactYear: true };
}

export function numberOf(given: string | number | undefined): number | undefined {
  if (given === undefined || typeof given === 'number') return given;
  if (/^\d+$/.test(given)) return Number(given);
  return readNumeral(given) ?? (digitString(given) === undefined ? undefined : Number(digitString(given)));
}
