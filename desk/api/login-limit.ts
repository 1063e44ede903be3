/** Brakes password guessing: five wrong tries a minute for one name from one address, thirty for one address; counted in the store, for all processes together. */
import type { Db } from '../../bot/store/database.ts';
import { forgetAllowance, giveBack, takeAllowance } from '../../bot/store/rate-limits.ts';

const perName = { limit: 5, windowMs: 60_000 };
const perAddress = { limit: 30, windowMs: 60_000 };

export class LoginLimit {
  readonly #db: () => Db;
  readonly #now: () => number;

  constructor(db: () => Db, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Counts a try before its password is checked, so that parallel guesses count too. Returns the seconds to wait, 0 when it may go on. */
  async begin(name: string, address: string): Promise<number> {
    const now = this.#now();
    const waits = [
      await takeAllowance(this.#db(), nameKey(name, address), perName, now),
      await takeAllowance(this.#db(), addressKey(address), perAddress, now),
    ];
    return Math.ceil(Math.max(...waits) / 1000);
  }

  /** The password was right: earlier slips of this name are forgotten. */
  async succeeded(name: string, address: string): Promise<void> {
    await forgetAllowance(this.#db(), nameKey(name, address));
    await giveBack(this.#db(), addressKey(address));
  }
}

const nameKey = (name: string, address: string): string => `login ${address} ${name}`;
const addressKey = (address: string): string => `login ${address}`;
