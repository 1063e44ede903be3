/** What every command of the command line gets, and how it says that it was called wrongly. */
import type { Config } from '../config.ts';

export interface CommandTools {
  /** Turns an exit code or an error into the process's own. */
  readonly run: <A extends unknown[]>(work: (...args: A) => Promise<number | undefined>) => (...args: A) => Promise<void>;
  /** Ends the process with words when the configuration is wrong. */
  readonly configured: () => Config;
}

/** The exit code of bad usage or configuration. */
export const badUsage = 2;
