import { describe, expect, it } from 'vitest';
import { defaultCalendars } from '../calendar/calendars.ts';
import { DAY_MS, dayNumber, dayStart, isoDay, weekdayOf } from '../calendar/china-day.ts';
import { forecast } from './forecast.ts';
import { districtReader, type PlacedMatter } from './matters.ts';
import { timeOf, topicReport, wholeUnits } from './topics.ts';

const at = (text: string) => Date.parse(`${text}+08:00`);
const matter = (more: Partial<PlacedMatter> = {}): PlacedMatter => ({
  at: at('2026-11-20T10:00'),
  item: 'id-card',
  department: '公安局',
  type: 'consult',
  district: '东澜区',
  ...more,
});
const times = (count: number, more: Partial<PlacedMatter> = {}) => Array.from({ length: count }, () => matter(more));

describe('[R-151] [R-152] topic × district × time', () => {
  it('counts cells; a number that could be somebody is hidden, and nothing gives it away', () => {
    const report = topicReport([...times(7), ...times(4, { district: '西屏区' }), ...times(5, { district: null })], 'department', 'month');
    expect(report.cells).toEqual([
      { topic: '公安局', district: '东澜区', time: '2026-11', count: 7 },
      { topic: '公安局', district: '西屏区', time: '2026-11', count: null },
      { topic: '公安局', district: null, time: '2026-11', count: 5 },
    ]);
    expect(report.hidden).toBe(1);
    expect(JSON.stringify(report)).not.toContain('16');
    expect(topicReport(times(4, { department: null }), 'department', 'month')).toEqual({ cells: [], hidden: 0, untold: 0 });
  });

  it('weeks begin on Monday by China’s clock, and spans are widened to whole ones', () => {
    expect(timeOf(at('2026-11-22T23:59'), 'week')).toBe('2026-11-16');
    expect(timeOf(at('2026-11-23T00:00'), 'week')).toBe('2026-11-23');
    expect(timeOf(at('2026-10-31T23:59'), 'month')).toBe('2026-10');
    const span = { from: at('2026-11-18T00:00'), to: at('2026-11-25T00:00') };
    expect(wholeUnits(span, 'week')).toEqual({ from: at('2026-11-16T00:00'), to: at('2026-11-30T00:00') });
    expect(wholeUnits(span, 'month')).toEqual({ from: at('2026-11-01T00:00'), to: at('2026-12-01T00:00') });
  });

  it('the district is the one the words name most; two alike are none', () => {
    const districtOf = districtReader(['东澜区', '西屏区', '北岭县']);
    expect(districtOf('我在西屏，西屏区的大厅在哪，从东澜过去')).toBe('西屏区');
    expect(districtOf('东澜区和北岭县哪个能办')).toBeNull();
    expect(districtOf('身份证丢了')).toBeNull();
  });
});

describe('[R-163] how many will come', () => {
  const { office } = defaultCalendars();
  const now = at('2026-11-21T12:00');
  const begin = now - 70 * DAY_MS;
  /** Six at ten on working Mondays, four on other working days, one on days off. */
  const come = (day: number) => (!office.isWorkingDay(day) ? 1 : weekdayOf(day) === 1 ? 6 : 4);
  const moments = Array.from({ length: 70 }, (_, i) => dayNumber(begin) + i).flatMap((day) =>
    Array.from({ length: come(day) }, () => dayStart(day) + 10 * 3_600_000),
  );

  it('a working day is foretold from days like it, a day off from days off; checked against the past', () => {
    const found = forecast(moments, begin, now, office);
    if (found === 'too_little') throw new Error('ten weeks are enough');
    const of = (day: string, hour: number) => found.hours.find((one) => one.day === day && one.hour === hour);
    expect(of('2026-11-23', 10)).toMatchObject({ expected: 6, least: 6, most: 6, working: true });
    expect(of('2026-11-24', 10)).toMatchObject({ expected: 4 });
    expect(of('2026-11-28', 10)).toMatchObject({ expected: 1, working: false });
    expect(of('2026-11-23', 9)).toMatchObject({ expected: 0 });
    expect(found.hours.length).toBe(28 * 24);
    expect(found.past).toMatchObject({ meanErrorPerDay: 0, days: 28 });
    expect(isoDay(dayNumber(now))).toBe(found.hours[0]?.day);
  });

  it('says so when there is too little to go by', () => {
    expect(forecast(moments, now - 20 * DAY_MS, now, office)).toBe('too_little');
    expect(forecast(moments, now - 30 * DAY_MS, now, office)).toMatchObject({ past: null });
  });
});
