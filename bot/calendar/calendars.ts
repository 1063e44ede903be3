/** The calendars of a house: one for office hours and working days, one for each queue that has hours of its own. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { dayOfIso, weekdayOf } from './china-day.ts';
import { type NationalDays, nationalDays } from './holidays.ts';
import { type CalendarFile, calendarFileSchema, type DeskLimits, type Hours, type Interval, type Limits, weekdays } from './schema.ts';
import { WorkingCalendar } from './working-calendar.ts';

export interface Calendars {
  /** Office hours: working days and limits are counted by it. */
  readonly office: WorkingCalendar;
  /** When somebody of this queue (skill) is at work. */
  ofQueue(skill: string): WorkingCalendar;
  readonly limits: Limits;
  /** How soon people at the desk should act. */
  readonly desk: DeskLimits;
  readonly followUp: CalendarFile['followUp'];
}

const morningAndAfternoon = ['09:00-12:00', '13:30-17:30'];
/** What a pack without `calendar.yaml` gets: common office hours, and a general line that never closes (GB/T 33358-2016: 7×24 小时). */
const defaultFile = {
  zone: 'Asia/Shanghai',
  office: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, morningAndAfternoon])),
  queues: { general: { ...Object.fromEntries(weekdays.map((day) => [day, ['00:00-24:00']])), holidays: 'ignored' } },
};

/** Reads `calendar.yaml` of a pack folder. Errors: the file and every wrong field. */
export async function loadCalendars(packFolder: string): Promise<Calendars> {
  const file = path.join(packFolder, 'calendar.yaml');
  let source: unknown = defaultFile;
  try {
    source = parse(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const parsed = calendarFileSchema.safeParse(source);
  if (!parsed.success) throw new Error(`${file}:\n${z.prettifyError(parsed.error)}`);
  return makeCalendars(parsed.data);
}

/** The calendars a file describes, on the national holidays given (default: the known notices). */
export function makeCalendars(file: CalendarFile, national: NationalDays = nationalDays): Calendars {
  const made = new Map<string, WorkingCalendar>();
  const office = new WorkingCalendar(intervalsOf(file, undefined, national));
  return {
    office,
    limits: file.limits,
    desk: file.desk,
    followUp: file.followUp,
    ofQueue: (skill) => {
      if (!file.queues[skill] && !exceptionsOf(file, skill)) return office;
      const known = made.get(skill) ?? new WorkingCalendar(intervalsOf(file, skill, national));
      made.set(skill, known);
      return known;
    },
  };
}

/** The calendars of a pack without a file of its own. */
export function defaultCalendars(national: NationalDays = nationalDays): Calendars {
  return makeCalendars(calendarFileSchema.parse(defaultFile), national);
}

const exceptionsOf = (file: CalendarFile, skill: string): boolean =>
  [...file.closed, ...file.open].some(({ queues }) => queues?.includes(skill));

/** An own opening beats an own closure beats the national calendar beats the week. `skill` undefined: the office. */
function intervalsOf(file: CalendarFile, skill: string | undefined, national: NationalDays): (day: number) => readonly Interval[] {
  const concerns = ({ queues }: { queues?: string[] | undefined }) =>
    queues === undefined || (skill !== undefined && queues.includes(skill));
  const closed = new Set(file.closed.filter(concerns).map(({ date }) => dayOfIso(date)));
  const open = new Map(file.open.filter(concerns).map((one) => [dayOfIso(one.date), one.hours]));
  const hours: Hours = (skill === undefined ? undefined : file.queues[skill]) ?? file.office;
  return (day) => {
    const special = open.get(day);
    if (special) return special;
    if (closed.has(day)) return [];
    const usual = hours[weekdays[weekdayOf(day)] ?? 'sun'];
    if (hours.holidays === 'ignored') return usual;
    const kind = national(day);
    if (kind === 'holiday') return [];
    if (kind === 'make_up_workday' && usual.length === 0) return hours.makeUp ?? hours.mon;
    return usual;
  };
}
