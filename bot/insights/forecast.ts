/** How many people will come, hour by hour, from how many came: for whoever plans windows and seats. */

import { DAY_MS, dayNumber, dayStart, isoDay, weekdayOf } from '../calendar/china-day.ts';
import type { WorkingCalendar } from '../calendar/working-calendar.ts';

/** What counts: a conversation that began, or somebody who asked for a person. */
export interface HourForecast {
  /** ISO date in China. */
  readonly day: string;
  /** 0–23. */
  readonly hour: number;
  readonly working: boolean;
  /** Mean of the days it is drawn from. */
  readonly expected: number;
  /** The fewest and the most of those days. */
  readonly least: number;
  readonly most: number;
  /** How many days it is drawn from. */
  readonly days: number;
}

export interface Forecast {
  readonly hours: readonly HourForecast[];
  /** The last four weeks foretold from the weeks before them: how well this would have done. Null without enough weeks for that. */
  readonly past: { readonly meanErrorPerDay: number; readonly meanPerDay: number; readonly days: number } | null;
}

/** So many weeks back are looked at, at most. */
export const WEEKS_BACK = 8;
/** A forecast from less than this would be a guess. */
const leastWeeks = 3;
const daysAhead = 28;
const backtestDays = 28;

type Calendar = Pick<WorkingCalendar, 'isWorkingDay'>;

/**
 * The next 28 days from today on, from the moments at which somebody came. A working day is foretold from the same weekday's working days of
 * the last eight weeks, any other day from all days off. 'too_little': less than three whole weeks lie behind `now`. `since`: when counting began.
 */
export function forecast(moments: readonly number[], since: number, now: number, calendar: Calendar): Forecast | 'too_little' {
  const today = dayNumber(now);
  const firstDay = Math.max(dayNumber(since) + 1, today - WEEKS_BACK * 7);
  if (today - firstDay < leastWeeks * 7) return 'too_little';
  const counts = new Map<number, number[]>();
  for (let day = firstDay; day < today; day++) counts.set(day, new Array<number>(24).fill(0));
  for (const at of moments) {
    const hours = counts.get(dayNumber(at));
    const hour = Math.floor((at - dayStart(dayNumber(at))) / 3_600_000);
    if (hours) hours[hour] = (hours[hour] ?? 0) + 1;
  }
  const hours = Array.from({ length: daysAhead }, (_, ahead) => foretold(today + ahead, counts, calendar)).flat();
  return { hours, past: backtest(counts, firstDay, today, calendar) };
}

/** One day's hours; nothing where no day like it lies behind. */
function foretold(day: number, counts: ReadonlyMap<number, readonly number[]>, calendar: Calendar): HourForecast[] {
  const working = calendar.isWorkingDay(day);
  const like = [...counts].filter(
    ([other]) => calendar.isWorkingDay(other) === working && (!working || weekdayOf(other) === weekdayOf(day)),
  );
  // A week of make-up workdays may have no like: then any working day will do.
  const from = like.length > 0 ? like : [...counts].filter(([other]) => calendar.isWorkingDay(other) === working);
  if (from.length === 0) return [];
  return Array.from({ length: 24 }, (_, hour) => {
    const seen = from.map(([, hours]) => hours[hour] ?? 0);
    const expected = seen.reduce((sum, one) => sum + one, 0) / seen.length;
    return { day: isoDay(day), hour, working, expected, least: Math.min(...seen), most: Math.max(...seen), days: seen.length };
  });
}

function backtest(counts: ReadonlyMap<number, readonly number[]>, firstDay: number, today: number, calendar: Calendar): Forecast['past'] {
  const cut = today - backtestDays;
  if (cut - firstDay < leastWeeks * 7) return null;
  const before = new Map([...counts].filter(([day]) => day < cut));
  const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
  const days = [...counts].filter(([day]) => day >= cut);
  const errors = days.flatMap(([day, hours]) => {
    const guess = foretold(day, before, calendar);
    return guess.length === 0 ? [] : [Math.abs(sum(guess.map(({ expected }) => expected)) - sum(hours))];
  });
  if (errors.length === 0) return null;
  return {
    meanErrorPerDay: sum(errors) / errors.length,
    meanPerDay: sum(days.map(([, hours]) => sum(hours))) / days.length,
    days: errors.length,
  };
}

export const backMs = WEEKS_BACK * 7 * DAY_MS;
