/** From the outbox into the channel's own queue: one message for all that was said at once. */
import { z } from 'zod';
import type { LoggedActivity } from '../../bot/activity.ts';
import { type Deliver, PermanentDeliveryError } from '../../bot/outbox-sender.ts';
import { findConversation } from '../../bot/store/conversations.ts';
import { queueSms } from '../../bot/store/sms-messages.ts';
import { keepPage } from '../../bot/store/sms-pages.ts';
import { smsSessionOf } from '../../bot/store/sms-sessions.ts';
import { compose, type Manner } from './compose.ts';
import { message } from './inbound/take.ts';
import { PAGE_PATH, type SmsOptions } from './options.ts';
import type { SmsQueue } from './queue/queue.ts';
import { type Reply, replyOf } from './reply.ts';
import { stringsFor } from './text/strings.ts';

export interface DeliverTools {
  readonly options: SmsOptions;
  readonly manner: Manner;
  readonly queue: SmsQueue;
  readonly pages: PageRules;
}

export interface PageRules {
  /** The fixed, filed address citizens type a short code into; absent: no line about it. */
  readonly landingUrl: string | undefined;
  readonly lifetimeMs: number;
  /** Every reply needs a code: a provider sends templates. */
  readonly always: boolean;
  readonly newCode: () => string;
}

const profileSchema = z.object({ sms: z.object({ phone: z.string(), port: z.string() }) });
/** More activities than any turn has. */
const longestTurn = 30;

/** A notice that could not go for so long is old. */
const noticeLifetimeMs = 24 * 3_600_000;
const unaskedSchema = z.object({ unasked: z.literal(true) });
const unasked = (activity: LoggedActivity): boolean => unaskedSchema.safeParse(activity.channelData).success;

/** Resolves when the message is in the queue, under the activity's id: a repeated delivery queues nothing. */
export function createDeliver(tools: DeliverTools): Deliver {
  return async (activity, key) => {
    const { options, manner, queue, pages } = tools;
    const { core, database } = options.house();
    const { db } = database;
    const conversationId = activity.conversation.id;
    const profile = profileSchema.safeParse((await findConversation(db, conversationId))?.profile);
    if (!profile.success) throw new PermanentDeliveryError('the conversation has no phone number');
    const before = Math.max(0, activity.seq - longestTurn);
    const log = await core.log.read(conversationId, before, 2 * longestTurn);
    const first = before === 0 ? log.find((one) => one.from.role === 'bot') : undefined;
    const group = saidTogether(log, activity, first);
    if (group[0]?.id !== activity.id) return;
    const locale = (await smsSessionOf(db, conversationId))?.locale ?? 'zh-CN';
    const reply = replyOf(group, locale);
    if (!reply) return;
    // Who writes an SMS has asked already: the greeting shrinks to who is answering.
    if (first?.id === activity.id && activity.replyToId === undefined && reply.kind !== 'rating') return;
    const spoken = log.find((one) => one.from.role === 'bot' && one.type === 'message' && one.id !== first?.id);
    const intro = before === 0 && spoken !== undefined && group.includes(spoken) ? stringsFor(locale).intro(activity.from.name ?? '') : '';
    const { phone, port } = profile.data.sms;
    const composed = compose(reply, manner, { intro, ...(await linkFor(tools, reply, key, phone)) });
    const answer = message(composed, { key, phone, port, conversationId }, options.now());
    // What nobody asked for goes by day, within the limits of notices.
    const row = unasked(activity) ? { ...answer, class: 'notice' as const, expiresAt: options.now() + noticeLifetimeMs } : answer;
    await queueSms(db, reply.menu === undefined ? row : { ...row, menu: reply.menu }, options.now());
    if (pages.always || composed.rest.length > 0)
      options.log.info({ key, segments: composed.segments, more: composed.rest.length }, 'a long reply');
    queue.kick();
  };
}

/** The activities of one turn around this one: same moment, same speaker, nobody in between, answering the same message; the greeting is none. */
function saidTogether(log: readonly LoggedActivity[], activity: LoggedActivity, greeting: LoggedActivity | undefined): LoggedActivity[] {
  const at = log.findIndex((one) => one.id === activity.id);
  let start = at;
  while (log[start - 1] !== greeting && goesOn(log[start - 1], log[start])) start--;
  let end = at + 1;
  while (log[end - 1] !== greeting && goesOn(log[end - 1], log[end])) end++;
  return log.slice(start, end);
}

/** A reply goes on with what has no `replyToId` (events, effects), and with what answers the same message. */
function goesOn(before: LoggedActivity | undefined, after: LoggedActivity | undefined): boolean {
  if (before?.from.role !== 'bot' || after?.from.role !== 'bot') return false;
  if (before.from.id !== after.from.id || before.timestamp !== after.timestamp) return false;
  return after.replyToId === undefined || after.replyToId === before.replyToId;
}

/** The way to the full text: a link of its own abroad, a code for the fixed page on the mainland. */
async function linkFor(
  { options, manner, pages }: DeliverTools,
  reply: Reply,
  key: string,
  phone: string,
): Promise<{ link: string; code: string }> {
  const cited = reply.page.sources.length > 0;
  const reachable = manner.mainland ? pages.landingUrl !== undefined : options.publicUrl !== undefined;
  if (reply.kind === 'rating' || !(pages.always || (cited && reachable))) return { link: '', code: '' };
  const { db } = options.house().database;
  const expiresAt = options.now() + pages.lifetimeMs;
  const code = await keepPage(db, { messageKey: key, phone, body: reply.page, expiresAt }, pages.newCode, options.now());
  const strings = stringsFor(reply.page.locale);
  if (!cited || !reachable) return { link: '', code };
  return {
    code,
    link: manner.mainland
      ? strings.fullTextCode(pages.landingUrl ?? '', code)
      : strings.fullText(`${options.publicUrl}${PAGE_PATH}/${code}`),
  };
}
