/** Works on what HTTP providers pushed, after it was acknowledged: a cloud waits less than a second and pushes receipts by the thousand. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { OpenDatabase } from '../../../bot/store/database.ts';
import { claimPush, deferPush, dropPush, duePushes, keepPushes, type SmsPush } from '../../../bot/store/sms-pushes.ts';
import type { InboundSms } from '../providers/provider.ts';
import type { SmsLogger } from '../queue/queue.ts';
import type { PushedReceipt } from '../receipts.ts';
import type { Pushed } from './pushes.ts';

export interface IntakeOptions {
  readonly database: () => OpenDatabase;
  readonly now: () => number;
  readonly log: SmsLogger;
  /** Both resolve when it is done, and do nothing the second time. */
  readonly inbound: (provider: string, sms: InboundSms) => Promise<void>;
  readonly receipt: (receipt: PushedReceipt) => Promise<void>;
}

const messageSchema = z.object({ id: z.string(), from: z.string(), port: z.string(), text: z.string() });
const receiptSchema = z.object({
  provider: z.string(),
  providerId: z.string(),
  state: z.enum(['accepted', 'sent', 'delivered', 'failed']),
  code: z.string().nullable(),
  key: z.string().optional(),
});
const itemSchema = z.union([z.object({ provider: z.string(), message: messageSchema }), z.object({ receipt: receiptSchema })]);

const batch = 50;
/** What is being worked on belongs to us for so long; after that its process is dead, and taking it twice does no harm. */
const leaseMs = 10_000;
const longestPauseMs = 10 * 60_000;
/** After so long something is wrong that time does not mend. */
const patienceMs = 3 * 24 * 3_600_000;

export class Intake {
  readonly #options: IntakeOptions;
  #working: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Durable when it resolves: then the provider may be answered. Rejects when it could not be stored; the push is to be repeated whole. */
  async keep(provider: string, { messages, receipts }: Pushed): Promise<void> {
    const { database, now } = this.#options;
    await database().transaction((tx) =>
      keepPushes(
        tx,
        [
          ...messages.map((message) => ({ sender: `${provider}:${message.from}`, item: { provider, message } })),
          ...receipts.map((receipt) => ({ sender: '', item: { receipt } })),
        ],
        now(),
      ),
    );
    this.kick();
  }

  /** Looks for work now. */
  kick(): void {
    if (this.#closed) return;
    if (this.#working) {
      this.#again = true;
      return;
    }
    this.#working = this.#work()
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'the pushed SMS could not be read'))
      .finally(() => {
        this.#working = undefined;
        if (this.#again) {
          this.#again = false;
          this.kick();
        }
      });
  }

  /** Resolves when nothing that may be worked on now is left. */
  async settled(): Promise<void> {
    while (this.#working) await this.#working;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.settled();
  }

  async #work(): Promise<void> {
    const { database, now } = this.#options;
    for (;;) {
      const due = await duePushes(database().db, now(), batch);
      const blocked = new Set<string>();
      let done = 0;
      for (const push of due) {
        // Acknowledgements and other requests go between.
        await othersTurn();
        if (this.#closed) return;
        if (push.sender !== '' && blocked.has(push.sender)) continue;
        if (await this.#handle(push)) done++;
        else blocked.add(push.sender);
      }
      if (done === 0 || due.length < batch) return;
    }
  }

  /** False: later messages of the same sender must wait. */
  async #handle(push: SmsPush): Promise<boolean> {
    const { database, now, log } = this.#options;
    if (!(await claimPush(database().db, push, now() + leaseMs))) return false;
    try {
      await this.#take(itemSchema.parse(push.item));
      await dropPush(database().db, push.id);
      return true;
    } catch (error) {
      log.error({ err: error, push: push.id, attempts: push.attempts + 1 }, 'a pushed SMS could not be taken');
      if (now() - push.receivedAt > patienceMs) await dropPush(database().db, push.id);
      else await deferPush(database().db, push.id, now() + Math.min(longestPauseMs, 1000 * 2 ** Math.min(push.attempts, 12)));
      return false;
    }
  }

  async #take(item: z.infer<typeof itemSchema>): Promise<void> {
    if ('message' in item) await this.#options.inbound(item.provider, item.message);
    else await this.#options.receipt(item.receipt);
  }
}
