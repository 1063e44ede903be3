/**
 * Allowances that all processes of one store share, at small cost: each counts a quarter alone, and only what goes beyond it is counted in
 * the store, for all together. With n processes that lets through at most (n + 3) quarters of a limit; ordinary use costs no query.
 */
import type { Db } from './store/database.ts';
import { type Allowance, countUse } from './store/rate-limits.ts';

export interface Use {
  /** Of this window, this one among them: by this process, and beyond its share by all. */
  readonly used: number;
  /** Epoch milliseconds. */
  readonly until: number;
}

const aloneShare = 4;
/** Keys remembered at once; those whose window is over go first. */
const remembered = 10_000;

export class Allowances {
  readonly #db: Db;
  readonly #now: () => number;
  readonly #counts = new Map<string, { used: number; readonly until: number }>();

  constructor({ db, now }: { readonly db: Db; readonly now: () => number }) {
    this.#db = db;
    this.#now = now;
  }

  /** Counts a use of a key. Errors: the store's, once its share is used up. */
  async use(key: string, { limit, windowMs }: Allowance): Promise<Use> {
    const at = this.#now();
    const here = this.#count(key, windowMs, at);
    const alone = Math.floor(limit / aloneShare);
    if (here.used <= alone) return { used: here.used, until: here.until };
    const all = await countUse(this.#db, key, windowMs, at);
    return { used: alone + all.used, until: all.until };
  }

  #count(key: string, windowMs: number, at: number): { used: number; readonly until: number } {
    const known = this.#counts.get(key);
    if (known && known.until > at) {
      known.used += 1;
      return known;
    }
    this.#counts.delete(key);
    if (this.#counts.size >= remembered) for (const [id, { until }] of this.#counts) if (until <= at) this.#counts.delete(id);
    const begun = { used: 1, until: at + windowMs };
    this.#counts.set(key, begun);
    return begun;
  }
}
