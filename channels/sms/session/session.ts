/** Which conversation a phone number is in. */
import { createHmac } from 'node:crypto';
import { findConversation } from '../../../bot/store/conversations.ts';
import { findRating } from '../../../bot/store/ratings.ts';
import { dropConsent } from '../../../bot/store/sms-numbers.ts';
import { findSmsSession, type SmsSession, saveSmsSession } from '../../../bot/store/sms-sessions.ts';
import { SMS_CHANNEL, type SmsOptions } from '../options.ts';
import { maskPhone } from '../text/phone.ts';

export interface SessionRules {
  /** After so long without a message a session ends. */
  readonly idleMs: number;
  /** After so long a number may belong to somebody else: nothing old is shown or gone on with. */
  readonly recycleMs: number;
}

export interface Citizen {
  readonly phone: string;
  readonly port: string;
}

/** The number's conversation, opened if need be; the citizen is writing right now. */
export async function resumeSession(options: SmsOptions, rules: SessionRules, citizen: Citizen, text: string): Promise<SmsSession> {
  const { core, database } = options.house();
  const { phone, port } = citizen;
  const now = options.now();
  const known = await findSmsSession(database.db, phone, port);
  const recycled = known !== undefined && now - known.lastInAt > rules.recycleMs;
  const fresh = known === undefined || recycled || (await isOver(options, known));
  const generation = (known?.generation ?? 0) + (fresh ? 1 : 0);
  const locale = localeOf(text) ?? (recycled ? undefined : known?.locale) ?? 'zh-CN';
  const conversationId = fresh ? await keyed(options, [phone, port, String(generation)]) : known.conversationId;
  if (recycled) await dropConsent(database.db, phone, now);
  if (fresh)
    await core.openConversation({
      id: conversationId,
      channel: SMS_CHANNEL,
      // Its next owner is somebody else.
      userId: `sms-${await keyed(options, [phone, recycled ? String(generation) : ''])}`,
      locale,
      // Staff see whom they talk to; the whole number is in an object, which the desk does not list.
      profile: { phone: maskPhone(phone), sms: { phone, port } },
    });
  const session = { phone, port, conversationId, generation, locale, lastInAt: now };
  await saveSmsSession(database.db, session);
  return { ...session, endedAt: null, ratingAskedAt: known?.ratingAskedAt ?? null };
}

/** Rated and gone silent: the next message is a new matter, which can be rated again. */
async function isOver({ house }: SmsOptions, session: SmsSession): Promise<boolean> {
  const { db } = house().database;
  if (session.endedAt === null || (await findRating(db, session.conversationId)) === undefined) return false;
  return (await findConversation(db, session.conversationId))?.mode === 'bot';
}

/** The language a message is written in, where it says so. */
function localeOf(text: string): string | undefined {
  if (/\p{Script=Han}/u.test(text)) return 'zh-CN';
  return /[A-Za-z]{3,}.*\s.*[A-Za-z]{2,}/s.test(text) ? 'en' : undefined;
}

async function keyed(options: SmsOptions, parts: readonly string[]): Promise<string> {
  return createHmac('sha256', await options.conversationKey())
    .update(JSON.stringify(parts))
    .digest('base64url');
}
