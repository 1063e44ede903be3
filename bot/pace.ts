/**
 * How fast a conversation on a chat channel may go: whoever floods it is told so once a minute, what they write is kept, and the machine
 * has time for others. Counted here first, and by all processes together only beyond a share of it: an ordinary turn costs no query.
 */
import type { OpenDatabase } from './store/database.ts';
import { takeAllowance } from './store/rate-limits.ts';

export interface PaceOptions {
  readonly database: OpenDatabase;
  readonly now: () => number;
  /** Messages of one conversation in a minute. */
  readonly perMinute: number;
}

const windowMs = 60_000;
/** A quarter of what is allowed is counted by this process alone. */
const aloneShare = 4;
/** Conversations remembered at once; those whose minute is over go first. */
const remembered = 10_000;

export class Pace {
  readonly #options: PaceOptions;
  readonly #counts = new Map<string, { count: number; readonly until: number }>();

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** What a further message of a conversation gets: undefined: its turn · tell: a word that it is too fast · silent: that was said already. */
  async of(conversationId: string): Promise<'tell' | 'silent' | undefined> {
    const { database, now, perMinute } = this.#options;
    const at = now();
    const alone = Math.floor(perMinute / aloneShare);
    if (this.#count(conversationId, at) <= alone) return undefined;
    const wait = await takeAllowance(database.db, `pace ${conversationId}`, { limit: perMinute - alone, windowMs }, at);
    if (wait === 0) return undefined;
    const told = await takeAllowance(database.db, `pace told ${conversationId}`, { limit: 1, windowMs }, at);
    return told === 0 ? 'tell' : 'silent';
  }

  #count(conversationId: string, at: number): number {
    const known = this.#counts.get(conversationId);
    if (known && known.until > at) {
      known.count += 1;
      return known.count;
    }
    this.#counts.delete(conversationId);
    if (this.#counts.size >= remembered) for (const [id, { until }] of this.#counts) if (until <= at) this.#counts.delete(id);
    this.#counts.set(conversationId, { count: 1, until: at + windowMs });
    return 1;
  }
}
