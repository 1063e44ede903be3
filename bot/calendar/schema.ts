/** `calendar.yaml` of a pack: when each queue is staffed, days that differ from the national calendar, the time limits of work orders, and how many are followed up. */
import { z } from 'zod';

/** Minutes of a day, from 0 to 1440; the end is not part of it. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** `09:00-12:00`, up to `24:00`. */
const intervalSchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'an interval is HH:MM-HH:MM')
  .transform((text): Interval => {
    const [from, to] = text.split('-').map(minutesOf);
    return { from: from ?? 0, to: to ?? 0 };
  })
  .refine(({ from, to }) => from < to, 'an interval ends after it begins (one over midnight is two, on two days)');

const intervalsSchema = z
  .array(intervalSchema)
  .refine(
    (all) => all.every((one, index) => index === 0 || (all[index - 1]?.to ?? 0) <= one.from),
    'intervals stand in order and do not overlap',
  );

export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const week = Object.fromEntries(weekdays.map((day) => [day, intervalsSchema.default([])])) as Record<
  (typeof weekdays)[number],
  z.ZodDefault<typeof intervalsSchema>
>;

export const hoursSchema = z
  .strictObject({
    ...week,
    /** Hours of a make-up workday (调休) that falls on a weekend; default: Monday's. */
    makeUp: intervalsSchema.optional(),
    /** observed: closed on public holidays · ignored: the weekday's hours count (lines that never close). */
    holidays: z.enum(['observed', 'ignored']).default('observed'),
  })
  .refine((hours) => weekdays.some((day) => hours[day].length > 0), 'needs hours on at least one weekday');
export type Hours = z.infer<typeof hoursSchema>;

const exception = { date: z.iso.date(), name: z.string().trim().min(1), queues: z.array(z.string().trim().min(1)).min(1).optional() };

/** A time limit. Natural hours run on; working hours and days count only what the calendar says. */
export const limitSchema = z.union(
  [
    z.strictObject({ hours: z.number().positive().max(2400), clock: z.enum(['natural', 'working']).default('natural') }),
    z.strictObject({ workingDays: z.int().min(1).max(250) }),
  ],
  { error: 'a limit is {hours: n, clock: natural|working} or {workingDays: n}' },
);
export type Limit = z.infer<typeof limitSchema>;

const days = (workingDays: number) => limitSchema.default({ workingDays });
const hours = (count: number) => limitSchema.default({ hours: count, clock: 'natural' });

/**
 * Limits by class and kind of demand. Defaults: 2 h and 24 h as the draft of 一网通办 基本要求 7.3.2 says; the working days are common local
 * rules, which a city replaces by its own.
 */
export const limitsSchema = z.strictObject({
  urgent: hours(2),
  sub_urgent: hours(24),
  consult: days(1),
  online_guidance: days(1),
  help: days(5),
  complaint: days(5),
  report: days(5),
  suggestion: days(5),
  /** A matter found to be complex when it is dispatched. */
  complex: days(15),
  /** The one extension a department may take. */
  extension: days(5),
  badRatingContact: days(1),
  badRatingFix: days(15),
  /** Silence after an answer counts as agreement from then on. */
  confirm: days(3),
  /** Once overdue, the new date promised to the citizen. */
  overdueGrace: days(1),
});
export type Limits = z.infer<typeof limitsSchema>;

const minutes = (count: number) => z.number().positive().max(240).default(count);
/** How soon a person at the desk should act, minutes. GB/T 33358-2016: online media answer within three minutes. */
export const deskLimitsSchema = z.strictObject({
  /** The first word after taking a conversation. */
  firstResponse: minutes(1),
  /** Every later answer. */
  answer: minutes(3),
  /** Accepting what a colleague passes on; then it goes back. */
  accept: minutes(3),
});
export type DeskLimits = z.infer<typeof deskLimitsSchema>;

export const calendarFileSchema = z.strictObject({
  zone: z.literal('Asia/Shanghai'),
  /** Office hours: what working days are made of, and the hours of every queue that has none of its own. */
  office: hoursSchema,
  queues: z.record(z.string().trim().min(1), hoursSchema).default({}),
  /** Days closed beyond the national holidays; without `queues` all of them, and no working days. */
  closed: z.array(z.strictObject(exception)).default([]),
  /** Days with hours of their own, whatever weekday or holiday it is. */
  open: z.array(z.strictObject({ ...exception, hours: intervalsSchema.min(1) })).default([]),
  limits: z.prefault(limitsSchema, {}),
  desk: z.prefault(deskLimitsSchema, {}),
  /** 回访: the share of finished orders that are asked about, and the seed they are drawn with. */
  followUp: z.prefault(z.strictObject({ rate: z.number().min(0).max(1).default(0.2), seed: z.string().min(1).default('wenban') }), {}),
});
export type CalendarFile = z.infer<typeof calendarFileSchema>;

function minutesOf(clock: string): number {
  const [hour, minute] = clock.split(':').map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}
