/** WeChat: official accounts and mini-programs, as channels of the house. */
import type { Router } from 'express';
import { fullCapabilities } from '../../bot/render.ts';
import { pruneWechatPushes } from '../../bot/store/wechat-pushes.ts';
import { claimWechatRefresh, findWechatToken, releaseWechatRefresh, saveWechatToken } from '../../bot/store/wechat-tokens.ts';
import { accountKey, accountProblems, type WechatAccount } from './accounts.ts';
import { WechatApi } from './api/api.ts';
import { AccessTokens } from './api/tokens.ts';
import { createDeliver } from './deliver.ts';
import { type Context, defaultWaits, type FileAt, type Standing, type WechatBinding, type WechatOptions } from './options.ts';
import { Replies } from './replies.ts';
import { createRouter, type RouterParts } from './router.ts';

export interface Wechat {
  /** For the house's `channels`: push channels, one for each kind of account. */
  readonly bindings: readonly WechatBinding[];
  /** Mount it at WECHAT_PATH. */
  router(web: RouterParts): Router;
  /** Forgets what is over; call it now and then. */
  prune(): Promise<void>;
  /** Waits for what goes on after acknowledgements; call it when no request comes any more, before the database closes. */
  close(): Promise<void>;
}

/** Throws when the accounts don't fit together, in words. */
export function createWechat(options: WechatOptions): Wechat {
  const problems = accountProblems(options.accounts);
  if (problems.length > 0) throw new Error(problems.join('; '));
  const waits = { ...defaultWaits, ...options.waits };
  const underWay = new Set<Promise<void>>();
  const afterwards = (work: Promise<void>): void => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };
  // Files belong to the web site, which is built after this.
  let fileAt: FileAt = async () => undefined;
  const context: Context = {
    ...options,
    waits,
    api: createApi(options, waits.apiMs),
    standing: standings(),
    fileAt: (address) => fileAt(address),
    afterwards,
  };
  const replies = new Replies(context);
  const deliver = createDeliver(context, replies);
  return {
    // Everything the core can say: it is made fit for WeChat here, so that the log and the desk keep it whole.
    bindings: ['wechat-oa', 'wechat-mp'].map((name) => ({
      name,
      capabilities: fullCapabilities,
      deliver,
      ready: (conversationId) => replies.free(conversationId),
    })),
    router: (web) => {
      fileAt = web.fileAt;
      return createRouter(context, replies, web);
    },
    prune: () => pruneWechatPushes(options.database().db, options.now()),
    close: async () => void (await Promise.all(underWay)),
  };
}

/** The API with tokens shared through the database. */
export function createApi(options: Pick<WechatOptions, 'apiBaseUrl' | 'database' | 'now'>, timeoutMs: number): WechatApi {
  const transport = { baseUrl: options.apiBaseUrl, fetch, timeoutMs };
  const db = () => options.database().db;
  const store = {
    find: (appId: string) => findWechatToken(db(), appId),
    claim: (appId: string, seen: string | undefined, now: number, until: number) => claimWechatRefresh(db(), appId, seen, now, until),
    save: (appId: string, token: { token: string; expiresAt: number }) => saveWechatToken(db(), appId, token),
    release: (appId: string) => releaseWechatRefresh(db(), appId),
  };
  return new WechatApi({ tokens: new AccessTokens({ store, transport, now: options.now }), transport });
}

function standings(): (account: WechatAccount) => Standing {
  const known = new Map<string, Standing>();
  return (account) => {
    const key = accountKey(account);
    const standing = known.get(key) ?? {
      messages: account.kind === 'mini-program' || account.type !== 'unverified',
      menus: account.kind === 'official-account' && account.type === 'service',
    };
    known.set(key, standing);
    return standing;
  };
}
