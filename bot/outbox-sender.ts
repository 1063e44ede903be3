/** Delivers the outbox of push channels: in order per conversation, by one process at a time, with retries, never forgetting a row. */
import { setImmediate as nextTick } from 'node:timers/promises';
import type { LoggedActivity } from './activity.ts';
import type { ConversationLog } from './log.ts';
import type { OpenDatabase } from './store/database.ts';
import { claimOutbox, deferOutbox, dueOutbox, failOutbox, holdOutbox, markSent, type OutboxRow } from './store/outbox.ts';

/** Sends one activity. `key` is the same for every attempt: give it to channels that know idempotency keys. Rejects to be tried again. */
export type Deliver = (activity: LoggedActivity, key: string) => Promise<void>;

/** A delivery that no retry will mend. */
export class PermanentDeliveryError extends Error {}

export interface OutboxSenderOptions {
  readonly database: OpenDatabase;
  readonly log: ConversationLog;
  readonly now: () => number;
  readonly channels: ReadonlyMap<string, Deliver>;
  /** Resolves when a row may be taken: its channel may be about to send it another way, and the row is then done with. Absent: at once. */
  readonly ready?: ((row: OutboxRow) => Promise<unknown> | undefined) | undefined;
  /** Hears of failed deliveries, and (without a row) that the outbox could not be looked at: the next look tries again. */
  readonly onError: (error: unknown, row?: OutboxRow) => void;
  /** How often to look for deferred rows, milliseconds. */
  readonly everyMs?: number;
  /** How long a row of a process that died waits for another one, milliseconds. */
  readonly leaseMs?: number;
}

const batch = 50;
const mostAttempts = 8;
const firstDelayMs = 1000;
const defaultLeaseMs = 10_000;

export class OutboxSender {
  readonly #options: OutboxSenderOptions;
  readonly #unfollow: () => void;
  readonly #timer: NodeJS.Timeout;
  /** Rows being sent: a slow channel must not hold up the others, nor be sent to twice. */
  readonly #inFlight = new Map<number, Promise<void>>();
  #looking: Promise<void> | undefined;
  #again = false;

  constructor(options: OutboxSenderOptions) {
    this.#options = options;
    this.#unfollow = options.log.followOutbox(() => this.kick());
    this.#timer = setInterval(() => this.kick(), options.everyMs ?? 1000);
    this.#timer.unref();
    this.kick();
  }

  /** Looks for rows to send now. */
  kick(): void {
    if (this.#options.channels.size === 0) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = this.#look()
      .catch((error: unknown) => this.#options.onError(error))
      .finally(() => {
        this.#looking = undefined;
        if (this.#again) {
          this.#again = false;
          this.kick();
        }
      });
  }

  /** Resolves when nothing is due and nothing is being sent. */
  async settled(): Promise<void> {
    while (this.#looking || this.#inFlight.size > 0) await Promise.all([this.#looking, ...this.#inFlight.values()]);
  }

  async close(): Promise<void> {
    this.#unfollow();
    clearInterval(this.#timer);
    await this.settled();
  }

  async #look(): Promise<void> {
    // Turns that are committed together are announced together: one look finds what all of them say.
    await nextTick();
    // Rows that wait to be taken are still due.
    const due = await dueOutbox(this.#options.database.db, this.#options.now(), batch + this.#inFlight.size);
    for (const row of due) {
      // Rows of channels that another process serves (or that are off now) wait there untouched.
      if (!this.#options.channels.has(row.channel) || this.#inFlight.has(row.id)) continue;
      const sending = this.#send(row)
        .then(
          () => true,
          (error: unknown) => {
            // The store failed: the row stays as it is, and looking again at once would only fail again.
            this.#options.onError(error, row);
            return false;
          },
        )
        .then((again) => {
          this.#inFlight.delete(row.id);
          if (again) this.kick();
        });
      this.#inFlight.set(row.id, sending);
    }
  }

  async #send(row: OutboxRow): Promise<void> {
    const { database, now, channels, ready } = this.#options;
    await ready?.(row);
    if (!(await claimOutbox(database.db, row.id, { now: now(), until: this.#leaseEnd() }))) return;
    try {
      await this.#held(row, async () => channels.get(row.channel)?.(row.activity, row.activityId));
    } catch (error) {
      this.#options.onError(error, row);
      const message = error instanceof Error ? error.message : String(error);
      const givenUp = error instanceof PermanentDeliveryError || row.attempts + 1 >= mostAttempts;
      if (givenUp) await failOutbox(database.db, row.id, message);
      else await deferOutbox(database.db, row.id, { error: message, nextAt: now() + firstDelayMs * 2 ** row.attempts });
      return;
    }
    await markSent(database.db, row.id, now());
  }

  #leaseEnd(): number {
    return this.#options.now() + (this.#options.leaseMs ?? defaultLeaseMs);
  }

  /** Renews the lease while the channel works: a slow delivery is no dead process. */
  async #held(row: OutboxRow, work: () => Promise<void>): Promise<void> {
    let renewing = Promise.resolve();
    const timer = setInterval(
      () => {
        // One that fails costs nothing if the next one doesn't.
        renewing = holdOutbox(this.#options.database.db, row.id, this.#leaseEnd()).catch(() => undefined);
      },
      (this.#options.leaseMs ?? defaultLeaseMs) / 3,
    );
    try {
      await work();
    } finally {
      clearInterval(timer);
      await renewing;
    }
  }
}
