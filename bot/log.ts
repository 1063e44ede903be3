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

/** Other processes on the same database: what happens here is told to them, what they follow counts here. */
export interface Elsewhere {
  appended(conversationId: string, seq: number): void;
  transient(conversationId: string, activity: Activity): void;
  /** Whether somebody is connected to the conversation there. */
  follows(conversationId: string): boolean;
  /** The first follower came here (`any`), or the last one left. */
  followed(conversationId: string, any: boolean): void;
}

const everybody = '*';
const outbox = '>';

export class ConversationLog {
  readonly #options: LogOptions;
  readonly #live = new EventEmitter().setMaxListeners(0);
  /** Conversations with rows in the outbox that nobody has announced yet, and the number of the last one. */
  readonly #queued = new Map<string, number>();
  #elsewhere: Elsewhere | undefined;

  constructor(options: LogOptions) {
    this.#options = options;
  }

  /** Appends outgoing or incoming activities inside `tx`; outgoing ones of push channels also enter the outbox. */
  async append(tx: Db, conversation: { id: string; channel: string }, activities: readonly Activity[]): Promise<LoggedActivity[]> {
    const now = this.#options.now();
    const logged = await appendActivities(tx, conversation.id, activities, now);
    if (this.#options.pushChannels.has(conversation.channel)) {
      const outgoing = logged.filter((activity) => activity.from.role === 'bot');
      const last = outgoing.at(-1);
      if (last) this.#queued.set(conversation.id, last.seq);
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

  /** From now on other processes take part. */
  connect(elsewhere: Elsewhere): void {
    this.#elsewhere = elsewhere;
  }

  /** Call after the transaction has committed: tells followers, here and elsewhere, up to where they may read. */
  announce(conversationId: string, seq: number): void {
    this.#tell(conversationId, { kind: 'appended', seq });
    // What is announced meanwhile has a smaller number.
    if (seq >= (this.#queued.get(conversationId) ?? Number.POSITIVE_INFINITY)) {
      this.#queued.delete(conversationId);
      this.#live.emit(outbox);
    }
    this.#elsewhere?.appended(conversationId, seq);
  }

  /** Sends a typing or streaming activity to whoever is connected now; nobody else will ever see it. */
  transient(conversationId: string, activity: Activity): void {
    this.#tell(conversationId, { kind: 'transient', activity });
    this.#elsewhere?.transient(conversationId, activity);
  }

  /** Tells the followers in this process what happened elsewhere. */
  hear(conversationId: string, event: LiveEvent): void {
    this.#tell(conversationId, event);
    if (event.kind === 'appended') this.#live.emit(outbox);
  }

  #tell(conversationId: string, event: LiveEvent): void {
    this.#live.emit(conversationId, event);
    if (event.kind === 'appended') this.#live.emit(everybody, conversationId, event);
  }

  /** Activities with seq > `afterSeq`, ascending, at most `limit` (default 200). */
  read(conversationId: string, afterSeq: number, limit = 200): Promise<LoggedActivity[]> {
    return readActivities(this.#options.database.db, conversationId, afterSeq, limit);
  }

  /** Hears a conversation's live events until the returned function is called. */
  follow(conversationId: string, listener: (event: LiveEvent) => void): () => void {
    if (this.#live.listenerCount(conversationId) === 0) this.#elsewhere?.followed(conversationId, true);
    this.#live.on(conversationId, listener);
    let following = true;
    return () => {
      if (!following) return;
      following = false;
      this.#live.off(conversationId, listener);
      if (this.#live.listenerCount(conversationId) === 0) this.#elsewhere?.followed(conversationId, false);
    };
  }

  /** Conversations that somebody follows in this process. */
  followed(): string[] {
    return this.#live.eventNames().filter((name): name is string => typeof name === 'string' && name !== everybody && name !== outbox);
  }

  /** Hears when there may be something new in the outbox. */
  followOutbox(listener: () => void): () => void {
    this.#live.on(outbox, listener);
    return () => this.#live.off(outbox, listener);
  }

  /** Hears of every append in any conversation (desk). */
  followAll(listener: (conversationId: string, event: LiveEvent) => void): () => void {
    this.#live.on(everybody, listener);
    return () => this.#live.off(everybody, listener);
  }

  /** Whether somebody is connected to the conversation right now, in any process. */
  hasFollowers(conversationId: string): boolean {
    return this.#live.listenerCount(conversationId) > 0 || (this.#elsewhere?.follows(conversationId) ?? false);
  }
}
