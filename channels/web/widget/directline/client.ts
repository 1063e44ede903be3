/**
 * The widget's Direct Line client: connects, catches up by watermark, follows over WebSocket (or polls where sockets do not get
 * through), reconnects by itself, and loses nothing in either direction.
 */
import type { Activity } from '../../../../bot/activity.ts';
import { type ActivitySet, DirectLineApi, DirectLineError, type Fetch } from './api.ts';
import { backoff } from './backoff.ts';
import { Outbox, type OutboxItem } from './outbox.ts';
import { type Session, SessionKeeper } from './session.ts';
import { openStream, type SocketFactory } from './socket.ts';
import type { KeyValueStore } from './storage.ts';

export type ConnectionState = 'idle' | 'connecting' | 'online' | 'reconnecting' | 'refused';

export interface ClientListener {
  /** New activities of the log, each once, in order. */
  onActivities(activities: Activity[]): void;
  /** Typing and streaming activities: shown now, kept nowhere. */
  onTransient(activity: Activity): void;
  onState(state: ConnectionState): void;
  onOutbox(items: readonly OutboxItem[]): void;
  /** Another conversation begins: what was shown belongs to the old one. */
  onReset(): void;
}

export interface ClientOptions {
  readonly endpoint: string;
  readonly store: KeyValueStore;
  readonly userToken?: string | undefined;
  readonly locale: () => string;
  readonly fetch: Fetch;
  readonly socket: SocketFactory | undefined;
  readonly now: () => number;
  readonly random: () => number;
  readonly newId: () => string;
  readonly listener: ClientListener;
}

const POLL = 2_000;
const END_TRIES = 6;
const SOCKET_TRIES = 3;
const STABLE = 10_000;
/** After this long on polling the WebSocket gets another chance. */
const POLLING_SPELL = 120_000;

export class DirectLineClient {
  readonly #options: ClientOptions;
  readonly #api: DirectLineApi;
  readonly #sessions: SessionKeeper;
  readonly #outbox: Outbox;
  readonly #seen = new Set<string>();
  #watermark: string | undefined;
  #state: ConnectionState = 'idle';
  #socketFailures = 0;
  /** Grows when the loop must start over; a loop of an older round ends. */
  #round = 0;
  #wake: () => void = () => undefined;
  #drop: () => void = () => undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    const { store, now, newId, locale, userToken, random, listener } = options;
    this.#api = new DirectLineApi(options.endpoint, options.fetch);
    this.#sessions = new SessionKeeper({ api: this.#api, store, now, newId, locale, userToken });
    this.#outbox = new Outbox({
      store,
      random,
      post: (item) => this.#post(item),
      onUnauthorised: () => this.#drop(),
      onChange: (items) => listener.onOutbox(items),
    });
  }

  /** Whether this browser already holds a conversation. */
  get hasConversation(): boolean {
    return this.#sessions.current !== undefined;
  }

  get outbox(): readonly OutboxItem[] {
    return this.#outbox.items;
  }

  /** Starts connecting; harmless when already started. */
  connect(): void {
    if (this.#state === 'idle') void this.#run(++this.#round);
  }

  /** The network is said to be back: do not wait for the next attempt. */
  hurry(): void {
    if (this.#state === 'refused') this.#setState('idle');
    this.connect();
    this.#wake();
  }

  /** The network is said to be gone. */
  lost(): void {
    this.#drop();
  }

  /** Queues an activity of the citizen and returns its clientActivityID. */
  send(activity: Omit<Activity, 'from'>, file?: File): string {
    const { newId, now, locale } = this.#options;
    const id = newId();
    const full: Activity = {
      ...activity,
      from: { id: this.#sessions.userId, role: 'user' },
      locale: locale(),
      channelData: { ...activity.channelData, clientActivityID: id },
    };
    this.#outbox.add({ id, createdAt: now(), activity: full, status: 'waiting', ...(file ? { file } : {}) });
    return id;
  }

  /** Tells whoever follows that the citizen is writing; lost without a word when it cannot be told now. */
  typing(): void {
    const { current, userId } = this.#sessions;
    if (this.#state !== 'online' || !current) return;
    const activity: Activity = { type: 'typing', from: { id: userId, role: 'user' } };
    this.#api.post(current.token, current.conversationId, activity).catch(() => undefined);
  }

  retry(id: string): void {
    this.#outbox.retry(id);
  }

  discard(id: string): void {
    this.#outbox.remove(id);
  }

  /** Leaves the conversation for good and begins another. */
  restart(): void {
    this.close();
    this.#outbox.clear();
    this.#sessions.forget();
    this.#reset();
    this.connect();
  }

  /** The citizen has left a public terminal: the conversation ends on the server too, and the next one is somebody else's. */
  leave(): void {
    const { current, userId } = this.#sessions;
    if (current) void this.#end(current, userId);
    this.close();
    this.#outbox.clear();
    this.#sessions.forgetCitizen();
    this.#reset();
  }

  /** Tells the server, a few times if need be; it ends by itself what it never hears of. */
  async #end({ token, conversationId }: Session, userId: string): Promise<void> {
    for (let attempt = 0; attempt < END_TRIES; attempt++) {
      try {
        await this.#api.end(token, conversationId, userId);
        return;
      } catch (error) {
        if (error instanceof DirectLineError && !error.temporary) return;
        await new Promise((resolve) => setTimeout(resolve, backoff(attempt, this.#options.random)));
      }
    }
  }

  /** Ends the connection; `connect` takes it up again. */
  close(): void {
    this.#round++;
    this.#setState('idle');
    this.#drop();
    this.#wake();
  }

  async #run(round: number): Promise<void> {
    const alive = (): boolean => round === this.#round;
    for (let attempt = 0; alive(); attempt++) {
      this.#setState(this.#watermark === undefined ? 'connecting' : 'reconnecting');
      try {
        const opened = await this.#sessions.open(this.#watermark);
        if (!alive()) return;
        if (opened === 'new' && this.#watermark !== undefined) this.#reset();
        await this.#catchUp(alive);
        if (!alive()) return;
        const since = this.#options.now();
        this.#setState('online');
        await this.#follow(alive);
        if (this.#options.now() - since > STABLE) attempt = -1;
      } catch (error) {
        if (!alive()) return;
        if (error instanceof DirectLineError && !error.temporary && !error.unauthorised && error.status !== 404) {
          this.#setState('refused');
          return;
        }
        if (error instanceof DirectLineError && error.unauthorised && !this.hasConversation) {
          this.#setState('refused');
          return;
        }
      }
      if (!alive()) return;
      this.#setState('reconnecting');
      await this.#pause(backoff(Math.max(attempt, 0), this.#options.random));
    }
  }

  /** Reads the log from the watermark to its end. */
  async #catchUp(alive: () => boolean): Promise<void> {
    for (;;) {
      const { token, conversationId } = this.#session();
      const before = this.#watermark;
      const set = await this.#api.activities(token, conversationId, before);
      if (!alive()) return;
      this.#take(set);
      this.#watermark ??= '0';
      if (set.activities.length === 0 || this.#watermark === before) return;
    }
  }

  /** Follows until the connection is lost. */
  async #follow(alive: () => boolean): Promise<void> {
    const stopRefreshing = this.#keepTokenFresh();
    const { streamUrl } = this.#session();
    const { socket } = this.#options;
    try {
      if (socket && streamUrl !== undefined && this.#socketFailures < SOCKET_TRIES) {
        const stream = openStream(withWatermark(streamUrl, this.#watermark), socket, (set) => alive() && this.#take(set));
        this.#drop = stream.close;
        const { opened } = await stream.ended;
        this.#socketFailures = opened ? 0 : this.#socketFailures + 1;
      } else {
        await this.#poll(alive);
        this.#socketFailures = 0;
      }
    } finally {
      this.#drop = () => undefined;
      stopRefreshing();
    }
  }

  async #poll(alive: () => boolean): Promise<void> {
    const end = this.#options.now() + POLLING_SPELL;
    let dropped = false;
    this.#drop = () => {
      dropped = true;
      this.#wake();
    };
    while (alive() && !dropped && this.#options.now() < end) {
      await this.#pause(POLL);
      if (alive() && !dropped) await this.#catchUp(alive);
    }
  }

  #keepTokenFresh(): () => void {
    let timer: ReturnType<typeof setTimeout>;
    const plan = (): void => {
      const left = this.#session().expiresAt - this.#options.now();
      timer = setTimeout(() => void this.#sessions.refresh().then(plan, () => undefined), Math.max(10_000, left * 0.6));
    };
    plan();
    return () => clearTimeout(timer);
  }

  /** Hands on what was not seen before. Own messages that come back leave the outbox. */
  #take(set: ActivitySet): void {
    const fresh: Activity[] = [];
    for (const activity of set.activities) {
      if (activity.type === 'typing') {
        this.#options.listener.onTransient(activity);
        continue;
      }
      if (activity.id !== undefined && this.#seen.has(activity.id)) continue;
      if (activity.id !== undefined) this.#seen.add(activity.id);
      fresh.push(activity);
    }
    if (set.watermark !== undefined && set.watermark !== '') this.#watermark = set.watermark;
    if (fresh.length > 0) this.#options.listener.onActivities(fresh);
    for (const activity of fresh) {
      const echo = activity.channelData?.clientActivityID;
      if (typeof echo === 'string') this.#outbox.remove(echo);
    }
  }

  #post(item: OutboxItem): Promise<unknown> {
    const { token, conversationId } = this.#session();
    if (item.file) return this.#api.upload(token, conversationId, withoutLocalFiles(item.activity), item.file);
    return this.#api.post(token, conversationId, item.activity);
  }

  #session(): Session {
    const session = this.#sessions.current;
    if (!session) throw new DirectLineError(401, 'No conversation is open');
    return session;
  }

  #reset(): void {
    this.#watermark = undefined;
    this.#seen.clear();
    this.#options.listener.onReset();
  }

  #setState(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.listener.onState(state);
    this.#outbox.setOnline(state === 'online');
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The activity that travels with an upload: its attachment is the file itself, not the browser's preview address. */
function withoutLocalFiles(activity: Activity): Activity {
  const { attachments: _preview, ...rest } = activity;
  return rest;
}

function withWatermark(streamUrl: string, watermark: string | undefined): string {
  const url = new URL(streamUrl);
  url.searchParams.set('watermark', watermark ?? '0');
  return url.href;
}
