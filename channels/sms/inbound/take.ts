/** Takes a citizen's message: steering words are done at once, everything else goes to the core under the provider's id. */
import { MAX_TEXT_LENGTH } from '../../../bot/activity.ts';
import { refusal } from '../../../bot/ratings/refusal.ts';
import type { Db } from '../../../bot/store/database.ts';
import { lastWithMenu, queueSms, type SmsMessage, suppressSms } from '../../../bot/store/sms-messages.ts';
import { giveConsent, optOut, smsNumber } from '../../../bot/store/sms-numbers.ts';
import { findSmsSession, type SmsSession, saveSmsSession } from '../../../bot/store/sms-sessions.ts';
import { type Composed, countFor, type Manner, sentence } from '../compose.ts';
import { draftSchema, menuSchema, restSchema } from '../draft.ts';
import type { SmsOptions } from '../options.ts';
import type { InboundSms, SmsProvider } from '../providers/provider.ts';
import type { SmsQueue } from '../queue/queue.ts';
import { resumeSession, type SessionRules } from '../session/session.ts';
import { toE164 } from '../text/phone.ts';
import { stringsFor } from '../text/strings.ts';
import { answeredByTwilio, steering } from '../text/words.ts';
import { meaningOf } from './digits.ts';

export interface TakeTools {
  readonly options: SmsOptions;
  readonly rules: SessionRules;
  readonly manner: Manner;
  readonly queue: SmsQueue;
}

const replyLifetimeMs = 24 * 3_600_000;

/**
 * Durable when it resolves; a second delivery of the same message changes nothing. What comes from no phone number is logged and
 * dropped: nobody could be answered. Rejects when it could not be stored.
 */
export async function takeSms(tools: TakeTools, provider: Pick<SmsProvider, 'name' | 'countryCode'>, sms: InboundSms): Promise<void> {
  const { options } = tools;
  const phone = toE164(sms.from, provider.countryCode);
  if (phone === undefined) {
    options.log.warn({ provider: provider.name, id: sms.id }, 'an SMS of no phone number was dropped');
    return;
  }
  const { db } = options.house().database;
  const arrived = { ...sms, text: sms.text.replaceAll('\u0000', '').trim(), phone, messageId: `${provider.name}:${sms.id}` };
  const word = steering(arrived.text);
  if (word === 'opt_out') await leave(tools, arrived, !(provider.name === 'twilio' && answeredByTwilio(arrived.text)));
  else if (word === 'opt_in') {
    await giveConsent(db, phone, `SMS ${arrived.text.slice(0, 20)}`, options.now());
    if (!(provider.name === 'twilio' && answeredByTwilio(arrived.text))) await tell(tools, arrived, 'optin');
  } else if ((word === 'help' || arrived.text === '') && (await smsNumber(db, phone)).optedOutAt === null) {
    if (!(provider.name === 'twilio' && answeredByTwilio(arrived.text))) await tell(tools, arrived, 'help');
  } else if (word === 'more' && (await more(tools, arrived))) tools.queue.kick();
  else await converse(tools, arrived);
  tools.queue.kick();
}

interface Arrived extends InboundSms {
  readonly phone: string;
  readonly messageId: string;
}

const languageOf = (text: string): string => (/^[\p{ASCII}]*[a-z]{3}/iu.test(text) ? 'en' : 'zh-CN');

/** Opting out works in every state: it never reaches the dialogue, and takes back what was still to be sent. */
async function leave({ options, manner }: TakeTools, { phone, port, messageId, text }: Arrived, confirm: boolean): Promise<void> {
  const { database } = options.house();
  const now = options.now();
  const confirmation = sentence('optout', stringsFor(languageOf(text)).optedOut, manner);
  await database.transaction(async (tx) => {
    const first = await optOut(tx, phone, now);
    await suppressSms(tx, phone, messageId, now);
    if (first && confirm) await queueSms(tx, message(confirmation, { key: messageId, phone, port, conversationId: null }, now), now);
  });
}

/** One of the channel's own sentences in answer to a word. */
async function tell({ options, manner }: TakeTools, arrived: Arrived, what: 'optin' | 'help'): Promise<void> {
  const strings = stringsFor(languageOf(arrived.text));
  const composed = sentence(what, what === 'optin' ? strings.optedIn : strings.help, manner);
  const { phone, port, messageId: key } = arrived;
  await queueSms(options.house().database.db, message(composed, { key, phone, port, conversationId: null }, options.now()), options.now());
}

/** The next page of the last answer. False when there is no answer it could belong to: the core may know what is meant. */
async function more({ options, manner, rules }: TakeTools, { phone, port, messageId: key, text }: Arrived): Promise<boolean> {
  const { db } = options.house().database;
  const session = await findSmsSession(db, phone, port);
  // Whoever has the number now gets no answer of the one who had it before.
  if (!session || options.now() - session.lastInAt > rules.recycleMs) return false;
  const last = await menuMessage(db, session);
  const parsed = restSchema.safeParse(last?.rest ?? []);
  if (!last || !parsed.success) return false;
  const [next, ...rest] = parsed.data;
  const { conversationId, menu } = last;
  const draft = { ...draftSchema.parse(last.draft), text: next ?? '' };
  const composed: Composed =
    next === undefined ? sentence('short', stringsFor(languageOf(text)).noMore, manner) : { draft, rest, segments: countFor(manner)(next) };
  const extra = next === undefined ? {} : { menu, rest };
  await saveSmsSession(db, { ...session, lastInAt: options.now() });
  await queueSms(db, { ...message(composed, { key, phone, port, conversationId }, options.now()), ...extra }, options.now());
  return true;
}

/** The message that says what digits mean, if it belongs to this conversation. */
async function menuMessage(db: Db, session: SmsSession): Promise<SmsMessage | undefined> {
  const last = await lastWithMenu(db, session.phone, session.port);
  return last?.conversationId === session.conversationId ? last : undefined;
}

/** Everything else is for the core; a digit first becomes what it stands for. */
async function converse(tools: TakeTools, arrived: Arrived): Promise<void> {
  const { options, rules, manner } = tools;
  const { core, database } = options.house();
  const { phone, port, messageId, text } = arrived;
  const session = await resumeSession(options, rules, { phone, port }, text);
  if (text.length > MAX_TEXT_LENGTH) {
    const composed = sentence('short', stringsFor(session.locale).tooLong, manner);
    await queueSms(database.db, message(composed, { key: messageId, phone, port, conversationId: null }, options.now()), options.now());
    return;
  }
  const menu = menuSchema.safeParse((await menuMessage(database.db, session))?.menu).data;
  const meaning = meaningOf(text, menu);
  /** The channel's own last word to a question of its own: what was asked is no longer open. */
  const lastWord = (words: string) => {
    const composed = sentence('short', words, manner);
    const word = message(composed, { key: messageId, phone, port, conversationId: session.conversationId }, options.now());
    return queueSms(database.db, { ...word, menu: { kind: 'choices', options: [], zeroIsAnswer: false } }, options.now());
  };
  if (meaning.kind === 'followup' && meaning.solved) {
    await lastWord(stringsFor(session.locale).followUpThanks);
    return;
  }
  const said = meaning.kind === 'followup' ? '上次的事没有解决，转人工' : meaning.kind === 'say' ? meaning.text : undefined;
  await hand(core, session, messageId, {
    from: { id: session.phone, role: 'user' },
    locale: session.locale,
    ...(meaning.kind === 'rate' || meaning.kind === 'no_rating'
      ? {
          type: 'event',
          name: 'rating.submit',
          value:
            meaning.kind === 'no_rating'
              ? refusal
              : { score: meaning.score, tags: [], ...(meaning.comment ? { comment: meaning.comment.slice(0, 500) } : {}) },
        }
      : { type: 'message', text: said ?? text }),
    // What was typed, where a digit stood for something: staff and analysts see both.
    ...(said !== undefined && said !== text ? { channelData: { typed: text } } : {}),
  });
  if (meaning.kind === 'no_rating') await lastWord(stringsFor(session.locale).noRating);
}

async function hand(
  core: ReturnType<SmsOptions['house']>['core'],
  session: SmsSession,
  messageId: string,
  activity: Parameters<typeof core.receive>[0]['activity'],
): Promise<void> {
  const result = await core.receive({ conversationId: session.conversationId, messageId, activity });
  if ('error' in result) throw new Error(`the core did not take an SMS of conversation ${session.conversationId}: ${result.error}`);
}

/** A row for the queue. */
export function message(
  composed: Composed,
  to: { key: string; phone: string; port: string; conversationId: string | null },
  now: number,
): Parameters<typeof queueSms>[1] {
  const { draft, segments, rest } = composed;
  return { ...to, class: 'reply', draft, segments, ...(rest.length > 0 ? { rest } : {}), expiresAt: now + replyLifetimeMs };
}
