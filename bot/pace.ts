/**
 * How fast a conversation on a chat channel may go: whoever floods it is told so once a minute, what they write is kept, and the machine
 * has time for others.
 */
import type { Allowances } from './allowances.ts';
import type { OpenDatabase } from './store/database.ts';
import { takeAllowance } from './store/rate-limits.ts';

export interface PaceOptions {
  readonly database: OpenDatabase;
  readonly allowances: Allowances;
  readonly now: () => number;
  /** Messages of one conversation in a minute. */
  readonly perMinute: number;
}

const windowMs = 60_000;

export class Pace {
  readonly #options: PaceOptions;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** What a further message of a conversation gets: undefined: its turn · tell: a word that it is too fast · silent: that was said already. */
  async of(conversationId: string): Promise<'tell' | 'silent' | undefined> {
    const { database, allowances, now, perMinute } = this.#options;
    const { used } = await allowances.use(`pace ${conversationId}`, { limit: perMinute, windowMs });
    if (used <= perMinute) return undefined;
    const told = await takeAllowance(database.db, `pace told ${conversationId}`, { limit: 1, windowMs }, now());
    return told === 0 ? 'tell' : 'silent';
  }
}
