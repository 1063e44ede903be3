/** Sends what stands in the outbox to the citizen's WeChat, once, in parts, within the allowance; keeps what may not be sent now. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LoggedActivity } from '../../bot/activity.ts';
import { type Deliver, PermanentDeliveryError } from '../../bot/outbox-sender.ts';
import { type WechatCitizen, wechatCitizensOf } from '../../bot/store/wechat-citizens.ts';
import {
  claimWechatDelivery,
  keepWechatDelivery,
  settleWechatDelivery,
  type WechatDeliveryKey,
  type WechatOutcome,
  wechatStateOf,
} from '../../bot/store/wechat-deliveries.ts';
import { askedBefore } from '../../bot/store/wechat-talk.ts';
import { accountKey, type WechatAccount } from './accounts.ts';
import type { Context } from './options.ts';
import { partsOf } from './render/parts.ts';
import type { Replies } from './replies.ts';
import { sendParts } from './send-parts.ts';

/** Longer than any number of parts takes; a process that died holds its messages up for so long. */
const leaseMs = 60_000;
const lookAgainMs = 150;
/** Another process is sending: nothing hurries. */
const elsewhereMs = 500;
const lookBack = 50;

/** Where an answer belongs: to the place the citizen wrote from. */
type Place = 'page' | { account: WechatAccount; citizen: WechatCitizen };

/**
 * The delivery of one activity. Resolves when it is sent, kept for the citizen's next message, or of no concern to WeChat. Rejects to be tried
 * again, with PermanentDeliveryError when that is no use.
 */
export function createDeliver(context: Context, replies: Replies): Deliver {
  return async (activity) => {
    // Every process is offered every message: most are being sent by the one that wrote them.
    if (context.database().signals && (await sentElsewhere(context, activity.id)) === 'done') return;
    const asked = await askedBefore(context.database().db, activity.conversation.id, activity.seq, lookBack);
    const place = await placeOf(context, activity, asked);
    const key = { activityId: activity.id, conversationId: activity.conversation.id, seq: activity.seq };
    if (place === 'page') return onPage(context, { ...key, account: 'page' });
    if (!place) {
      if ((await wechatStateOf(context.database().db, activity.id)) === 'sent') return;
      const error = 'nobody at a configured WeChat account reads this conversation';
      await settleWechatDelivery(context.database().db, activity.id, { state: 'failed', error }, context.now());
      throw new PermanentDeliveryError(error);
    }
    const { account, citizen } = place;
    const full = { ...key, account: citizen.account };
    if (!context.standing(account).messages) return keepWechatDelivery(context.database().db, full, context.now());
    if (account.kind === 'official-account') await replyFirst(context, replies, activity, asked);
    await deliverOnce(context, account, citizen, activity, full);
  };
}

/** Waits while another process has the message; `done` when it needs nobody any more. */
async function sentElsewhere(context: Context, activityId: string): Promise<'done' | 'free'> {
  const { db } = context.database();
  for (const deadline = context.now() + leaseMs; ; await delay(elsewhereMs)) {
    const state = await wechatStateOf(db, activityId);
    if (state === undefined || state === 'queued') return 'free';
    if (state !== 'sending') return 'done';
    // Whoever had it may have died: the claim decides.
    if (context.now() > deadline) return 'free';
  }
}

async function placeOf(context: Context, activity: LoggedActivity, asked: LoggedActivity | undefined): Promise<Place | undefined> {
  const from = asked?.channelData?.wechat;
  // What came in without our mark came through the mini-program's own chat page, which reads the log.
  if (asked && asked.type !== 'conversationUpdate' && from === undefined) return 'page';
  const citizens = await wechatCitizensOf(context.database().db, activity.conversation.id);
  const citizen = citizens.find((one) => one.account === from) ?? citizens[0];
  const account = context.accounts.find((one) => accountKey(one) === citizen?.account);
  return account && citizen && { account, citizen };
}

async function onPage(context: Context, key: WechatDeliveryKey): Promise<void> {
  const { db } = context.database();
  const now = context.now();
  const claim = await claimWechatDelivery(db, key, { now, leaseUntil: now + leaseMs }, false);
  if (typeof claim !== 'string') await settleWechatDelivery(db, key.activityId, { state: 'sent', route: 'page' }, now);
}

/** A response that is held open for the answer, here or in another process, is free of charge: it comes first. */
async function replyFirst(context: Context, replies: Replies, activity: LoggedActivity, asked: LoggedActivity | undefined): Promise<void> {
  await replies.free(activity.conversation.id);
  // In a process of its own a response is held before the turn can end; only a greeting is older than the message it came with.
  if (!context.database().signals && asked?.type !== 'conversationUpdate') return;
  const since = asked ? context.now() - Date.parse(asked.timestamp) : Number.POSITIVE_INFINITY;
  const left = context.waits.replyMs - since;
  if (left <= 0) return;
  const settled = await claimed(context, activity.id, Math.min(left, context.waits.replyMs));
  if (!settled) await replies.free(activity.conversation.id);
}

/** Waits up to `ms` for a response to take the message. */
async function claimed(context: Context, activityId: string, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  for (;;) {
    const state = await wechatStateOf(context.database().db, activityId);
    if (state !== undefined && state !== 'queued') return true;
    const left = deadline - performance.now();
    if (left <= 0) return false;
    await delay(Math.min(lookAgainMs, left));
  }
}

async function deliverOnce(
  context: Context,
  account: WechatAccount,
  citizen: WechatCitizen,
  activity: LoggedActivity,
  key: WechatDeliveryKey,
): Promise<void> {
  const { db } = context.database();
  const parts = partsOf(activity, context.standing(account));
  for (;;) {
    const now = context.now();
    const claim = await claimWechatDelivery(db, key, { now, leaseUntil: now + leaseMs }, false);
    if (claim === 'over') return;
    if (claim === 'busy') {
      await delay(elsewhereMs);
      continue;
    }
    const settle = (outcome: WechatOutcome) => settleWechatDelivery(db, activity.id, outcome, context.now());
    const end = await sendParts(context, { account, citizen, activity, parts, from: claim.part, attempts: claim.attempts, leaseMs });
    await settle(end.outcome);
    if (end.failure === 'again') throw new Error(end.outcome.error ?? 'WeChat could not be reached');
    if (end.failure === 'lasting') throw new PermanentDeliveryError(end.outcome.error ?? 'WeChat refused the message');
    return;
  }
}
