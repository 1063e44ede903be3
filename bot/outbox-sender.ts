/** Delivers the outbox of push channels: in order per conversation, with retries, never forgetting a row. */
import type { LoggedActivity } from './activity.ts';
import type { ConversationLog } from './log.ts';
import type { OpenDatabase } from './store/database.ts';
import { deferOutbox, dueOutbox, failOutbox, markSent, type OutboxRow } from './store/outbox.ts';

/** Sends one activity. `key` is the same for every attempt: give it to channels that know idempotency keys. Rejects to be tried again. */
export type Deliver = (activity: LoggedActivity, key: string) => Promise<void>;

/** A delivery that no retry will mend. */
export class PermanentDeliveryError extends Error {}

export interface OutboxSenderOptions {
  readonly database: OpenDatabase;
  readonly log: ConversationLog;
  readonly now: () => number;
  readonly channels: ReadonlyMap<string, Deliver>;
  readonly onError: (error: unknown, row: OutboxRow) => void;
  /** How often to look for deferred rows, milliseconds. */
  readonly everyMs?: number;
}

const batch = 50;
const mostAttempts = 8;
const firstDelayMs = 1000;

export class OutboxSender {
  readonly #options: OutboxSenderOptions;
  readonly #unfollow: () => void;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> = Promise.resolve();
  #again = false;
  #busy = false;

  constructor(options: OutboxSenderOptions) {
    this.#options = options;
    this.#unfollow = options.log.followAll(() => this.kick());
    this.#timer = setInterval(() => this.kick(), options.everyMs ?? 1000);
    this.#timer.unref();
    this.kick();
  }

  /** Looks for rows to send now. */
  kick(): void {
    if (this.#options.channels.size === 0) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    this.#running = this.#drain().finally(() => {
      this.#busy = false;
    });
  }

  /** Resolves when nothing is due any more. */
  async settled(): Promise<void> {
    while (this.#busy) await this.#running;
  }

  async close(): Promise<void> {
    this.#unfollow();
    clearInterval(this.#timer);
    await this.settled();
  }

  async #drain(): Promise<void> {
    do {
      this.#again = false;
      const due = await dueOutbox(this.#options.database.db, this.#options.now(), batch);
      // Rows of channels that another process serves (or that are off now) wait there untouched.
      const rows = due.filter((row) => this.#options.channels.has(row.channel));
      await Promise.all(rows.map((row) => this.#send(row)));
      if (rows.length > 0) this.#again = true;
    } while (this.#again);
  }

  async #send(row: OutboxRow): Promise<void> {
    const { database, now, channels } = this.#options;
    try {
      await channels.get(row.channel)?.(row.activity, row.activityId);
      await markSent(database.db, row.id, now());
    } catch (error) {
      this.#options.onError(error, row);
      const message = error instanceof Error ? error.message : String(error);
      const givenUp = error instanceof PermanentDeliveryError || row.attempts + 1 >= mostAttempts;
      if (givenUp) await failOutbox(database.db, row.id, message);
      else await deferOutbox(database.db, row.id, { error: message, nextAt: now() + firstDelayMs * 2 ** row.attempts });
    }
  }
}
