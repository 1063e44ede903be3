/** Public holidays and make-up workdays (调休) of the PRC, from the package `chinese-days`, which follows the State Council's yearly notices. */
import chineseDays from 'chinese-days';
import { isoDay } from './china-day.ts';

export type NationalDay = 'holiday' | 'make_up_workday' | 'ordinary';

/** What the State Council's notice says of a day; a year without a notice yet has only ordinary days. */
export type NationalDays = (day: number) => NationalDay;

/** The notices known to the installed package. */
export const nationalDays: NationalDays = (day) => {
  // Noon without a zone is the same day whatever the server's zone: the package reads a bare date as UTC and shifts it west of Greenwich.
  const { work, name } = chineseDays.getDayDetail(`${isoDay(day)}T12:00:00`);
  // A day of a notice carries the holiday's name in both languages; all others are named by their weekday.
  if (!name.includes(',')) return 'ordinary';
  return work ? 'make_up_workday' : 'holiday';
};

/** Whether a notice for the year is known: without one its holidays count as ordinary days, and the operator should be told. */
export function noticeKnown(year: number, days: NationalDays = nationalDays): boolean {
  return days(Date.UTC(year, 9, 1) / 86_400_000) === 'holiday';
}
