/** Access tokens: one for an account, shared by all processes, fetched by one of them before the old one ends. */
import { setTimeout as delay } from 'node:timers/promises';
import type { WechatAccount } from '../accounts.ts';
import { WechatUnreachableError } from './errors.ts';
import { answerOf, exchange, type Transport } from './transport.ts';

/** Where processes share a token; `bot/store/wechat-tokens.ts` bound to a database. */
export interface TokenStore {
  find(appId: string): Promise<{ token: string; expiresAt: number } | undefined>;
  /** Whether the caller may fetch until `until`; `seen` is the token it knows. */
  claim(appId: string, seen: string | undefined, now: number, until: number): Promise<boolean>;
  save(appId: string, token: { token: string; expiresAt: number }): Promise<void>;
  release(appId: string): Promise<void>;
}

/** The platform keeps old and new valid side by side for the last five minutes. Source: page 获取稳定版接口调用凭据. */
const renewBeforeMs = 5 * 60_000;
const fetchAtMostMs = 10_000;
const lookAgainMs = 100;
/** With `force_refresh` the platform allows 20 calls a day, 30 s apart. */
const forceApartMs = 30_000;

export class AccessTokens {
  readonly #store: TokenStore;
  readonly #transport: Transport;
  readonly #now: () => number;
  readonly #known = new Map<string, { token: string; expiresAt: number }>();
  readonly #fetching = new Map<string, Promise<string>>();
  readonly #forcedAt = new Map<string, number>();

  constructor(options: { store: TokenStore; transport: Transport; now: () => number }) {
    this.#store = options.store;
    this.#transport = options.transport;
    this.#now = options.now;
  }

  /**
   * A token that is good for five minutes more. `rejected` is one the platform has just refused: never that one again.
   * Any number of callers cause one request. Rejects with WechatApiError (secret, address list …) or WechatUnreachableError.
   */
  async get(account: WechatAccount, rejected?: string): Promise<string> {
    const { appId } = account;
    const known = this.#known.get(appId);
    if (known && this.#good(known, rejected)) return known.token;
    let fetching = this.#fetching.get(appId);
    if (!fetching) {
      fetching = this.#renew(account, rejected).finally(() => this.#fetching.delete(appId));
      this.#fetching.set(appId, fetching);
    }
    return fetching;
  }

  #good(known: { token: string; expiresAt: number }, rejected: string | undefined): boolean {
    return known.token !== rejected && known.expiresAt - renewBeforeMs > this.#now();
  }

  async #renew(account: WechatAccount, rejected: string | undefined): Promise<string> {
    const { appId } = account;
    const deadline = performance.now() + 2 * fetchAtMostMs;
    for (;;) {
      const stored = await this.#store.find(appId);
      if (stored && this.#good(stored, rejected)) {
        this.#known.set(appId, stored);
        return stored.token;
      }
      if (await this.#store.claim(appId, stored?.token, this.#now(), this.#now() + fetchAtMostMs)) {
        try {
          return await this.#fetch(account, rejected);
        } catch (error) {
          await this.#store.release(appId);
          throw error;
        }
      }
      // Another process is at it.
      if (performance.now() > deadline) throw new WechatUnreachableError('no access token within 20 s', false);
      await delay(lookAgainMs);
    }
  }

  async #fetch(account: WechatAccount, rejected: string | undefined): Promise<string> {
    let fetched = await this.#request(account, false);
    const forcedAt = this.#forcedAt.get(account.appId);
    if (fetched.token === rejected && (forcedAt === undefined || this.#now() - forcedAt >= forceApartMs)) {
      this.#forcedAt.set(account.appId, this.#now());
      fetched = await this.#request(account, true);
    }
    await this.#store.save(account.appId, fetched);
    this.#known.set(account.appId, fetched);
    return fetched.token;
  }

  async #request({ appId, appSecret }: WechatAccount, force: boolean): Promise<{ token: string; expiresAt: number }> {
    const path = '/cgi-bin/stable_token';
    const body = { grant_type: 'client_credential', appid: appId, secret: appSecret, force_refresh: force };
    const asked = this.#now();
    const answer = await answerOf(await exchange(this.#transport, path, {}, body), path);
    const { access_token: token, expires_in: seconds } = answer;
    if (typeof token !== 'string' || token === '' || typeof seconds !== 'number')
      throw new WechatUnreachableError(`${path}: the answer has no token`, false);
    return { token, expiresAt: asked + seconds * 1000 };
  }
}
