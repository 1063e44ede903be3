/** The parts of one message as customer-service messages: the allowance, the platform's refusals, and what follows from each. */
import type { LoggedActivity } from '../../bot/activity.ts';
import { endWechatQuota, takeWechatQuota, type WechatCitizen } from '../../bot/store/wechat-citizens.ts';
import { advanceWechatDelivery, type WechatOutcome } from '../../bot/store/wechat-deliveries.ts';
import { accountKey, type WechatAccount } from './accounts.ts';
import type { CustomMessage } from './api/api.ts';
import { reactionTo, WechatApiError, WechatUnreachableError } from './api/errors.ts';
import type { Context } from './options.ts';
import { menuAsText, type Part, type PicturePart, textPart } from './render/parts.ts';
import { splitText } from './render/split.ts';
import { isAiWritten } from './render/text.ts';
import { tellCitizen } from './tell.ts';

/** Behind the last message that is allowed, so that it is never wasted. */
const lastHint = '\n\n（回复任意内容，后面的才能发给您）';
const shorterBytes = 1000;
/** Source: page 新增临时素材. */
const mostPictureBytes = 10 * 1024 ** 2;
/** As often as the outbox tries. */
const mostAttempts = 8;

interface Job {
  readonly account: WechatAccount;
  readonly citizen: WechatCitizen;
  readonly activity: LoggedActivity;
  readonly parts: readonly Part[];
  /** The first part that was not sent. */
  readonly from: number;
  /** Earlier tries. */
  readonly attempts: number;
  readonly leaseMs: number;
}
interface End {
  readonly outcome: WechatOutcome;
  /** again: the outbox tries once more · lasting: it gives up. */
  readonly failure?: 'again' | 'lasting';
}

/** Sends until everything is out or something stands in the way. Never rejects for what the platform answers. */
export async function sendParts(context: Context, job: Job): Promise<End> {
  const { account, citizen, activity, parts } = job;
  const { db } = context.database();
  for (let part = job.from; part < parts.length; part++) {
    const now = context.now();
    const left = await takeWechatQuota(db, citizen.account, citizen.openid, now);
    if (left === undefined) return waiting(context, job, part);
    try {
      await send(context, job, left === 0 ? withHint(parts[part] as Part) : (parts[part] as Part));
    } catch (error) {
      const end = await failed(context, job, part, error);
      if (end) return end;
    }
    // Of the last one the outcome is noted at once.
    if (part + 1 < parts.length) await advanceWechatDelivery(db, activity.id, part + 1, context.now() + job.leaseMs);
  }
  if (parts.length > job.from) context.log.info({ account: accountKey(account), activity: activity.id }, 'a message was sent');
  return { outcome: { state: 'sent', ...(parts.length > 0 ? { route: 'message' as const } : {}), part: parts.length } };
}

const withHint = (part: Part): Part => (part.msgtype === 'text' ? textPart(part.text.content + lastHint) : part);

/** One part, in the form the account and the platform take. */
async function send(context: Context, { account, citizen, activity }: Job, part: Part): Promise<void> {
  const ai = isAiWritten(activity);
  const text = async (content: string): Promise<void> => context.api.send(account, citizen.openid, textPart(content), ai);
  try {
    const message = part.msgtype === 'picture' ? await pictureMessage(context, account, part) : part;
    await context.api.send(account, citizen.openid, message, ai);
  } catch (error) {
    const reaction = error instanceof WechatApiError ? reactionTo(error.code) : undefined;
    if (reaction === 'text' && part.msgtype === 'msgmenu') {
      context.standing(account).menus = false;
      context.log.warn({ err: error, account: accountKey(account) }, 'this account may not send menus in messages: numbers from now on');
      await text(menuAsText(part));
    } else if (reaction === 'shorten' && part.msgtype === 'text') {
      for (const piece of splitText(part.text.content, shorterBytes)) await text(piece);
    } else throw error;
  }
}

/** The picture, handed over to the platform; its link when it is gone, too large or refused. */
async function pictureMessage(context: Context, account: WechatAccount, { address, instead }: PicturePart): Promise<CustomMessage> {
  const picture = await context.fileAt(address);
  if (picture === undefined || picture.content.length > mostPictureBytes) return textPart(instead);
  try {
    return { msgtype: 'image', image: { media_id: await context.api.uploadImage(account, picture) } };
  } catch (error) {
    // Nothing was said to the citizen yet: trying again doubles nothing.
    if (error instanceof WechatUnreachableError) throw new WechatUnreachableError(error.message, false);
    if (!(error instanceof WechatApiError) || ['retry', 'token'].includes(reactionTo(error.code))) throw error;
    context.log.warn({ err: error, account: accountKey(account) }, 'a picture was refused: its link is sent instead');
    return textPart(instead);
  }
}

/** The allowance is used up: the rest waits for the citizen. Whoever can't be written to is told that something waits. */
async function waiting(context: Context, job: Job, part: number, code?: number, error?: string): Promise<End> {
  const { account, citizen, activity } = job;
  const kept = { state: 'kept', part, code, error: error ?? 'no message may be sent until the citizen writes' } as const;
  // Somebody who was here a moment ago reads on by themselves.
  if (code !== 45015 && citizen.quotaUntil > context.now()) return { outcome: kept };
  const { told, messageId, problem } = await tellCitizen(context, account, citizen.openid, activity);
  const route = told === undefined ? {} : { route: 'follow-up' as const };
  return { outcome: { ...kept, ...route, told, messageId, ...(problem === undefined ? {} : { error: `${kept.error}; ${problem}` }) } };
}

/** What follows from a failure; undefined: nothing, go on. */
async function failed(context: Context, job: Job, part: number, error: unknown): Promise<End | undefined> {
  const { account, citizen } = job;
  const { db } = context.database();
  const words = error instanceof Error ? error.message : String(error);
  if (error instanceof WechatUnreachableError) {
    // The API knows no idempotency key: what may have arrived is sent once more at most.
    const again = job.attempts === 0 || (!error.sent && job.attempts + 1 < mostAttempts);
    if (!again) alarm(context, account, error, 'a message was given up: no answer');
    return again
      ? { outcome: { state: 'queued', part, error: words }, failure: 'again' }
      : { outcome: { state: 'failed', part, error: words }, failure: 'lasting' };
  }
  if (!(error instanceof WechatApiError)) throw error;
  const { code } = error;
  switch (reactionTo(code)) {
    case 'retry':
    case 'token':
      if (job.attempts + 1 < mostAttempts) return { outcome: { state: 'queued', part, code, error: words }, failure: 'again' };
      alarm(context, account, error, 'a message was given up after many tries');
      return { outcome: { state: 'failed', part, code, error: words }, failure: 'lasting' };
    case 'wait':
    case 'outside':
      await endWechatQuota(db, citizen.account, citizen.openid);
      return waiting(context, job, part, code, words);
    case 'passive':
      context.standing(account).messages = false;
      alarm(context, account, error, 'this account may not send customer-service messages: answers go in responses from now on');
      return { outcome: { state: 'kept', part, code, error: words } };
    case 'gone':
      return { outcome: { state: 'failed', part, code, error: words }, failure: 'lasting' };
    case 'ignore':
      return undefined;
    default:
      alarm(context, account, error, 'WeChat refuses messages: somebody has to look at the account');
      return { outcome: { state: 'failed', part, code, error: words }, failure: 'lasting' };
  }
}

function alarm(context: Context, account: WechatAccount, error: unknown, message: string): void {
  context.log.error({ err: error, account: accountKey(account), alarm: 'wechat' }, message);
}
