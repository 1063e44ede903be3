/** Everything the widget shows, in one immutable value; whoever draws it is told of each change once per microtask. */
import type { Activity } from '../../../../bot/activity.ts';
import type { ClientListener, ConnectionState } from '../directline/client.ts';
import type { OutboxItem } from '../directline/outbox.ts';

/** A reply that is still being written. */
export interface LiveReply {
  readonly text: string;
  /** What the assistant says it is doing, e.g. “正在查办事指南…”. */
  readonly informative?: string;
}

export interface ChatState {
  readonly connection: ConnectionState;
  /** The log as the server told it, in order. */
  readonly activities: readonly Activity[];
  readonly outbox: readonly OutboxItem[];
  readonly live: LiveReply | undefined;
  readonly typing: boolean;
  /** False until the history has arrived once. */
  readonly caughtUp: boolean;
  /** Bot and agent messages that came while the panel was closed. */
  readonly unread: number;
  readonly open: boolean;
}

const EMPTY: ChatState = {
  connection: 'idle',
  activities: [],
  outbox: [],
  live: undefined,
  typing: false,
  caughtUp: false,
  unread: 0,
  open: false,
};

/** Typing that is not renewed is over. */
const TYPING_LASTS = 8_000;
const LIVE_LASTS = 60_000;

export class ChatStore implements ClientListener {
  #state: ChatState = EMPTY;
  #queued = false;
  #ended = new Set<string>();
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #draw: (state: ChatState) => void;

  constructor(draw: (state: ChatState) => void) {
    this.#draw = draw;
  }

  get state(): ChatState {
    return this.#state;
  }

  set(change: Partial<ChatState>): void {
    this.#state = { ...this.#state, ...change };
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.#draw(this.#state);
    });
  }

  setOpen(open: boolean): void {
    this.set(open ? { open, unread: 0 } : { open });
  }

  onActivities(activities: Activity[]): void {
    const messages = activities.filter((activity) => activity.type === 'message' && activity.from.role === 'bot');
    for (const { channelData } of messages) if (typeof channelData?.streamId === 'string') this.#ended.add(channelData.streamId);
    const { open, caughtUp, unread } = this.#state;
    this.set({
      activities: [...this.#state.activities, ...activities],
      ...(open || !caughtUp ? {} : { unread: unread + messages.length }),
    });
    if (messages.length > 0) this.#quiet();
  }

  onTransient(activity: Activity): void {
    if (activity.from.role !== 'bot') return;
    const { streamType, streamId } = activity.channelData ?? {};
    if (typeof streamId === 'string') {
      // A late chunk of a reply that already stands in the log.
      if (this.#ended.has(streamId)) return;
      const text = activity.text ?? '';
      this.set({ typing: false, live: streamType === 'informative' ? { text: '', informative: text } : { text } });
      this.#quietAfter(LIVE_LASTS);
    } else if (!this.#state.live) {
      this.set({ typing: true });
      this.#quietAfter(TYPING_LASTS);
    }
  }

  onState(connection: ConnectionState): void {
    this.set(connection === 'online' ? { connection, caughtUp: true } : { connection });
    if (connection !== 'online') this.#quiet();
  }

  onOutbox(outbox: readonly OutboxItem[]): void {
    this.set({ outbox });
  }

  onReset(): void {
    this.set({ activities: [], live: undefined, typing: false, caughtUp: false, unread: 0 });
  }

  #quiet(): void {
    clearTimeout(this.#typingTimer);
    if (this.#state.live || this.#state.typing) this.set({ live: undefined, typing: false });
  }

  #quietAfter(milliseconds: number): void {
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.#quiet(), milliseconds);
  }
}
