/** The dialogue core as channels see it: open a conversation, hand in a message, read and follow the log. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Activity, ChannelAccount, IncomingActivity } from './activity.ts';
import type { ConversationLog } from './log.ts';
import { type Conversation, createConversation, findConversation } from './store/conversations.ts';
import { StateConflictError } from './store/errors.ts';
import { acceptMessage, conversationsWithPendingInbox, countAttempt, failInbox, type InboxRow, pendingInbox } from './store/inbox.ts';
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

export class Core {
  readonly log: ConversationLog;
  readonly #tools: TurnTools;
  readonly #queues = new Map<string, Promise<void>>();
  #closing = false;

  constructor(tools: TurnTools) {
    this.#tools = tools;
    this.log = tools.log;
  }

  /** Creates the conversation if it is new and queues its greeting. `id` should be unguessable where it is a secret. */
  async openConversation(input: OpenConversation): Promise<{ conversation: Conversation; created: boolean }> {
    const { database, now, newId } = this.#tools;
    const id = input.id ?? newId();
    const locale = input.locale ?? 'zh-CN';
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
        await acceptMessage(tx, { channel: input.channel, messageId: `${id}:joined`, conversationId: id, activity: joined }, now());
      }
      return result;
    });
    if (opened.created) this.#kick(id);
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
  }): Promise<Receipt | { error: 'unknown_conversation' }> {
    const { database, now } = this.#tools;
    const conversation = await findConversation(database.db, input.conversationId);
    if (!conversation) return { error: 'unknown_conversation' };
    const activity = citizenActivity(input.activity, conversation);
    const receipt = await database.transaction((tx) =>
      acceptMessage(tx, { channel: conversation.channel, messageId: input.messageId, conversationId: conversation.id, activity }, now()),
    );
    if (!receipt.duplicate) {
      this.log.announce(conversation.id, receipt.seq);
      this.#kick(conversation.id);
    }
    return { activityId: receipt.activityId, seq: receipt.seq, duplicate: receipt.duplicate };
  }

  /** Tells whoever follows that the citizen is typing. */
  typing(conversationId: string, from: ChannelAccount): void {
    this.log.transient(conversationId, { type: 'typing', from: { ...from, role: 'user' } });
  }

  /** Runs what a stopped or killed process left behind. Call once at start; resolves when the turns are queued. */
  async recover(): Promise<number> {
    const waiting = await conversationsWithPendingInbox(this.#tools.database.db);
    for (const conversationId of waiting) this.#kick(conversationId);
    return waiting.length;
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
    await this.settled();
  }

  /** Turns of one conversation run one after another: a new message waits for the running drain. */
  #kick(conversationId: string): void {
    const before = this.#queues.get(conversationId) ?? Promise.resolve();
    const drained = before.then(() => this.#drain(conversationId));
    this.#queues.set(conversationId, drained);
    drained.finally(() => {
      if (this.#queues.get(conversationId) === drained) this.#queues.delete(conversationId);
    });
  }

  async #drain(conversationId: string): Promise<void> {
    try {
      for (const row of await pendingInbox(this.#tools.database.db, conversationId)) {
        if (this.#closing) return;
        await this.#turn(row);
      }
    } catch (error) {
      // The inbox itself could not be read: the rows stay pending for the next message or the next start.
      this.#tools.reportDrain(error, conversationId);
    }
  }

  async #turn(row: InboxRow): Promise<void> {
    for (let attempt = row.attempts + 1; ; ) {
      try {
        this.#think(row);
        await runTurn(this.#tools, row);
        return;
      } catch (error) {
        if (error instanceof StateConflictError) {
          if (this.#closing) return;
          await delay(retryConflictMs);
          continue;
        }
        this.#tools.report(error, row);
        await countAttempt(this.#tools.database.db, row.id);
        if (attempt >= mostAttempts) return this.#giveUp(row, error);
        await delay(retryAfterMs * attempt);
        attempt++;
      }
    }
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

/** What a client sent, as the log keeps it: always from the citizen, never with a client's own id. */
function citizenActivity(incoming: IncomingActivity, conversation: Conversation): Activity {
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
