/** Who writes → the conversation they are in. */
import { setTimeout as delay } from 'node:timers/promises';
import { findConversation } from '../../bot/store/conversations.ts';
import {
  bindWechatUnion,
  findWechatCitizen,
  meetWechatCitizen,
  renewWechatConversation,
  type WechatCitizen,
  type WechatWriter,
} from '../../bot/store/wechat-citizens.ts';
import { accountKey, channelOf, type WechatAccount } from './accounts.ts';
import type { Context } from './options.ts';

/** After so long a silence a new matter begins: a new conversation, which can be rated on its own. */
const silenceMs = 24 * 60 * 60_000;
/** A first message waits this long for the union id. */
const unionMs = 1500;

/**
 * The citizen and their conversation, both made when they are new (the core then greets). The conversation knows the citizen by a name of
 * our own: their openid stands in one table only and can be forgotten there. `union`: a union id that is known already.
 */
export async function citizenOf(context: Context, account: WechatAccount, openid: string, union?: string): Promise<WechatWriter> {
  const { db } = context.database();
  const now = context.now();
  const key = accountKey(account);
  if (union !== undefined) await bindWechatUnion(db, key, openid, union);
  const known = await findWechatCitizen(db, key, openid);
  if (known && now - known.lastSeenAt < silenceMs) return known;
  if (known) await renew(context, known);
  const unionId = union ?? known?.unionId ?? (await lookUpUnionId(context, account, openid));
  if (known && unionId !== null) await bindWechatUnion(db, key, openid, unionId);
  const citizen = await meetWechatCitizen(db, { account: key, openid, unionId, conversationId: context.newId() }, now);
  await openFor(context, account, citizen);
  return citizen;
}

/** Makes sure that the citizen's conversation exists. */
export async function openFor(context: Context, account: WechatAccount, citizen: WechatCitizen): Promise<void> {
  await context.core().openConversation({
    id: citizen.conversationId,
    channel: channelOf(account),
    userId: `wx_${context.newId()}`,
    locale: 'zh-CN',
    profile: { wechatAccount: citizen.account },
  });
}

/** Nobody who waits for a person, or talks to one, is moved to a new conversation. */
async function renew(context: Context, { conversationId }: WechatCitizen): Promise<void> {
  const { db } = context.database();
  const conversation = await findConversation(db, conversationId);
  if (conversation?.mode === 'waiting' || conversation?.mode === 'agent') return;
  await renewWechatConversation(db, conversationId, context.newId());
}

async function lookUpUnionId(context: Context, account: WechatAccount, openid: string): Promise<string | null> {
  if (!account.unionId || account.kind !== 'official-account' || !context.standing(account).messages) return null;
  const looked = context.api.unionId(account, openid).catch((error: unknown) => {
    context.log.warn({ err: error, account: accountKey(account) }, 'the union id could not be looked up');
    return undefined;
  });
  const late = delay(unionMs, undefined, { ref: false });
  return (await Promise.race([looked, late])) ?? null;
}
