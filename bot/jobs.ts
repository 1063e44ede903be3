/** What a house does by itself every so often: each job in one process at a time, and known by when it last went well. */
import type { Signals } from './store/signals.ts';

export interface JobsOptions {
  /** To other processes on the same database; undefined: there are none. */
  readonly signals: Signals | undefined;
  readonly onError: (error: unknown, job: string) => void;
  /** Monotonic milliseconds. */
  readonly monotonic?: () => number;
}

/** How a job stands in this process. */
export interface JobState {
  readonly name: string;
  readonly everyMs: number;
  /** Milliseconds since it last went well, here or because another process was at it; since it was set up when it never has. */
  readonly sinceMs: number;
  /** Why the last try failed. */
  readonly error: string | undefined;
}

interface Job {
  readonly everyMs: number;
  readonly timer: NodeJS.Timeout;
  running: Promise<void> | undefined;
  wellAt: number;
  error: string | undefined;
}

export class Jobs {
  readonly #options: JobsOptions;
  readonly #monotonic: () => number;
  readonly #jobs = new Map<string, Job>();

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#monotonic = options.monotonic ?? (() => performance.now());
  }

  /**
   * Does `work` every `everyMs`, never twice at once. Without word from other processes it may run in several: work must be safe by itself,
   * being alone only spares the others the trouble.
   */
  every(name: string, everyMs: number, work: () => Promise<unknown>): void {
    const timer = setInterval(() => {
      job.running ??= this.#run(name, job, work).finally(() => {
        job.running = undefined;
      });
    }, everyMs);
    timer.unref();
    const job: Job = { everyMs, timer, running: undefined, wellAt: this.#monotonic(), error: undefined };
    this.#jobs.set(name, job);
  }

  /** How every job stands. */
  states(): JobState[] {
    const now = this.#monotonic();
    return [...this.#jobs].map(([name, { everyMs, wellAt, error }]) => ({ name, everyMs, sinceMs: now - wellAt, error }));
  }

  /** Starts nothing more; resolves when what runs has ended. */
  async close(): Promise<void> {
    for (const { timer } of this.#jobs.values()) clearInterval(timer);
    await Promise.all([...this.#jobs.values()].map(({ running }) => running));
  }

  async #run(name: string, job: Job, work: () => Promise<unknown>): Promise<void> {
    const { signals, onError } = this.#options;
    const lock = `job ${name}`;
    try {
      const locked = signals ? await signals.tryLock(lock) : 'unknown';
      if (locked !== 'elsewhere') {
        try {
          await work();
        } finally {
          if (locked === 'taken') await signals?.unlock(lock);
        }
      }
      job.wellAt = this.#monotonic();
      job.error = undefined;
    } catch (error) {
      job.error = error instanceof Error ? error.message : String(error);
      onError(error, name);
    }
  }
}
