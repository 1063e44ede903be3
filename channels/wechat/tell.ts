/** Tells a citizen who may not be written to in the chat that an answer waits: by the account's template or subscription message, else by SMS. */
import type { LoggedActivity } from '../../bot/activity.ts';
import { wechatCitizensOf } from '../../bot/store/wechat-citizens.ts';
import { type WechatTold, wasToldWechat } from '../../bot/store/wechat-deliveries.ts';
import { accountKey, type WechatAccount } from './accounts.ts';
import { sendFollowUp } from './follow-up.ts';
import type { Context } from './options.ts';

export interface Telling {
  readonly told?: WechatTold;
  /** The platform's id of the message: what became of it is reported later. */
  readonly messageId?: string | undefined;
  /** Why a way that is configured did not work, in words. */
  readonly problem?: string;
}

/** Once for all that waits, until the citizen writes. Never rejects for what a way answers. */
export async function tellCitizen(context: Context, account: WechatAccount, openid: string, activity: LoggedActivity): Promise<Telling> {
  const { db } = context.database();
  const conversationId = activity.conversation.id;
  if (await wasToldWechat(db, conversationId)) return {};
  let problem: string | undefined;
  if (account.followUp) {
    try {
      return { told: account.followUp.kind, messageId: await sendFollowUp(context.api, account, openid, activity, context.now()) };
    } catch (error) {
      context.log.warn({ err: error, account: accountKey(account) }, 'a follow-up message could not be sent');
      problem = error instanceof Error ? error.message : String(error);
    }
  }
  const phone = (await wechatCitizensOf(db, conversationId)).find((citizen) => citizen.phone !== null)?.phone;
  if (phone && (await context.tellBySms?.({ key: `wechat:${activity.id}`, phone }))) return { told: 'sms' };
  return problem === undefined ? {} : { problem };
}
