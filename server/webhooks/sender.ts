/** Delivers what webhooks have to be told: in order of each matter, by one process at a time, again and again for two days, then for an administrator. */
import type { OpenDatabase } from '../../bot/store/database.ts';
import { claimDelivery, dueDeliveries, pruneDeliveries, settleDelivery, type WebhookDelivery } from '../../bot/store/webhook-deliveries.ts';
import { listWebhooks, switchWebhook, type Webhook } from '../../bot/store/webhooks.ts';
import { signingSecrets } from '../../bot/webhooks/subscriptions.ts';
import type { PostResult } from './post.ts';
import { signedHeaders } from './signature.ts';

export type Post = (url: string, body: string, headers: Record<string, string>) => Promise<PostResult>;

export interface WebhookSenderOptions {
  readonly database: OpenDatabase;
  readonly now: () => number;
  readonly post: Post;
  /** 0 to 1: spreads the tries of several deliveries. */
  readonly random: () => number;
  /** Hears of each delivery that failed or was given up; never of its content. */
  readonly onError: (error: unknown, delivery: Pick<WebhookDelivery, 'id' | 'webhookId' | 'type' | 'attempts'>) => void;
}

const S = 1000;
const H = 3600 * S;
/** Pauses after each failure; after the last one it is given up. */
export const pauses: readonly number[] = [5 * S, 60 * S, 300 * S, 1800 * S, 2 * H, 5 * H, 10 * H, 14 * H, 20 * H];
/** A process that died with a delivery in hand: another one tries after this. */
const LEASE_MS = 60 * S;
const LONGEST_WAIT_MS = 24 * H;
const AT_ONCE = 20;
/** The log of what arrived or was given up is kept so long. */
const KEEP_MS = 30 * 24 * H;

export class WebhookSender {
  readonly #options: WebhookSenderOptions;

  constructor(options: WebhookSenderOptions) {
    this.#options = options;
  }

  /** Sends what is due, receivers beside each other, each matter in its order. Safe in several processes. Answers how many arrived. */
  async sweep(): Promise<number> {
    const hooks = (await listWebhooks(this.#options.database.db)).filter(({ state }) => state === 'on');
    const arrived = await Promise.all(hooks.map((hook) => this.#all(hook)));
    return arrived.reduce((sum, count) => sum + count, 0);
  }

  /** Forgets the log of a month ago. */
  async prune(): Promise<number> {
    return pruneDeliveries(this.#options.database.db, this.#options.now() - KEEP_MS);
  }

  /** One signed attempt outside the queue, to see whether an address works. Rejects when no answer came. */
  async probe(hook: Webhook, eventId: string): Promise<number> {
    const body = JSON.stringify({ type: 'test', timestamp: new Date(this.#options.now()).toISOString(), data: {} });
    return (await this.#post(hook, eventId, body)).code;
  }

  async #post(hook: Webhook, eventId: string, body: string): Promise<PostResult> {
    const at = this.#options.now();
    return this.#options.post(hook.url, body, signedHeaders(signingSecrets(hook.secrets, at), eventId, at, body));
  }

  /** Everything due for one receiver, until something fails: one that is out of order is not asked for each waiting matter. */
  async #all(hook: Webhook): Promise<number> {
    const { database, now } = this.#options;
    for (let arrived = 0; ; ) {
      const due = await dueDeliveries(database.db, hook.id, now(), AT_ONCE);
      const outcomes = await Promise.all(due.map((one) => this.#try(hook, one)));
      const sent = outcomes.filter((outcome) => outcome === 'sent').length;
      arrived += sent;
      // Others have the rest, nothing is left, or it failed.
      if (sent === 0 || outcomes.includes('failed')) return arrived;
    }
  }

  async #try(hook: Webhook, one: WebhookDelivery): Promise<'sent' | 'failed' | 'elsewhere'> {
    const { database, now } = this.#options;
    if (!(await claimDelivery(database.db, one, now() + LEASE_MS))) return 'elsewhere';
    let answer: PostResult;
    try {
      answer = await this.#post(hook, one.eventId, one.body);
    } catch (error) {
      await this.#failed(one, null, error, undefined);
      return 'failed';
    }
    const { code, retryAfterMs } = answer;
    if (code >= 200 && code < 300) {
      await settleDelivery(database.db, one.id, { status: 'sent', code, at: now() });
      return 'sent';
    }
    if (code === 410) await this.#gone(one);
    else await this.#failed(one, code, new Error(`the receiver answered ${code}`), retryAfterMs);
    return 'failed';
  }

  async #failed(one: WebhookDelivery, code: number | null, error: unknown, retryAfterMs: number | undefined): Promise<void> {
    const { database, now, random, onError } = this.#options;
    onError(error, { ...one, attempts: one.attempts + 1 });
    const words = (error instanceof Error ? error.message : String(error)).slice(0, 300);
    const pause = pauses[one.attempts];
    if (pause === undefined) {
      await settleDelivery(database.db, one.id, { status: 'dead', code, error: words, at: now() });
      return;
    }
    const wait = Math.max(pause * (1 + random() / 10), Math.min(retryAfterMs ?? 0, LONGEST_WAIT_MS));
    await settleDelivery(database.db, one.id, { status: 'pending', code, error: words, nextAt: now() + Math.round(wait) });
  }

  /** "Gone" asks never to be called again (Standard Webhooks specification): the webhook is off until somebody looks, what waits stays. */
  async #gone(one: WebhookDelivery): Promise<void> {
    const { database, now, onError } = this.#options;
    const words = 'the receiver answered 410: it wants no more; the webhook was switched off';
    onError(new Error(words), one);
    await switchWebhook(database.db, one.webhookId, 'off', words);
    await settleDelivery(database.db, one.id, { status: 'pending', code: 410, error: words, nextAt: now() });
  }
}
