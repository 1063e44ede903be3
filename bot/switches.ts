/** What is switched off right now, as this process last read it: asked on every turn, so it must cost nothing. */
import type { OpenDatabase } from './store/database.ts';
import { switchStates } from './store/switches.ts';

export const MODEL_SWITCH = 'model';
export const channelSwitch = (channel: string): string => `channel:${channel}`;

export class Switches {
  readonly #database: OpenDatabase;
  readonly #onError: (error: unknown) => void;
  #off: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;

  constructor(database: OpenDatabase, onError: (error: unknown) => void) {
    this.#database = database;
    this.#onError = onError;
  }

  isOff(name: string): boolean {
    return this.#off.has(name);
  }

  /** Reads the states now. While the store can't be read, what was known last holds. */
  refresh(): Promise<void> {
    this.#reading ??= switchStates(this.#database.db)
      .then((states) => {
        this.#off = new Set(states.filter(({ state }) => state === 'off').map(({ name }) => name));
      }, this.#onError)
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }

  /** Looks again every so often, milliseconds. */
  start(everyMs: number): void {
    this.#timer = setInterval(() => void this.refresh(), everyMs).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#reading;
  }
}
