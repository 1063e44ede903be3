/** The conversation log as the rest of the house uses it: append inside a transaction, announce after commit, follow live. */
import { EventEmitter } from 'node:events';
import type { Activity, LoggedActivity } from './activity.ts';
import { appendActivities, readActivities } from './store/activities.ts';
import type { Db, OpenDatabase } from './store/database.ts';
import { enqueueOutbox } from './store/outbox.ts';

/** What a follower hears: `appended` = the log grew to `seq`; `transient` = a typing or streaming activity that is not logged. */
export type LiveEvent = { kind: 'appended'; seq: number } | { kind: 'transient'; activity: Activity };

export interface LogOptions {
  readonly database: OpenDatabase;
  readonly now: () => number;
  /** Channels that must be pushed to (outbox); all others read the log themselves. */
  readonly pushChannels: ReadonlySet<string>;
}

export class ConversationLog {
  readonly #options: LogOptions;
  readonly #live = new EventEmitter().setMaxListeners(0);

  constructor(options: LogOptions) {
    this.#options = options;
  }

  /** Appends outgoing or incoming activities inside `tx`; outgoing ones of push channels also enter the outbox. */
  async append(tx: Db, conversation: { id: string; channel: string }, activities: readonly Activity[]): Promise<LoggedActivity[]> {
    const now = this.#options.now();
    const logged = await appendActivities(tx, conversation.id, activities, now);
    if (this.#options.pushChannels.has(conversation.channel)) {
      const outgoing = logged.filter((activity) => activity.from.role === 'bot');
      await enqueueOutbox(
        tx,
        outgoing.map((activity) => ({
          channel: conversation.channel,
          conversationId: conversation.id,
          activityId: activity.id,
          seq: activity.seq,
        })),
        now,
      );
    }
    return logged;
  }

  /** Call after the transaction has committed: tells followers up to where they may read. */
  announce(conversationId: string, seq: number): void {
    this.#live.emit(conversationId, { kind: 'appended', seq } satisfies LiveEvent);
    this.#live.emit('*', conversationId, { kind: 'appended', seq } satisfies LiveEvent);
  }

  /** Sends a typing or streaming activity to whoever is connected now; nobody else will ever see it. */
  transient(conversationId: string, activity: Activity): void {
    this.#live.emit(conversationId, { kind: 'transient', activity } satisfies LiveEvent);
  }

  /** Activities with seq > `afterSeq`, ascending, at most `limit` (default 200). */
  read(conversationId: string, afterSeq: number, limit = 200): Promise<LoggedActivity[]> {
    return readActivities(this.#options.database.db, conversationId, afterSeq, limit);
  }

  /** Hears a conversation's live events until the returned function is called. */
  follow(conversationId: string, listener: (event: LiveEvent) => void): () => void {
    this.#live.on(conversationId, listener);
    return () => this.#live.off(conversationId, listener);
  }

  /** Hears of every append in any conversation (outbox sender, desk). */
  followAll(listener: (conversationId: string, event: LiveEvent) => void): () => void {
    this.#live.on('*', listener);
    return () => this.#live.off('*', listener);
  }

  /** Whether somebody is connected to the conversation right now. */
  hasFollowers(conversationId: string): boolean {
    return this.#live.listenerCount(conversationId) > 0;
  }
}
