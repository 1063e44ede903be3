/** Days and clock times in China, by arithmetic: UTC+8 all year, no daylight saving time since 1992 (IANA tz, Asia/Shanghai). */

export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;
const OFFSET_MS = 8 * 60 * MINUTE_MS;

/** Days since 1970-01-01 on China's calendar at this moment (epoch milliseconds). */
export function dayNumber(at: number): number {
  return Math.floor((at + OFFSET_MS) / DAY_MS);
}

/** The moment a day begins in China. */
export function dayStart(day: number): number {
  return day * DAY_MS - OFFSET_MS;
}

/** The day as an ISO date. */
export function isoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The day an ISO date names. */
export function dayOfIso(iso: string): number {
  return Date.parse(`${iso}T00:00:00Z`) / DAY_MS;
}

/** 0 is Sunday. */
export function weekdayOf(day: number): number {
  // 1970-01-01 was a Thursday
  return (((day + 4) % 7) + 7) % 7;
}

/** A moment as citizens read it: 11月23日（周一）09:30, with the year where it is not this one's. */
export function displayMoment(at: number, now: number): string {
  const local = new Date(at + OFFSET_MS);
  const year = local.getUTCFullYear();
  const thisYear = new Date(now + OFFSET_MS).getUTCFullYear();
  const weekday = '日一二三四五六'[weekdayOf(dayNumber(at))];
  const time = local.toISOString().slice(11, 16);
  return `${year === thisYear ? '' : `${year}年`}${local.getUTCMonth() + 1}月${local.getUTCDate()}日（周${weekday}）${time}`;
}
