/**
 * Makes several processes on one database one house for whoever is connected: what one appends or shows live, the others hear at once.
 * Only news travel; contents are read from the log, so news that are lost, late or doubled do no harm.
 */
import type { Activity } from './activity.ts';
import { type News, pack, unpack } from './fan-out-wire.ts';
import type { HandoffDesk } from './handoff/desk.ts';
import type { ConversationLog, Elsewhere } from './log.ts';
import { lastSeqs } from './store/conversations.ts';
import type { Db } from './store/database.ts';
import { MAX_PAYLOAD, type Signals } from './store/signals.ts';

export interface FanOutOptions {
  readonly signals: Signals;
  readonly db: Db;
  readonly log: ConversationLog;
  /** Names this process among the others. */
  readonly id: string;
  /** Of the desk: told what another process changed there, without news when anything may have changed. */
  readonly desk: Pick<HandoffDesk, 'hearElsewhere' | 'onChange' | 'onNews'>;
  /** Another process stops and may leave messages without a turn. */
  readonly onWorkLeft: () => void;
  /** Hears that what was missed could not be read; it is tried again at the next beat. */
  readonly onError: (error: unknown) => void;
  /** How often to say that this process lives and to look whether news were lost; milliseconds. */
  readonly everyMs?: number;
  /** Monotonic milliseconds: a clock that is set must not bury anybody. */
  readonly monotonic?: () => number;
}

const defaultEveryMs = 5000;
/** Beats a process may miss before nobody counts on its followers any more. */
const missedBeats = 4;
/** News waiting to be sent; beyond this, readers' own looks at the log must do. */
const mostWaiting = 20_000;
const readAtOnce = 500;

export class FanOut implements Elsewhere {
  readonly #options: FanOutOptions;
  readonly #monotonic: () => number;
  /** By what it is about: newer news replace older ones, so a slow connection never falls behind for long. */
  readonly #waiting = new Map<string, News>();
  /** Processes we hear of: when last, and whom they follow. */
  readonly #others = new Map<string, { heardAt: number; follows: Set<string> }>();
  /** How far the followed conversations had grown at the last look. */
  #lastSeqs = new Map<string, number>();
  #sending: Promise<void> | undefined;
  #catching: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stops: (() => void)[] = [];

  constructor(options: FanOutOptions) {
    this.#options = options;
    this.#monotonic = options.monotonic ?? (() => performance.now());
  }

  /** Other processes that live, as far as is known here. */
  get others(): number {
    return this.#others.size;
  }

  start(): void {
    const { signals, log, desk, everyMs = defaultEveryMs } = this.#options;
    log.connect(this);
    this.#stops = [
      signals.listen({ heard: (payload) => this.#heard(payload), connected: () => this.#connected() }),
      desk.onChange((elsewhere) => elsewhere || this.#say('queue', { kind: 'queue' })),
      desk.onNews((news, elsewhere) => elsewhere || this.#say(`d ${JSON.stringify(news)}`, { kind: 'desk', news })),
    ];
    signals.start();
    this.#timer = setInterval(() => this.#beat(everyMs), everyMs);
    this.#timer.unref();
  }

  /** Says that this process goes, then hears nothing more. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#say('work', { kind: 'work' });
    await this.#sending;
    for (const stop of this.#stops) stop();
    await this.#catching;
  }

  appended(conversationId: string, seq: number): void {
    this.#say(`s ${conversationId}`, { kind: 'appended', conversationId, seq });
  }

  /** Travels only where somebody follows. */
  transient(conversationId: string, activity: Activity): void {
    if (!this.follows(conversationId)) return;
    const stream = String(activity.channelData?.streamId ?? activity.from.id);
    this.#say(`t ${conversationId} ${stream}`, { kind: 'transient', conversationId, activity });
  }

  /** Whether somebody is connected to the conversation in another process. */
  follows(conversationId: string): boolean {
    for (const { follows } of this.#others.values()) if (follows.has(conversationId)) return true;
    return false;
  }

  followed(conversationId: string, any: boolean): void {
    this.#say(`f ${conversationId}`, { kind: any ? 'follow' : 'unfollow', conversationId });
  }

  #say(about: string, news: News): void {
    if (!this.#options.signals.connected) return;
    // A later place, too: a message must not overtake what came before it.
    this.#waiting.delete(about);
    if (this.#waiting.size >= mostWaiting) return;
    this.#waiting.set(about, news);
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  async #send(): Promise<void> {
    const { signals, id } = this.#options;
    // Whatever this tick still has to say goes along.
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const news = [...this.#waiting.values()];
      this.#waiting.clear();
      try {
        await signals.send(pack(id, news, MAX_PAYLOAD));
      } catch {
        // Cut off: the others look for themselves at their next beat, and hear from us when we are back.
        this.#waiting.clear();
        return;
      }
    }
  }

  #heard(payload: string): void {
    const said = unpack(payload);
    if (!said || said.from === this.#options.id) return;
    const known = this.#others.get(said.from);
    const other = known ?? { heardAt: 0, follows: new Set<string>() };
    other.heardAt = this.#monotonic();
    if (!known) {
      this.#others.set(said.from, other);
      // What it follows may be news we missed, unless it has just said hello itself.
      if (!said.news.some(({ kind }) => kind === 'hello')) this.#say('hello', { kind: 'hello' });
      this.#introduce();
    }
    for (const news of said.news) this.#understand(news, other.follows, known !== undefined);
  }

  #understand(news: News, follows: Set<string>, known: boolean): void {
    const { log, desk, onWorkLeft } = this.#options;
    switch (news.kind) {
      case 'appended':
        log.hear(news.conversationId, { kind: 'appended', seq: news.seq });
        break;
      case 'transient':
        log.hear(news.conversationId, { kind: 'transient', activity: news.activity });
        break;
      case 'follow':
        follows.add(news.conversationId);
        break;
      case 'unfollow':
        follows.delete(news.conversationId);
        break;
      case 'hello':
        // Whom it follows comes anew right behind.
        follows.clear();
        if (known) this.#introduce();
        break;
      case 'queue':
        desk.hearElsewhere();
        break;
      case 'desk':
        desk.hearElsewhere(news.news);
        break;
      case 'work':
        onWorkLeft();
        break;
      case 'alive':
        break;
    }
  }

  /** Tells whom we follow. */
  #introduce(): void {
    for (const id of this.#options.log.followed()) this.followed(id, true);
    this.#say('alive', { kind: 'alive' });
  }

  #connected(): void {
    this.#others.clear();
    this.#say('hello', { kind: 'hello' });
    this.#introduce();
    this.#catchUp();
    this.#options.desk.hearElsewhere();
  }

  #beat(everyMs: number): void {
    const now = this.#monotonic();
    for (const [id, { heardAt }] of this.#others) if (now - heardAt > missedBeats * everyMs) this.#others.delete(id);
    this.#say('alive', { kind: 'alive' });
    this.#catchUp();
  }

  /** Looks how far the followed conversations have grown: a process may have died between its commit and its news. */
  #catchUp(): void {
    this.#catching ??= this.#look()
      .catch(this.#options.onError)
      .finally(() => {
        this.#catching = undefined;
      });
  }

  async #look(): Promise<void> {
    const { db, log } = this.#options;
    const ids = log.followed();
    const before = this.#lastSeqs;
    this.#lastSeqs = new Map();
    for (let from = 0; from < ids.length; from += readAtOnce) {
      for (const { id, lastSeq } of await lastSeqs(db, ids.slice(from, from + readAtOnce))) {
        this.#lastSeqs.set(id, lastSeq);
        if (before.get(id) !== lastSeq) log.hear(id, { kind: 'appended', seq: lastSeq });
      }
    }
  }
}
