/** Days and times as a citizen reads them, in the browser's own time zone. */
import type { Locale, Strings } from '../strings/strings.ts';

/** “14:05” */
export function clockTime(at: number): string {
  const date = new Date(at);
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

const dayNumber = (at: number): number => {
  const date = new Date(at);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
};

/** Whether a line with the day belongs between two messages. */
export const isNewDay = (before: number | undefined, at: number): boolean => before === undefined || dayNumber(before) !== dayNumber(at);

/** “今天”, “昨天” or “3月5日”, with the year when it is another one. */
export function dayName(at: number, now: number, locale: Locale, t: Strings): string {
  const age = dayNumber(now) - dayNumber(at);
  if (age === 0) return t.today;
  if (age === 1) return t.yesterday;
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(locale, { month: 'long', day: 'numeric', ...(sameYear ? {} : { year: 'numeric' }) }).format(at);
}
