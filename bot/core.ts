/** The dialogue core as channels see it: open a conversation, hand in a message, read and follow the log. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Activity, ChannelAccount, IncomingActivity } from './activity.ts';
import type { ConversationLog } from './log.ts';
import { Rounds } from './rounds.ts';
import { type Conversation, createConversation, findConversation } from './store/conversations.ts';
import type { Db } from './store/database.ts';
import { isUnavailable, OutOfTurnError, StateConflictError } from './store/errors.ts';
import {
  acceptMessage,
  acceptSpoken,
  conversationsWithPendingInbox,
  countAttempt,
  failInbox,
  hasPendingInbox,
  type InboxRow,
  pendingInbox,
} from './store/inbox.ts';
import { putSetting } from './store/settings.ts';
import { textsFor } from './texts.ts';
import { runTurn, type TurnTools } from './turn.ts';

export interface OpenConversation {
  readonly id?: string;
  readonly channel: string;
  readonly userId: string;
  readonly locale?: string;
  readonly profile?: Record<string, unknown>;
}
export interface Receipt {
  readonly activityId: string;
  readonly seq: number;
  readonly duplicate: boolean;
}

/** A turn that fails this often to commit is given up with an apology, so that it cannot block what comes after it. */
const mostAttempts = 3;
const retryAfterMs = 500;
/** Another process answered a message of the conversation meanwhile: this turn is worked out anew on what that left. */
const retryConflictMs = 20;
/** How many conversations one look for messages without a turn picks up; the next look takes the next ones. */
const lookAtOnce = 100;

export class Core {
  readonly log: ConversationLog;
  readonly #tools: TurnTools;
  readonly #onStore: (trouble: unknown) => void;
  readonly #queues = new Map<string, Promise<void>>();
  readonly #rounds = new Rounds();
  #closing = false;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #looks = 0;
  /** What is wrong with the store since a turn could not be kept; until one can be, others don't try: they would only think in vain. */
  #storeTrouble: unknown;

  /** `onStore` hears that nothing can be stored (with the reason), and that it can again (without). */
  constructor(tools: TurnTools, onStore: (trouble: unknown) => void = () => undefined) {
    this.#tools = tools;
    this.#onStore = onStore;
    this.log = tools.log;
  }

  /** Creates the conversation if it is new and queues its greeting. `id` should be unguessable where it is a secret. */
  async openConversation(input: OpenConversation): Promise<{ conversation: Conversation; created: boolean }> {
    const { database, now, newId } = this.#tools;
    const id = input.id ?? newId();
    const locale = input.locale ?? 'zh-CN';
    let joining: InboxRow | undefined;
    const opened = await database.transaction(async (tx) => {
      const result = await createConversation(
        tx,
        { id, channel: input.channel, userId: input.userId, locale, ...(input.profile ? { profile: input.profile } : {}) },
        now(),
      );
      if (result.created) {
        const joined: Activity = {
          type: 'conversationUpdate',
          from: { id: input.userId, role: 'user' },
          locale,
          membersAdded: [{ id: input.userId, role: 'user' }],
        };
        const message = { channel: input.channel, messageId: `${id}:joined`, conversationId: id, activity: joined };
        joining = (await acceptMessage(tx, message, now())).row;
      }
      return result;
    });
    if (opened.created) this.#kick(id, { accepted: joining });
    return opened;
  }

  /**
   * Takes a citizen's message: logged and in the inbox when this resolves; the turn follows in order.
   * `messageId` is the channel's own id: a second delivery returns the first one's receipt.
   */
  async receive(input: {
    conversationId: string;
    messageId: string;
    activity: IncomingActivity;
    /** What a channel stores with the message or not at all. */
    along?: ((tx: Db) => Promise<void>) | undefined;
  }): Promise<Receipt | { error: 'unknown_conversation' | 'ended' }> {
    const { database, now } = this.#tools;
    const { conversationId, messageId } = input;
    const activity = (by: Correspondent) => citizenActivity(input.activity, by);
    const receipt = await this.#noticing(
      database.transaction(async (tx) => {
        const accepted = await acceptSpoken(tx, { messageId, conversationId, activity }, now());
        if (typeof accepted === 'object') await input.along?.(tx);
        return accepted;
      }),
    );
    if (!receipt) return { error: 'unknown_conversation' };
    if (receipt === 'ended') return { error: 'ended' };
    if (!receipt.duplicate) {
      this.log.announce(conversationId, receipt.seq, receipt.row && [receipt.row.activity]);
      // It could be stored just now: the store may work again.
      this.#kick(conversationId, { tries: true, accepted: receipt.row });
    }
    return { activityId: receipt.activityId, seq: receipt.seq, duplicate: receipt.duplicate };
  }

  /** Puts an event of the desk before the turn, in order with the citizen's messages; `messageId` makes a second call the first one's. */
  async tellTurn(conversationId: string, messageId: string, event: { name: string; value: unknown; from: ChannelAccount }): Promise<void> {
    const { database, now } = this.#tools;
    const conversation = await findConversation(database.db, conversationId);
    if (!conversation) return;
    const activity: Activity = { type: 'event', ...event };
    const receipt = await database.transaction((tx) =>
      acceptMessage(tx, { channel: conversation.channel, messageId: `desk:${messageId}`, conversationId, activity }, now()),
    );
    if (receipt.duplicate) return;
    this.log.announce(conversationId, receipt.seq);
    this.#kick(conversationId, { accepted: receipt.row });
  }

  /** Tells whoever follows that the citizen is typing. */
  typing(conversationId: string, from: ChannelAccount): void {
    this.log.transient(conversationId, { type: 'typing', from: { ...from, role: 'user' } });
  }

  /** Runs what a stopped or killed process left behind; resolves when the turns are queued, with the number of conversations. */
  async recover(limit?: number): Promise<number> {
    const waiting = await conversationsWithPendingInbox(this.#tools.database.db, limit);
    for (const conversationId of waiting) this.#kick(conversationId);
    return waiting.length;
  }

  /** Looks every `everyMs` for messages that nobody works on: of a process that died, or from before the store was out of order. */
  watch(everyMs: number): void {
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look()
        .catch((error: unknown) => {
          this.#notice(error);
          this.#tools.reportDrain(error, '*');
        })
        .finally(() => {
          this.#looking = undefined;
        });
    }, everyMs);
    this.#timer.unref();
  }

  /** What is wrong with the store, as the last turn saw it; undefined: nothing. */
  get storeTrouble(): unknown {
    return this.#storeTrouble;
  }

  /** Resolves when no turn of the conversation (or of any) is queued or running. */
  async settled(conversationId?: string): Promise<void> {
    if (conversationId !== undefined) {
      while (this.#queues.has(conversationId)) await this.#queues.get(conversationId);
      return;
    }
    while (this.#queues.size > 0) await Promise.all(this.#queues.values());
  }

  /** Finishes running turns and takes no new ones; pending rows stay for the next process. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#timer);
    await this.#looking;
    await this.settled();
  }

  async #look(): Promise<void> {
    const waiting = await conversationsWithPendingInbox(this.#tools.database.db, lookAtOnce);
    const idle = waiting.filter((id) => !this.#queues.has(id));
    if (this.#storeTrouble === undefined) {
      for (const id of idle) this.#kick(id);
      return;
    }
    // A turn that is being tried just now tells by itself.
    if (waiting.length === 0) {
      await putSetting(this.#tools.database.db, 'store.tried_at', String(this.#tools.now()));
      return this.#storeWorks();
    }
    // One tries whether the store works again; another one each time, as its trouble may be its own.
    const one = idle[this.#looks++ % Math.max(1, idle.length)];
    if (one !== undefined) this.#kick(one, { tries: true });
  }

  /** Turns of one conversation run one after another: a new message waits for the running drain. */
  #kick(conversationId: string, { tries = false, accepted }: { tries?: boolean; accepted?: InboxRow | undefined } = {}): void {
    if (this.#storeTrouble !== undefined && !tries) return;
    const before = this.#queues.get(conversationId) ?? Promise.resolve();
    const drained = before.then(() => this.#drain(conversationId, accepted));
    this.#queues.set(conversationId, drained);
    drained.finally(() => {
      if (this.#queues.get(conversationId) === drained) this.#queues.delete(conversationId);
    });
  }

  /**
   * Of several processes one works on a conversation. Who finds it taken leaves: its message was stored before it asked for the lock, and
   * whoever holds that looks once more after letting go. Without word from the others (`unknown`) the transaction of the turn decides alone.
   */
  async #drain(conversationId: string, accepted?: InboxRow): Promise<void> {
    const { database } = this.#tools;
    // What was just accepted is at hand; where it turns out not to be next, the store says what is.
    let atHand = accepted;
    const lock = `turns ${conversationId}`;
    try {
      // Twice nothing to do ends it even if something seems to be left: the next look finds it.
      for (let empty = 0; empty < 2 && !this.#closing; ) {
        const locked = database.signals ? await database.signals.tryLock(lock) : 'unknown';
        if (locked === 'elsewhere') return;
        try {
          const rows = atHand ? [atHand] : await pendingInbox(database.db, conversationId);
          if (rows.length === 0) empty += 1;
          for (const row of rows) {
            await this.#rounds.mine();
            if (this.#closing) return;
            const ran = await this.#turn(row);
            if (!ran && row === atHand) rows.push(...(await pendingInbox(database.db, conversationId)));
          }
          atHand = undefined;
        } finally {
          if (locked === 'taken') await database.signals?.unlock(lock);
        }
        if (locked !== 'taken' || !(await hasPendingInbox(database.db, conversationId))) return;
      }
    } catch (error) {
      // The store is out of order: the rows stay pending for the next look.
      this.#notice(error);
      this.#tools.reportDrain(error, conversationId);
    }
  }

  /** False: the row is not the next one of its conversation, or not pending any more. */
  async #turn(row: InboxRow): Promise<boolean> {
    for (let attempt = row.attempts + 1; ; ) {
      try {
        this.#think(row);
        await runTurn(this.#tools, row);
        if (this.#storeTrouble !== undefined) this.#storeWorks();
        return true;
      } catch (error) {
        if (error instanceof OutOfTurnError) return false;
        if (error instanceof StateConflictError) {
          if (this.#closing) return true;
          await delay(retryConflictMs);
          continue;
        }
        // The message is not to blame.
        if (isUnavailable(error)) throw error;
        this.#tools.report(error, row);
        await countAttempt(this.#tools.database.db, row.id);
        if (attempt >= mostAttempts) {
          await this.#giveUp(row, error);
          return true;
        }
        await delay(retryAfterMs * attempt);
        attempt++;
      }
    }
  }

  #noticing<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: unknown) => {
      this.#notice(error);
      throw error;
    });
  }

  #notice(error: unknown): void {
    if (this.#storeTrouble !== undefined || !isUnavailable(error)) return;
    this.#storeTrouble = error;
    this.#onStore(error);
  }

  #storeWorks(): void {
    this.#storeTrouble = undefined;
    this.#onStore(undefined);
    void this.recover(lookAtOnce).catch((error: unknown) => this.#tools.reportDrain(error, '*'));
  }

  /** Whoever is connected sees that something happens. */
  #think(row: InboxRow): void {
    if (row.activity.type !== 'message' || !this.log.hasFollowers(row.conversationId)) return;
    const text = textsFor(row.activity.locale ?? 'zh-CN').searching;
    this.log.transient(row.conversationId, {
      type: 'typing',
      from: this.#tools.bot,
      text,
      channelData: { streamType: 'informative', streamId: row.activity.id, streamSequence: 1 },
    });
  }

  async #giveUp(row: InboxRow, error: unknown): Promise<void> {
    const { database, now, bot, hotline } = this.#tools;
    const texts = textsFor(row.activity.locale ?? 'zh-CN');
    const apology: Activity = {
      type: 'message',
      from: bot,
      text: texts.internalError(hotline),
      textFormat: 'markdown',
      channelData: { origin: 'template' },
    };
    const logged = await database.transaction(async (tx) => {
      await failInbox(tx, row.id, error instanceof Error ? error.message : String(error), now());
      return this.log.append(tx, { id: row.conversationId, channel: row.channel }, [apology]);
    });
    const seq = logged.at(-1)?.seq;
    if (seq !== undefined) this.log.announce(row.conversationId, seq);
  }
}

type Correspondent = Pick<Conversation, 'channel' | 'userId'>;

/** What a client sent, as the log keeps it: always from the citizen, never with a client's own id. */
function citizenActivity(incoming: IncomingActivity, conversation: Correspondent): Activity {
  const { type, locale, text, name, value, replyToId, attachments, channelData, from } = incoming;
  return {
    type,
    from: { id: conversation.userId, role: 'user', ...(from.name ? { name: from.name } : {}) },
    channelId: conversation.channel,
    ...(locale ? { locale } : {}),
    ...(text !== undefined ? { text } : {}),
    ...(name ? { name } : {}),
    ...(value !== undefined ? { value } : {}),
    ...(replyToId ? { replyToId } : {}),
    ...(attachments
      ? {
          attachments: attachments.map(({ contentType, contentUrl, content, name: fileName, thumbnailUrl }) => ({
            contentType,
            ...(contentUrl ? { contentUrl } : {}),
            ...(content !== undefined ? { content } : {}),
            ...(fileName ? { name: fileName } : {}),
            ...(thumbnailUrl ? { thumbnailUrl } : {}),
          })),
        }
      : {}),
    ...(channelData ? { channelData } : {}),
  };
}
