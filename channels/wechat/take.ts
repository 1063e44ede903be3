/** What happens with a push: stored, acknowledged, answered in the response where that is possible. */
import type { Db } from '../../bot/store/database.ts';
import { isUnavailable } from '../../bot/store/errors.ts';
import { ratingSettled } from '../../bot/store/ratings.ts';
import { findWechatCitizen, forgetWechatCitizen, seeWechatCitizen, type WechatWriter } from '../../bot/store/wechat-citizens.ts';
import { dropKeptWechat, noteWechatFollowUp, requeueKeptWechat } from '../../bot/store/wechat-deliveries.ts';
import { acceptedEarlier, countWechatPush } from '../../bot/store/wechat-pushes.ts';
import { accountKey, type WechatAccount } from './accounts.ts';
import { citizenOf, openFor } from './conversation.ts';
import { isRefusal, toActivity } from './incoming.ts';
import type { MediaFetcher } from './media.ts';
import type { Context } from './options.ts';
import type { Push, What } from './push.ts';
import type { Replies, Reply } from './replies.ts';

/**
 * ack: `success`, nothing shown · hold: no answer at all, so that the platform delivers again · reply: text in the response.
 */
export type Taken =
  | { kind: 'ack' /** The turn the citizen waits for; `held`: the response waited for it. */; turn?: Turn; held?: boolean }
  | { kind: 'hold' }
  | ({ kind: 'reply' } & Reply);
export interface Turn {
  readonly conversationId: string;
  readonly seq: number;
}

const ack: Taken = { kind: 'ack' };
/** The platform delivers a push three times, then shows the citizen an error. */
const deliveries = 3;
const channels = ['wechat-oa', 'wechat-mp'] as const;
const goOn = /^\s*继续[。.!！\s]*$/;

const unreadable = '这种消息我还看不懂，请用文字说说您想办什么事。回复“转人工”找工作人员。';
const stillLooking = '还在为您查，请过一会儿回复“继续”，就能看到答复。';
const unrated = '好的，不评价也没关系。还有想问的，随时说。';
/** True also when the store wakes up and takes the message after all. */
const notTaken = (hotline: string): string =>
  `系统暂时出了故障，还没能收好您的消息。过几分钟没有答复的话，请您再发一次；急事请拨打 ${hotline}。`;
const minute = 60_000;

/** How many customer-service messages what they did allows. Source: page 客服消息介绍, rules since 2023-06-12. */
function allowance(what: What, now: number): { left: number; until: number } | undefined {
  switch (what.kind) {
    case 'text':
      return what.pressed === undefined ? { left: 5, until: now + 48 * 60 * minute } : { left: 3, until: now + minute };
    case 'media':
    case 'location':
    case 'link':
      return { left: 5, until: now + 48 * 60 * minute };
    case 'arrived':
    case 'click':
      return { left: 3, until: now + minute };
    case 'entered':
      return { left: 2, until: now + minute };
    default:
      return undefined;
  }
}

/** Takes a push that {@link openBody} found to be the platform's. What is said is stored when this resolves. */
export async function takePush(
  context: Context,
  tools: { replies: Replies; media: MediaFetcher; hotline: string },
  account: WechatAccount,
  push: Push,
  given: AbortSignal,
): Promise<Taken> {
  const { what } = push;
  const { db } = context.database();
  if (what.kind === 'left') {
    await farewell(context, account, push.openid);
    return ack;
  }
  if (what.kind === 'follow-up') {
    await noteWechatFollowUp(db, what.messageId, what.problem, context.now());
    return ack;
  }
  // Of an event nobody expects an answer; a message of an unknown kind gets one.
  if (what.kind === 'other') return what.event || account.kind === 'mini-program' ? ack : text(unreadable);

  const standing = context.standing(account);
  const stored = await inTime(context, store(context, tools.media, account, push));
  // At a mini-program, and of an event, nothing can be said in the response: the platform delivers it again.
  if (stored === 'unavailable')
    return account.kind === 'mini-program' || !said.has(what.kind) ? { kind: 'hold' } : text(notTaken(tools.hotline));
  const { earlier, citizen, count, seq } = stored;
  if (earlier && standing.messages) return ack;
  if (seq === 'late') return { kind: 'hold' };
  if (seq === undefined) return ack;
  if (seq === 'refused') return account.kind === 'mini-program' ? ack : text(unrated);
  const turn = { conversationId: citizen.conversationId, seq };
  if (account.kind === 'mini-program') return { kind: 'ack', turn };

  const held = !standing.messages || tools.replies.worthHolding;
  const waitMs = standing.messages ? (held ? context.waits.replyMs : 0) : context.waits.lastReplyMs;
  const reply = await tools.replies.within(citizen, standing, seq, waitMs, given);
  if (typeof reply === 'object') return { kind: 'reply', ...reply };
  if (reply === 'nothing') return ack;
  if (standing.messages) return { kind: 'ack', turn, held };
  return count < deliveries ? { kind: 'hold' } : text(stillLooking);
}

/** What a citizen says, and expects an answer to. */
const said: ReadonlySet<What['kind']> = new Set(['text', 'media', 'location', 'link', 'click']);

/** Everything that must be in the store before a push counts as taken. */
async function store(context: Context, media: MediaFetcher, account: WechatAccount, push: Push) {
  const standing = context.standing(account);
  const key = accountKey(account);
  const { db } = context.database();
  const messageId = `${key}:${push.key}`;
  // Only what may be held is counted.
  const count = standing.messages && push.what.kind !== 'media' ? 1 : await countWechatPush(db, key, push.key, context.now());
  const [earlier, citizen] = await Promise.all([acceptedEarlier(db, channels, messageId), citizenOf(context, account, push.openid)]);
  if (earlier) return { earlier: true, citizen, count, seq: earlier.seq };
  return { earlier: false, citizen, count, seq: await accept(context, media, account, citizen, push, messageId, count) };
}

/** `unavailable`: the database is out of order, or does not answer while the platform listens. */
async function inTime<T>(context: Context, work: Promise<T>): Promise<T | 'unavailable'> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<'unavailable'>((resolve) => {
      timer = setTimeout(resolve, context.waits.storeMs, 'unavailable').unref();
    });
    const done = await Promise.race([work, late]);
    if (done === 'unavailable') context.log.error({ waitedMs: context.waits.storeMs }, 'a WeChat push was not stored in time');
    return done;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    context.log.error({ err: error }, 'a WeChat push could not be stored');
    return 'unavailable';
  } finally {
    clearTimeout(timer);
  }
}

const text = (words: string): Taken => ({ kind: 'reply', text: words, settle: async () => undefined });

/**
 * Hands what was said to the core. Gives its number in the log; 0 when only what waits is asked for; `late` when the
 * platform should deliver it again; `refused` when a citizen would rather not rate, for the first time; undefined when there is nothing to answer.
 */
async function accept(
  context: Context,
  media: MediaFetcher,
  account: WechatAccount,
  citizen: WechatWriter,
  push: Push,
  messageId: string,
  count: number,
): Promise<number | 'late' | 'refused' | undefined> {
  const { what } = push;
  const { conversationId, waiting } = citizen;
  const database = context.database();
  const now = context.now();
  const seen = (db: Db) => seeWechatCitizen(db, citizen.account, citizen.openid, allowance(what, now), now);
  // What is sent, or fetched, before the message is stored counts on what it allows: what waits, and the greeting.
  const first = waiting || citizen.quotaUntil === 0 || what.kind !== 'text';
  if (first) await seen(database.db);
  // The outbox finds it at its next look, unless the response takes it.
  if (waiting && context.standing(account).messages) await database.transaction((tx) => requeueKeptWechat(tx, conversationId, now));
  // Whoever only asks for what is left over is not asking the assistant; nor is the second delivery of that.
  if (what.kind === 'text' && goOn.test(what.text) && (waiting || count > 1)) {
    if (!first) await seen(database.db);
    return 0;
  }
  const activity = await toActivity(context, media, account, citizen, push, count >= deliveries);
  if (activity === 'late') return 'late';
  // Who arrives is greeted by the first turn of a new conversation.
  if (!activity) return what.kind === 'arrived' || what.kind === 'entered' ? 1 : undefined;
  const refused = isRefusal(activity);
  const settled = refused && (await ratingSettled(database.db, conversationId));
  const receive = () => context.core().receive({ conversationId, messageId, activity, along: first ? undefined : seen });
  let receipt = await receive();
  if ('error' in receipt) {
    // A process died between making the citizen known and opening the conversation.
    await openFor(context, account, citizen);
    receipt = await receive();
  }
  if ('error' in receipt) throw new Error(`the core did not take a message of conversation ${conversationId}: ${receipt.error}`);
  if (refused) return settled ? undefined : 'refused';
  return receipt.seq;
}

/** Who leaves is forgotten: their openid goes, what waits for them too; the conversation stays without a name. */
async function farewell(context: Context, account: WechatAccount, openid: string): Promise<void> {
  const key = accountKey(account);
  await context.database().transaction(async (tx) => {
    const citizen = await findWechatCitizen(tx, key, openid);
    if (!citizen) return;
    await dropKeptWechat(tx, citizen.conversationId, key, context.now());
    await forgetWechatCitizen(tx, key, openid);
  });
}
