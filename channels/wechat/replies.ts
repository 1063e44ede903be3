/** The answer in the response to a push: it costs none of the citizen's messages, and is all that some accounts have. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LoggedActivity } from '../../bot/activity.ts';
import type { WechatCitizen } from '../../bot/store/wechat-citizens.ts';
import {
  claimWechatDelivery,
  isSendingWechat,
  leaveWechatOutbox,
  settleWechatDelivery,
  type Undelivered,
  undeliveredWechat,
} from '../../bot/store/wechat-deliveries.ts';
import { turnIsOver } from '../../bot/store/wechat-pushes.ts';
import type { Context, Standing } from './options.ts';
import { partsOf } from './render/parts.ts';
import { PART_BYTES } from './render/split.ts';

/** How often to look for a turn that another process runs. */
const lookAgainMs = 200;
/** A claim that ends with a response is over much sooner. */
const leaseMs = 15_000;
/** After so many answers in a row that took longer, no response is held for the next one. */
const mostLate = 3;
const moreHint = '\n\n（没完，回复“继续”看下面的）';

/** Text for the response; `settle` says afterwards whether the platform took it. */
export interface Reply {
  readonly text: string;
  settle(delivered: boolean): Promise<void>;
}

interface Taken {
  readonly activity: LoggedActivity;
  /** The part to go on with when this reply is out. */
  readonly next: number;
  readonly whole: boolean;
}

export class Replies {
  readonly #context: Context;
  /** Conversations whose push is being held open here, with what ends that. */
  readonly #held = new Map<string, Set<Promise<void>>>();

  /** How many answers in a row were not there in time. */
  #late = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Whether answers come fast enough at the moment for a response to be held for one. */
  get worthHolding(): boolean {
    return this.#late < mostLate;
  }

  /** A turn was over within the time a response is held, or not. */
  noteTurn(inTime: boolean): void {
    this.#late = inTime ? 0 : this.#late + 1;
  }

  /** Resolves when no response of this process waits for an answer of the conversation, or carries one that is not noted yet. */
  free(conversationId: string): Promise<unknown> | undefined {
    const held = this.#held.get(conversationId);
    return held && Promise.all(held);
  }

  /**
   * Waits up to `waitMs` for the turn of the message at `seq` (0: take what there is) and takes what fits into one response.
   * `nothing`: the turn said nothing that can go this way · `late`: it is not over yet.
   */
  async within(
    citizen: WechatCitizen,
    standing: Standing,
    seq: number,
    waitMs: number,
    given: AbortSignal,
  ): Promise<Reply | 'nothing' | 'late'> {
    const { conversationId } = citizen;
    let release: (() => void) | undefined = this.#hold(conversationId);
    try {
      const deadline = performance.now() + waitMs;
      const over = await this.#turn(conversationId, seq, waitMs, !standing.messages, given);
      if (waitMs > 0) this.noteTurn(over);
      if (!over) return 'late';
      for (;;) {
        const reply = await this.#take(citizen, standing);
        if (reply) {
          const done = release;
          release = undefined;
          // Whoever takes a reply and never says what came of it holds nobody up for longer than the claim lasts.
          const lapse = setTimeout(done, leaseMs).unref();
          return {
            text: reply.text,
            settle: (delivered) =>
              reply.settle(delivered).finally(() => {
                clearTimeout(lapse);
                done();
              }),
          };
        }
        // An earlier delivery of the push may hold the answer, and not know yet that the platform has hung up on it.
        if (standing.messages || !(await isSendingWechat(this.#context.database().db, conversationId, this.#context.now())))
          return 'nothing';
        if (performance.now() > deadline || given.aborted) return 'late';
        await delay(lookAgainMs);
      }
    } finally {
      release?.();
    }
  }

  /** Until the returned function is called, what the conversation is to be sent waits for a response. */
  #hold(conversationId: string): () => void {
    let resolve: () => void = () => undefined;
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    const held = this.#held.get(conversationId) ?? new Set();
    this.#held.set(conversationId, held.add(promise));
    return () => {
      resolve();
      held.delete(promise);
      if (held.size === 0 && this.#held.get(conversationId) === held) this.#held.delete(conversationId);
    };
  }

  /** Whether the turn was over in time. `elsewhere`: it may run in another process, which nobody announces here. */
  async #turn(conversationId: string, seq: number, waitMs: number, elsewhere: boolean, given: AbortSignal): Promise<boolean> {
    if (seq === 0) return true;
    const deadline = performance.now() + waitMs;
    let wake: () => void = () => undefined;
    let grown = false;
    const unfollow = this.#context.core().log.follow(conversationId, (event) => {
      // What came in itself, and that somebody is typing, ends no turn.
      if (event.kind !== 'appended' || event.seq <= seq) return;
      grown = true;
      wake();
    });
    try {
      for (;;) {
        grown = false;
        if (await turnIsOver(this.#context.database().db, conversationId, seq)) return true;
        const left = deadline - performance.now();
        if (left <= 0 || given.aborted) return false;
        if (grown) continue;
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, elsewhere ? Math.min(left, lookAgainMs) : left);
        });
        clearTimeout(timer);
      }
    } finally {
      unfollow();
    }
  }

  /** Claims what fits, all in one transaction: nobody else sends it then. */
  async #take(citizen: WechatCitizen, standing: Standing): Promise<Reply | undefined> {
    const { account, conversationId } = citizen;
    const { now } = this.#context;
    return this.#context
      .database()
      .transaction(async (tx) => {
        const waiting = await undeliveredWechat(tx, conversationId);
        const { texts, taken } = choose(waiting, standing);
        if (taken.length === 0) return undefined;
        for (const { activity } of taken) {
          const key = { activityId: activity.id, conversationId, seq: activity.seq, account };
          const claim = await claimWechatDelivery(tx, key, { now: now(), leaseUntil: now() + leaseMs }, true);
          // Somebody was faster with one of them; they are sending in order, so nothing may overtake.
          if (typeof claim === 'string') throw new Overtaken();
        }
        const rest = taken.length < waiting.length || taken.some(({ whole }) => !whole);
        const text = `${texts.join('\n\n')}${rest && !standing.messages && texts.length > 0 ? moreHint : ''}`;
        if (text === '') {
          await this.#settle(taken, standing, true, tx);
          return undefined;
        }
        return {
          text,
          settle: (delivered: boolean) => this.#context.database().transaction((own) => this.#settle(taken, standing, delivered, own)),
        };
      })
      .catch((error: unknown) => {
        if (error instanceof Overtaken) return undefined;
        throw error;
      });
  }

  async #settle(
    taken: readonly Taken[],
    standing: Standing,
    delivered: boolean,
    tx: Parameters<typeof leaveWechatOutbox>[0],
  ): Promise<void> {
    const now = this.#context.now();
    const rest = standing.messages ? 'queued' : 'kept';
    for (const { activity, next, whole } of taken) {
      const outcome = !delivered
        ? ({ state: rest, error: 'the platform had closed the connection' } as const)
        : whole
          ? ({ state: 'sent', route: 'reply', part: next } as const)
          : ({ state: rest, route: 'reply', part: next } as const);
      await settleWechatDelivery(tx, activity.id, outcome, now);
    }
    const gone = taken.filter(({ whole }) => !standing.messages || (delivered && whole));
    await leaveWechatOutbox(
      tx,
      gone.map(({ activity }) => activity.id),
      now,
    );
  }
}

class Overtaken extends Error {}

/** As many messages from the front as fit into one text; of one that is too long, its first part. Menus don't fit: they are sent. */
function choose(waiting: readonly Undelivered[], standing: Standing): { texts: string[]; taken: Taken[] } {
  const texts: string[] = [];
  const taken: Taken[] = [];
  let size = 0;
  for (const { activity, part } of waiting) {
    const parts = partsOf(activity, standing);
    const [first, ...more] = parts.slice(part);
    if (!first) {
      taken.push({ activity, next: parts.length, whole: true });
      continue;
    }
    if (first.msgtype !== 'text') break;
    const content = first.text.content;
    const added = Buffer.byteLength(content) + (texts.length > 0 ? 2 : 0);
    if (size + added > PART_BYTES || (more.length > 0 && texts.length > 0)) break;
    texts.push(content);
    size += added;
    taken.push({ activity, next: part + 1, whole: more.length === 0 });
    if (more.length > 0) break;
  }
  return { texts, taken };
}
