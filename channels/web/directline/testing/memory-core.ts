/** A small core in memory for this channel's tests: a real log with real live events, and answers from a script. */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Activity, IncomingActivity, LoggedActivity } from '../../../../bot/activity.ts';
import type { LiveEvent } from '../../../../bot/log.ts';
import type { ConversationSummary, DirectLineCore } from '../options.ts';

/** What the bot says to a message: activities one after another; a number is a pause in milliseconds; `live` ones are not logged. */
export type Script = (activity: IncomingActivity) => readonly (number | Activity | { live: Activity })[];

export const bot = { id: 'wenban', name: '小问', role: 'bot' } as const;
export const says = (text: string): Activity => ({ type: 'message', from: bot, text });

export class MemoryCore implements DirectLineCore {
  readonly conversations = new Map<string, ConversationSummary & { ended?: boolean; locale?: string | undefined }>();
  readonly received: IncomingActivity[] = [];
  readonly typed: string[] = [];
  /** How often the log was read. */
  reads = 0;
  readonly #logs = new Map<string, LoggedActivity[]>();
  readonly #messages = new Map<string, LoggedActivity>();
  readonly #live = new EventEmitter().setMaxListeners(0);
  readonly #script: Script;
  #turns: Promise<void> = Promise.resolve();

  constructor(script: Script = () => []) {
    this.#script = script;
  }

  readonly log = {
    read: async (id: string, after: number, limit = 200): Promise<LoggedActivity[]> => {
      this.reads++;
      const found = (this.#logs.get(id) ?? []).filter((activity) => activity.seq > after).slice(0, limit);
      // As a database does: what is appended while the answer is on its way is not in it.
      await sleep(0);
      return found;
    },
    follow: (id: string, listener: (event: LiveEvent) => void): (() => void) => {
      this.#live.on(id, listener);
      return () => this.#live.off(id, listener);
    },
  };

  followers(id: string): number {
    return this.#live.listenerCount(id);
  }

  /** `whole`: the event brings the activity with it. */
  append(id: string, activity: Activity, announce: boolean | 'whole' = true): LoggedActivity {
    const log = this.#logs.get(id) ?? [];
    this.#logs.set(id, log);
    const seq = log.length + 1;
    const entry: LoggedActivity = {
      ...activity,
      id: `${id}|${String(seq).padStart(7, '0')}`,
      timestamp: new Date().toISOString(),
      conversation: { id },
      seq,
    };
    log.push(entry);
    if (announce)
      this.#live.emit(id, { kind: 'appended', seq, ...(announce === 'whole' ? { activities: [entry] } : {}) } satisfies LiveEvent);
    return entry;
  }

  live(id: string, activity: Activity): void {
    this.#live.emit(id, { kind: 'transient', activity } satisfies LiveEvent);
  }

  async openConversation(input: { id?: string; channel: string; userId: string; locale?: string }) {
    const id = input.id ?? crypto.randomUUID();
    const existing = this.conversations.get(id);
    if (existing) return { conversation: existing, created: false };
    const conversation = { id, channel: input.channel, userId: input.userId, locale: input.locale };
    this.conversations.set(id, conversation);
    this.append(id, says('您好，我是小问。'));
    return { conversation, created: true };
  }

  async receive({ conversationId, messageId, activity }: { conversationId: string; messageId: string; activity: IncomingActivity }) {
    const conversation = this.conversations.get(conversationId);
    if (!conversation) return { error: 'unknown_conversation' } as const;
    if (conversation.ended) return { error: 'ended' } as const;
    const first = this.#messages.get(messageId);
    if (first) return { activityId: first.id, seq: first.seq, duplicate: true };
    this.received.push(activity);
    const logged = this.append(conversationId, activity as Activity);
    this.#messages.set(messageId, logged);
    this.#turns = this.#turns.then(() => this.#answer(conversationId, activity));
    return { activityId: logged.id, seq: logged.seq, duplicate: false };
  }

  settled(): Promise<void> {
    return this.#turns;
  }

  typing(conversationId: string): void {
    this.typed.push(conversationId);
  }

  async #answer(id: string, activity: IncomingActivity): Promise<void> {
    for (const step of this.#script(activity)) {
      if (typeof step === 'number') await sleep(step);
      else if ('live' in step) this.live(id, step.live);
      else this.append(id, step);
    }
  }
}
