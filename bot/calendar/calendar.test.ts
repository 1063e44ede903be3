import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultCalendars, loadCalendars, makeCalendars } from './calendars.ts';
import { DAY_MS, dayNumber, dayOfIso, dayStart, displayMoment, isoDay, weekdayOf } from './china-day.ts';
import { nationalDays, noticeKnown } from './holidays.ts';
import { calendarFileSchema } from './schema.ts';
import { WorkingCalendar } from './working-calendar.ts';

const at = (text: string) => Date.parse(`${text}+08:00`);
const { office } = defaultCalendars();
const anlan = fileURLToPath(new URL('../../knowledge/packs/anlan/', import.meta.url));

describe('days in China', () => {
  it('are counted by China’s clock, whatever zone the server is in', () => {
    expect(isoDay(dayNumber(Date.parse('2026-03-01T15:59:59Z')))).toBe('2026-03-01');
    expect(isoDay(dayNumber(Date.parse('2026-03-01T16:00:00Z')))).toBe('2026-03-02');
    expect(dayStart(dayOfIso('2026-03-02'))).toBe(Date.parse('2026-03-01T16:00:00Z'));
    expect(weekdayOf(dayOfIso('2026-11-22'))).toBe(0);
    expect(displayMoment(at('2026-11-23T09:30'), at('2026-11-21T12:00'))).toBe('11月23日（周一）09:30');
    expect(displayMoment(at('2027-01-04T09:30'), at('2026-11-21T12:00'))).toBe('2027年1月4日（周一）09:30');
  });

  it('agree with the system’s own zone database from 1992 on', () => {
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' });
    fc.assert(
      fc.property(fc.integer({ min: at('1992-01-01T00:00'), max: at('2100-01-01T00:00') }), (moment) => {
        expect(isoDay(dayNumber(moment))).toBe(day.format(moment));
      }),
    );
  });
});

describe('national holidays', () => {
  it('[R-082] holidays and make-up workdays (调休) follow the State Council’s notice, not the weekday', () => {
    // 国办发明电〔2025〕7号 for 2026: National Day 1–7 October, work on 20 September and 10 October
    const kinds = Object.fromEntries(
      ['2026-09-20', '2026-09-30', '2026-10-01', '2026-10-07', '2026-10-08', '2026-10-10', '2026-10-11'].map((day) => [
        day,
        nationalDays(dayOfIso(day)),
      ]),
    );
    expect(kinds).toEqual({
      '2026-09-20': 'make_up_workday',
      '2026-09-30': 'ordinary',
      '2026-10-01': 'holiday',
      '2026-10-07': 'holiday',
      '2026-10-08': 'ordinary',
      '2026-10-10': 'make_up_workday',
      '2026-10-11': 'ordinary',
    });
  });

  it('says whether the notice of a year is known', () => {
    expect([noticeKnown(2025), noticeKnown(2026), noticeKnown(2090)]).toEqual([true, true, false]);
  });
});

describe('working time', () => {
  it('[R-082] split shifts: the lunch break does not count', () => {
    expect(office.isOpen(at('2026-11-23T11:59'))).toBe(true);
    expect(office.isOpen(at('2026-11-23T12:00'))).toBe(false);
    expect(office.nextOpen(at('2026-11-23T12:10'))).toBe(at('2026-11-23T13:30'));
    expect(office.addWorkingTime(at('2026-11-23T11:30'), 60)).toBe(at('2026-11-23T14:00'));
    expect(office.addWorkingTime(at('2026-11-23T11:30'), 30)).toBe(at('2026-11-23T12:00'));
    expect(office.workingTimeBetween(at('2026-11-23T08:00'), at('2026-11-23T20:00'))).toBe(420);
  });

  it('[R-082] across the National Day holiday of 2026 and its make-up Saturday', () => {
    const before = at('2026-09-30T16:30');
    expect(office.nextOpen(at('2026-09-30T17:30'))).toBe(at('2026-10-08T09:00'));
    expect(office.addWorkingTime(before, 120)).toBe(at('2026-10-08T10:00'));
    expect(office.addWorkingDays(before, 1)).toBe(at('2026-10-08T17:30'));
    expect(office.addWorkingDays(before, 3)).toBe(at('2026-10-10T17:30'));
    expect(office.addWorkingDays(before, 4)).toBe(at('2026-10-12T17:30'));
  });

  it('[R-112] limits: natural hours run through the night, working hours and days do not', () => {
    const friday = at('2026-11-20T17:00');
    expect(office.due(friday, { hours: 2, clock: 'natural' })).toBe(at('2026-11-20T19:00'));
    expect(office.due(friday, { hours: 24, clock: 'natural' })).toBe(at('2026-11-21T17:00'));
    expect(office.due(friday, { hours: 2, clock: 'working' })).toBe(at('2026-11-23T10:30'));
    expect(office.due(friday, { workingDays: 5 })).toBe(at('2026-11-27T17:30'));
    expect(office.due(at('2026-11-21T10:00'), { workingDays: 1 })).toBe(at('2026-11-23T17:30'));
  });

  it('a calendar that never opens is an error, not an endless search', () => {
    const never = new WorkingCalendar(() => []);
    expect(() => never.nextOpen(0)).toThrow(RangeError);
    expect(() => never.addWorkingDays(0, 1)).toThrow(RangeError);
    expect(() => office.addWorkingDays(0, 0)).toThrow(RangeError);
    expect(() => office.addWorkingTime(0, -1)).toThrow(RangeError);
  });
});

describe('properties, over random calendars', () => {
  const clock = fc.integer({ min: 0, max: 24 * 12 }).map((steps) => steps * 5);
  const intervals = fc
    .uniqueArray(clock, { minLength: 0, maxLength: 6 })
    .map((points) => points.toSorted((a, b) => a - b))
    .map((points) =>
      Array.from({ length: Math.floor(points.length / 2) }, (_, i) => ({ from: points[2 * i] ?? 0, to: points[2 * i + 1] ?? 0 })),
    );
  const calendar = fc
    .tuple(fc.array(intervals, { minLength: 7, maxLength: 7 }), fc.array(fc.integer({ min: 20_400, max: 20_460 }), { maxLength: 9 }))
    .filter(([week]) => week.some((day) => day.length > 0))
    .map(([week, closed]) => new WorkingCalendar((day) => (closed.includes(day) ? [] : (week[weekdayOf(day)] ?? []))));
  const moment = fc.integer({ min: dayStart(20_400), max: dayStart(20_460) });
  const minutes = fc.integer({ min: 0, max: 5000 });
  const check = (property: Parameters<typeof fc.assert>[0]) => fc.assert(property, { numRuns: 300 });

  it('what was added is what lies between (inverse)', () =>
    check(
      fc.property(calendar, moment, minutes, (one, a, m) => {
        expect(one.workingTimeBetween(a, one.addWorkingTime(a, m))).toBe(m);
      }),
    ));

  it('from any open moment, adding what lies between leads there (inverse)', () =>
    check(
      fc.property(calendar, moment, moment, (one, a, b) => {
        const target = one.nextOpen(Math.max(a, b)) + 1000;
        if (!one.isOpen(target)) return;
        expect(one.addWorkingTime(Math.min(a, b), one.workingTimeBetween(Math.min(a, b), target))).toBeCloseTo(target, 3);
      }),
    ));

  it('later stays later, more stays later (monotone), and time adds up', () =>
    check(
      fc.property(calendar, moment, moment, minutes, minutes, (one, a, b, m, n) => {
        const [first, second] = a <= b ? [a, b] : [b, a];
        expect(one.addWorkingTime(first, m)).toBeLessThanOrEqual(one.addWorkingTime(second, m));
        expect(one.addWorkingTime(a, Math.min(m, n))).toBeLessThanOrEqual(one.addWorkingTime(a, Math.max(m, n)));
        expect(one.addWorkingTime(one.addWorkingTime(a, m), n)).toBe(one.addWorkingTime(a, m + n));
        expect(one.addWorkingDays(first, 3)).toBeLessThanOrEqual(one.addWorkingDays(second, 3));
        expect(one.addWorkingDays(a, 3)).toBeLessThan(one.addWorkingDays(a, 4));
        expect(one.nextOpen(first)).toBeLessThanOrEqual(one.nextOpen(second));
      }),
    ));

  it('the next opening is open, and nothing between was', () =>
    check(
      fc.property(calendar, moment, (one, a) => {
        const opening = one.nextOpen(a);
        expect(one.isOpen(opening)).toBe(true);
        expect(one.workingTimeBetween(a, opening)).toBe(0);
        expect(one.workingTimeBetween(opening, a)).toBe(0);
      }),
    ));

  it('n working days end n working days later', () =>
    check(
      fc.property(calendar, moment, fc.integer({ min: 1, max: 12 }), (one, a, n) => {
        const last = dayNumber(one.addWorkingDays(a, n) - 1);
        const between = Array.from({ length: last - dayNumber(a) }, (_, i) => dayNumber(a) + 1 + i).filter((day) => one.isWorkingDay(day));
        expect(between).toHaveLength(n);
        expect(one.addWorkingDays(a, n) - a).toBeGreaterThan((n - 1) * DAY_MS - DAY_MS);
      }),
    ));
});

describe('a pack’s calendar', () => {
  it('queues have their own hours; own closures and openings beat the national calendar', async () => {
    const calendars = await loadCalendars(anlan);
    expect(calendars.ofQueue('general').isOpen(at('2026-10-01T03:00'))).toBe(true);
    expect(calendars.ofQueue('人社').isOpen(at('2026-11-25T19:00'))).toBe(true);
    expect(calendars.ofQueue('人社').isOpen(at('2027-01-02T10:00'))).toBe(true);
    expect(calendars.ofQueue('公积金').isOpen(at('2026-12-18T10:00'))).toBe(false);
    expect(calendars.office.isOpen(at('2026-12-18T10:00'))).toBe(true);
    expect(calendars.ofQueue('医保')).toBe(calendars.office);
  });

  it('a pack without the file has office hours and a general line that never closes', async () => {
    const calendars = await loadCalendars('/nowhere');
    expect(calendars.ofQueue('general').isOpen(at('2026-10-01T03:00'))).toBe(true);
    expect(calendars.office.isOpen(at('2026-10-01T10:00'))).toBe(false);
    expect(calendars.limits).toMatchObject({ urgent: { hours: 2, clock: 'natural' }, sub_urgent: { hours: 24 }, help: { workingDays: 5 } });
  });

  it('make-up days use their own hours, or Monday’s', () => {
    const file = (more: object) =>
      makeCalendars(calendarFileSchema.parse({ zone: 'Asia/Shanghai', office: { mon: ['09:00-17:00'], ...more } }));
    expect(file({}).office.isOpen(at('2026-10-10T16:00'))).toBe(true);
    expect(file({ makeUp: ['09:00-12:00'] }).office.isOpen(at('2026-10-10T16:00'))).toBe(false);
  });

  it.each([
    [{ zone: 'Europe/Berlin', office: { mon: ['09:00-17:00'] } }],
    [{ zone: 'Asia/Shanghai', office: {} }],
    [{ zone: 'Asia/Shanghai', office: { mon: ['17:00-09:00'] } }],
    [{ zone: 'Asia/Shanghai', office: { mon: ['09:00-12:00', '11:00-13:00'] } }],
    [{ zone: 'Asia/Shanghai', office: { mon: ['9-17'] } }],
    [{ zone: 'Asia/Shanghai', office: { monday: ['09:00-17:00'] } }],
    [{ zone: 'Asia/Shanghai', office: { mon: ['09:00-17:00'] }, closed: [{ date: '2026-02-30', name: 'x' }] }],
    [{ zone: 'Asia/Shanghai', office: { mon: ['09:00-17:00'] }, limits: { urgent: { workingDays: 0 } } }],
  ])('refuses %j', (file) => {
    expect(calendarFileSchema.safeParse(file).success).toBe(false);
  });
});
