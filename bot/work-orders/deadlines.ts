/** When an order is due, and what happens by itself on the way there. Source of the classes: 一网通办 基本要求 (draft) 7.3.2; limits come from the pack. */
import type { Calendars } from '../calendar/calendars.ts';
import type { Limit } from '../calendar/schema.ts';
import type { Check, Matter } from './order.ts';

/** When a limit begins and ends, and what is checked on the way. */
export interface Deadline {
  readonly startedAt: number;
  readonly dueAt: number;
  readonly checks: Check[];
}

type Class = Pick<Matter, 'kind' | 'urgency' | 'demandType'> & { readonly complex: boolean };

/** The limit of this class of orders. */
export function limitOf({ limits }: Calendars, order: Class): Limit {
  if (order.kind === 'bad_rating') return limits.badRatingFix;
  if (order.urgency !== 'general') return limits[order.urgency];
  return order.complex ? limits.complex : limits[order.demandType];
}

/** The deadline of an order whose time begins at `at`. */
export function deadlineFrom(calendars: Calendars, order: Class, at: number): Deadline {
  const limit = limitOf(calendars, order);
  // left while nobody was on duty: a promise in hours begins when somebody is
  const begin = order.kind === 'message' && 'hours' in limit ? calendars.office.nextOpen(at) : at;
  const deadline = withDue(calendars, limit, begin, calendars.office.due(begin, limit));
  if (order.kind !== 'bad_rating') return deadline;
  const contact = { at: calendars.office.due(at, calendars.limits.badRatingContact), kind: 'contact' as const };
  return { ...deadline, checks: [...deadline.checks, contact].toSorted((a, b) => a.at - b.at) };
}

/** The same order with its limit extended once: counted from the old due date, so that asking early costs nothing. */
export function extended(calendars: Calendars, order: Class & { startedAt: number; dueAt: number }): Deadline {
  const dueAt = calendars.office.due(order.dueAt, calendars.limits.extension);
  return withDue(calendars, calendars.limits.extension, order.startedAt, dueAt);
}

/** The date promised to a citizen whose order is overdue. */
export function promiseAfter(calendars: Calendars, at: number): number {
  return calendars.office.due(at, calendars.limits.overdueGrace);
}

/** Half-time and 80 % are measured on the clock of the limit: nights and holidays do not bring a working-day limit nearer. */
function withDue(calendars: Calendars, limit: Limit, startedAt: number, dueAt: number): Deadline {
  const natural = 'hours' in limit && limit.clock === 'natural';
  const { office } = calendars;
  const total = natural ? dueAt - startedAt : office.workingTimeBetween(startedAt, dueAt);
  const share = (part: number) => (natural ? startedAt + total * part : office.addWorkingTime(startedAt, total * part));
  return {
    startedAt,
    dueAt,
    checks: [
      { at: share(0.5), kind: 'half' },
      { at: share(0.8), kind: 'urge' },
      { at: dueAt, kind: 'overdue' },
      { at: promiseAfter(calendars, dueAt), kind: 'supervise' },
    ],
  };
}
