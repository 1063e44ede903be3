/** Feeds one socket from the log: first what it missed, then live, in order, nothing twice and nothing left out. */
import type { Activity, LoggedActivity } from '../../../bot/activity.ts';
import type { LiveEvent } from '../../../bot/log.ts';
import type { ReadableLog } from './options.ts';

const BATCH = 50;
const MAX_QUEUE = 1000;

/** The socket as the pump sees it. */
export interface Sink {
  /** Resolves when the bytes have left this process or never will; does not reject. */
  send(text: string): Promise<void>;
  /** Bytes accepted by send but not yet gone. */
  buffered(): number;
  /** Ends the connection at once. */
  cut(reason: 'slow' | 'error', error?: unknown): void;
}

export interface PumpOptions {
  readonly log: ReadableLog;
  readonly conversationId: string;
  /** The client has everything up to this seq. */
  readonly after: number;
  readonly sink: Sink;
  readonly maxBuffered: number;
  readonly presentLogged: (activities: readonly LoggedActivity[]) => Activity[];
  readonly presentTransient: (activity: Activity) => Activity;
}

export interface Pump {
  /** Looks whether the log has grown without anybody saying so (another process wrote to it). */
  check(): void;
  stop(): void;
}

/**
 * Starts feeding. What an event does not bring in full is read from the log by seq, so a lost or repeated event does no harm.
 * An `appended` event is followed up to its seq only: live activities then keep their place between logged ones.
 */
export function startPump(options: PumpOptions): Pump {
  const { log, conversationId, sink } = options;
  const queue: LiveEvent[] = [];
  let cursor = options.after;
  let behind = true;
  let caughtUp = false;
  let running = false;
  let stopped = false;

  async function readUpTo(seq: number, wait: boolean): Promise<void> {
    while (!stopped && cursor < seq) {
      const batch = (await log.read(conversationId, cursor, BATCH)).filter((activity) => activity.seq <= seq);
      if (batch.length === 0 || stopped) return;
      const sent = send(batch);
      if (wait) await sent;
    }
  }

  function send(batch: readonly LoggedActivity[]): Promise<void> {
    cursor = batch.at(-1)?.seq ?? cursor;
    return sink.send(JSON.stringify({ activities: options.presentLogged(batch), watermark: String(cursor) }));
  }

  /** What was just stored need not be read again, where it is all that the client lacks. */
  function appended({ seq, activities = [] }: Extract<LiveEvent, { kind: 'appended' }>): Promise<void> | undefined {
    const whole = activities[0]?.seq === cursor + 1 && activities.at(-1)?.seq === seq && activities.length === seq - cursor;
    if (!whole) return readUpTo(seq, false);
    void send(activities);
    return undefined;
  }

  async function drain(): Promise<void> {
    if (running) return;
    running = true;
    try {
      while (!stopped) {
        if (behind) {
          behind = false;
          // A long history is sent at the client's pace; only live traffic can make it "slow".
          await readUpTo(Number.POSITIVE_INFINITY, true);
          caughtUp = true;
          continue;
        }
        const event = queue.shift();
        if (!event) break;
        if (event.kind === 'appended') await appended(event);
        else void sink.send(JSON.stringify({ activities: [options.presentTransient(event.activity)] }));
      }
    } catch (error) {
      stop();
      sink.cut('error', error);
    } finally {
      running = false;
    }
  }

  function hear(event: LiveEvent): void {
    if (stopped) return;
    if (sink.buffered() > options.maxBuffered) {
      stop();
      sink.cut('slow');
      return;
    }
    if (event.kind === 'transient') {
      // The citizen's own typing is for the others; live hints older than the history just sent would only confuse.
      if (event.activity.from.role === 'user' || !caughtUp || queue.length >= MAX_QUEUE) return;
    } else if (queue.length >= MAX_QUEUE) {
      queue.length = 0;
      behind = true;
    }
    queue.push(event);
    void drain();
  }

  const unfollow = log.follow(conversationId, hear);
  function stop(): void {
    stopped = true;
    queue.length = 0;
    unfollow();
  }
  void drain();
  return {
    check() {
      behind = true;
      void drain();
    },
    stop,
  };
}
