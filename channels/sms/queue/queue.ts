/** Sends what is queued: in order per number, within the limits, with retries and a second provider, knowing what became of it. */
import type { Db, OpenDatabase } from '../../../bot/store/database.ts';
import { claimSms, dueSms, postponeSms, type SmsMessage, settleSms } from '../../../bot/store/sms-messages.ts';
import { optOut } from '../../../bot/store/sms-numbers.ts';
import { type Rate, slowDownRate, takeRate } from '../../../bot/store/sms-rate.ts';
import { recordSubmission } from '../../../bot/store/sms-receipts.ts';
import { draftSchema } from '../draft.ts';
import { countChanges, type SmsMetrics } from '../metrics.ts';
import type { SendRequest, SendResult, SmsProvider } from '../providers/provider.ts';
import { maskPhone } from '../text/phone.ts';
import { admit, type Limits } from './admission.ts';
import { Circuit } from './circuit.ts';
import { dayStart } from './hours.ts';

export interface SmsLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface SmsQueueOptions {
  readonly database: OpenDatabase;
  readonly now: () => number;
  /** First choice first. */
  readonly providers: readonly SmsProvider[];
  readonly limits: Limits;
  readonly log: SmsLogger;
  readonly metrics: SmsMetrics;
  /** How often to look for rows that have become due, milliseconds; 0 = only when kicked. */
  readonly everyMs: number;
}

const batch = 100;
/** A message being sent belongs to us for so long; after that its fate is uncertain. */
const leaseMs = 5 * 60_000;
const longestBackoffMs = 10 * 60_000;

/** Takes the claim back: the message may not go yet. */
class TooFast extends Error {}

export class SmsQueue {
  readonly #options: SmsQueueOptions;
  readonly #circuits: ReadonlyMap<string, Circuit>;
  readonly #inFlight = new Map<number, Promise<void>>();
  #looking: Promise<void> | undefined;
  #again = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #alarmedOn = 0;

  constructor(options: SmsQueueOptions) {
    this.#options = options;
    this.#circuits = new Map(options.providers.map((provider) => [provider.name, new Circuit()]));
    if (options.everyMs > 0) {
      this.#timer = setInterval(() => this.kick(), options.everyMs);
      this.#timer.unref();
    }
  }

  /** Looks for messages to send now. */
  kick(): void {
    if (this.#closed) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = this.#look()
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'the SMS queue could not be read'))
      .finally(() => {
        this.#looking = undefined;
        if (this.#again) {
          this.#again = false;
          this.kick();
        }
      });
  }

  /** A provider works again: what waited for it goes now. */
  ready(provider: string): void {
    this.#circuits.get(provider)?.worked();
    this.kick();
  }

  /** Resolves when nothing that may go now is left. */
  async settled(): Promise<void> {
    while (this.#looking || this.#inFlight.size > 0) await Promise.all([this.#looking, ...this.#inFlight.values()]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.settled();
  }

  async #look(): Promise<void> {
    const { database, now, limits } = this.#options;
    for (const message of await dueSms(database.db, now(), batch)) {
      if (this.#closed) return;
      if (this.#inFlight.has(message.id)) continue;
      if (message.status === 'pending') {
        const admission = await admit(database.db, message, {
          limits,
          now: now(),
          overBudget: (used) => this.#overBudget(used),
        });
        if ('suppress' in admission) {
          await this.#giveUp(database.db, message, 'suppressed', admission.suppress);
          this.#again = true;
          continue;
        }
        if ('wait' in admission) {
          await postponeSms(database.db, message, admission.wait);
          continue;
        }
      }
      if (message.status !== 'pending' && now() >= message.expiresAt) {
        await this.#giveUp(database.db, message, 'failed', 'fate unknown');
        continue;
      }
      const provider = this.#providerFor(message);
      if (!provider) continue;
      const claimed = await this.#claim(message, provider);
      if (claimed === 'too_fast') return;
      if (claimed === 'lost') continue;
      const sending = this.#handle(message, provider)
        .catch((error: unknown) => this.#options.log.error({ err: error, sms: message.id }, 'sending an SMS failed'))
        .finally(() => {
          this.#inFlight.delete(message.id);
          this.kick();
        });
      this.#inFlight.set(message.id, sending);
    }
  }

  /** The first provider that works and can carry it; one that may have this message already, or parts of it, keeps it. */
  #providerFor(message: SmsMessage): SmsProvider | undefined {
    const { providers, now } = this.#options;
    const begun = message.status !== 'pending' || (Array.isArray(message.progress) && message.progress.length > 0);
    const draft = draftSchema.parse(message.draft);
    const candidates = providers.filter((one) => (begun ? one.name === message.provider : (one.carries?.(draft) ?? true)));
    return (candidates.length > 0 ? candidates : providers).find((one) => (this.#circuits.get(one.name)?.until ?? 0) <= now());
  }

  /** Takes a message and its share of the rate, both or none: of several processes one sends it, and none wastes the rate of the others. */
  async #claim(message: SmsMessage, provider: SmsProvider): Promise<'claimed' | 'lost' | 'too_fast'> {
    const { database, now } = this.#options;
    try {
      return await database.transaction(async (tx) => {
        if (!(await claimSms(tx, message, provider.name, now() + leaseMs))) return 'lost';
        if (!(await takeRate(tx, this.#rate, message.segments, now()))) throw new TooFast();
        return 'claimed';
      });
    } catch (error) {
      if (error instanceof TooFast) return 'too_fast';
      throw error;
    }
  }

  async #handle(message: SmsMessage, provider: SmsProvider): Promise<void> {
    const { database, now } = this.#options;
    const request: SendRequest = {
      key: message.key,
      to: message.phone,
      // A number of the first provider means nothing to the second.
      port: provider === this.#options.providers[0] ? message.port : '',
      draft: draftSchema.parse(message.draft),
      progress: Array.isArray(message.progress) && message.provider === provider.name ? (message.progress as string[]) : [],
    };
    if (message.status !== 'pending' && provider.lookUp) {
      const taken = await provider.lookUp(request, message.createdAt).catch(() => 'unknown' as const);
      if (taken === 'unknown') return void (await settleSms(database.db, message.id, { status: 'uncertain', nextAt: now() + 30_000 }));
      if (taken !== undefined) return this.#accepted(message, provider, taken);
    }
    await this.#conclude(message, provider, await provider.send(request));
  }

  async #conclude(message: SmsMessage, provider: SmsProvider, result: SendResult): Promise<void> {
    const { database, now, log } = this.#options;
    const circuit = this.#circuits.get(provider.name);
    if (result.ok) {
      circuit?.worked();
      return this.#accepted(message, provider, result.ids);
    }
    const { why, code, progress = [] } = result;
    log.warn({ sms: message.id, to: maskPhone(message.phone), provider: provider.name, why, code }, 'an SMS was not taken');
    if (why === 'never') {
      await database.transaction(async (tx) => {
        await this.#giveUp(tx, { ...message, provider: provider.name }, 'failed', code);
        if (result.optedOut) await optOut(tx, message.phone, now());
      });
      return;
    }
    if (why === 'down') circuit?.failed(now());
    else circuit?.worked();
    if (why === 'slower') await database.transaction((tx) => slowDownRate(tx, this.#rate, now()));
    const backoff = Math.min(longestBackoffMs, 2000 * 2 ** Math.min(message.attempts, 12));
    const wait = why === 'down' ? 0 : why === 'uncertain' ? (provider.lookUp ? 15_000 : 120_000) : backoff;
    const status = why === 'uncertain' ? 'uncertain' : 'pending';
    await settleSms(database.db, message.id, { status, code, nextAt: now() + wait, progress });
  }

  async #accepted(message: SmsMessage, provider: SmsProvider, providerIds: readonly string[]): Promise<void> {
    const { database, now, metrics } = this.#options;
    const submission = { messageId: message.id, provider: provider.name, providerIds };
    countChanges(metrics, await database.transaction((tx) => recordSubmission(tx, submission, now())));
  }

  /** A message that will not be sent any more. */
  async #giveUp(db: Db, message: SmsMessage, status: 'failed' | 'suppressed', code: string): Promise<void> {
    const { now, metrics } = this.#options;
    if (await settleSms(db, message.id, { status, code, doneAt: now() }))
      metrics.segments(message.provider ?? '', status, message.segments);
  }

  get #rate(): Rate {
    return { name: 'all', perSecond: this.#options.limits.perSecond };
  }

  #overBudget(used: number): void {
    const today = dayStart(this.#options.now());
    if (this.#alarmedOn === today) return;
    this.#alarmedOn = today;
    this.#options.metrics.alarm();
    const { dailyBudget } = this.#options.limits;
    this.#options.log.error({ used, dailyBudget }, 'ALARM: the SMS budget of the day is used up; notices wait, answers go on');
  }
}
