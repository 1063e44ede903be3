/** What time does to sessions: they end, and ask for the rating, at most once a day. */
import { ratingRequest } from '../../../bot/handoff/events.ts';
import { mayInvite } from '../../../bot/ratings/invite.ts';
import { findConversation } from '../../../bot/store/conversations.ts';
import { lastWithMenu } from '../../../bot/store/sms-messages.ts';
import { smsNumber } from '../../../bot/store/sms-numbers.ts';
import { endSmsSession, lastRatingAsked, noteRatingAsked, type SmsSession, silentSmsSessions } from '../../../bot/store/sms-sessions.ts';
import type { SmsOptions } from '../options.ts';
import { quietUntil } from '../queue/hours.ts';
import type { SessionRules } from './session.ts';

const batch = 100;
const day = 24 * 3_600_000;

/** Ends every session that is silent for too long. Those that wait for a person or have one stay open. */
export async function endSilentSessions(options: SmsOptions, rules: SessionRules): Promise<void> {
  const { db } = options.house().database;
  for (const session of await silentSmsSessions(db, options.now() - rules.idleMs, batch)) {
    const conversation = await findConversation(db, session.conversationId);
    if (conversation && conversation.mode !== 'bot') continue;
    if (!(await endSmsSession(db, session, options.now()))) continue;
    if (await mayAsk(options, session)) await askRating(options, session);
  }
}

/** Only who got an answer today, has not rated it, was not asked for a day, and is awake. */
async function mayAsk({ house, now }: SmsOptions, session: SmsSession): Promise<boolean> {
  const { db } = house().database;
  if (quietUntil(now()) !== undefined || now() - session.lastInAt > day) return false;
  if ((await smsNumber(db, session.phone)).optedOutAt !== null) return false;
  if (!(await mayInvite(db, session.conversationId))) return false;
  const asked = await lastRatingAsked(db, session.phone);
  if (asked !== null && now() - asked < day) return false;
  const last = await lastWithMenu(db, session.phone, session.port);
  return last !== undefined && last.conversationId === session.conversationId;
}

/** Through the log, so that staff see it too; it comes back by the outbox. */
async function askRating({ house, now }: SmsOptions, session: SmsSession): Promise<void> {
  const { core, database, assistant } = house();
  const conversation = await findConversation(database.db, session.conversationId);
  if (!conversation) return;
  const logged = await database.transaction(async (tx) => {
    await noteRatingAsked(tx, session, now());
    return core.log.append(tx, conversation, [ratingRequest({ ...assistant, role: 'bot' })]);
  });
  const seq = logged.at(-1)?.seq;
  if (seq !== undefined) core.log.announce(conversation.id, seq);
}
