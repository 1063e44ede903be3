/** Whether a message may go now: consent, opt-out, quiet hours, limits of a number, the day's budget. */
import type { Db } from '../../../bot/store/database.ts';
import { type SmsMessage, smsOnTheirWay, smsSince } from '../../../bot/store/sms-messages.ts';
import { smsNumber } from '../../../bot/store/sms-numbers.ts';
import { draftSchema } from '../draft.ts';
import { dayStart, nextMorning, quietUntil } from './hours.ts';

export interface Limits {
  /** SMS a second, all numbers together. */
  readonly perSecond: number;
  readonly perNumberHour: number;
  readonly perNumberDay: number;
  /** SMS a day; 0 = no limit. Notices stop there, answers go on, and an alarm is raised. */
  readonly dailyBudget: number;
}

export type Admission =
  | { readonly go: true }
  | { readonly suppress: 'opted_out' | 'no_consent' | 'expired' }
  | { readonly wait: number; readonly why: 'quiet_hours' | 'budget' | 'number_limit' };

const hour = 3_600_000;

/** `overBudget` is told that the day's budget is used up. */
export async function admit(
  db: Db,
  message: SmsMessage,
  given: { limits: Limits; now: number; overBudget: (used: number) => void },
): Promise<Admission> {
  const { limits, now } = given;
  if (now >= message.expiresAt) return { suppress: 'expired' };
  const number = await smsNumber(db, message.phone);
  // The one confirmation of an opt-out is all that still goes there.
  if (number.optedOutAt !== null && draftSchema.parse(message.draft).kind !== 'optout') return { suppress: 'opted_out' };
  if (message.class === 'notice') {
    if (number.consentAt === null) return { suppress: 'no_consent' };
    const quiet = quietUntil(now);
    if (quiet !== undefined) return { wait: quiet, why: 'quiet_hours' };
  }
  if (limits.dailyBudget > 0) {
    const used = (await smsSince(db, dayStart(now))).segments + (await smsOnTheirWay(db));
    if (used + message.segments > limits.dailyBudget) {
      given.overBudget(used);
      if (message.class === 'notice') return { wait: nextMorning(now), why: 'budget' };
    }
  }
  const lastHour = await smsSince(db, now - hour, message.phone);
  if (lastHour.messages >= limits.perNumberHour) return { wait: now + 5 * 60_000, why: 'number_limit' };
  const lastDay = await smsSince(db, now - 24 * hour, message.phone);
  return lastDay.messages >= limits.perNumberDay ? { wait: now + hour, why: 'number_limit' } : { go: true };
}
