/** Brakes password guessing: five wrong tries a minute for one name from one address, thirty for one address. */

const WINDOW_MS = 60_000;
const PER_NAME = 5;
const PER_ADDRESS = 30;

export class LoginLimit {
  readonly #tries = new Map<string, number[]>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a try before its password is checked, so that parallel guesses count too. Returns the seconds to wait, 0 when it may go on. */
  begin(name: string, address: string): number {
    const now = this.#now();
    this.#forgetOld(now);
    const wait = Math.max(this.#wait(`n ${address} ${name}`, PER_NAME, now), this.#wait(`a ${address}`, PER_ADDRESS, now));
    if (wait > 0) return Math.ceil(wait / 1000);
    for (const key of [`n ${address} ${name}`, `a ${address}`]) this.#tries.set(key, [...(this.#tries.get(key) ?? []), now]);
    return 0;
  }

  /** The password was right: earlier slips of this name are forgotten. */
  succeeded(name: string, address: string): void {
    this.#tries.delete(`n ${address} ${name}`);
    this.#tries.get(`a ${address}`)?.pop();
  }

  #wait(key: string, limit: number, now: number): number {
    const tries = this.#tries.get(key) ?? [];
    const oldest = tries.at(-limit);
    return oldest === undefined ? 0 : oldest + WINDOW_MS - now;
  }

  #forgetOld(now: number): void {
    for (const [key, tries] of this.#tries) {
      const fresh = tries.filter((time) => time > now - WINDOW_MS);
      if (fresh.length === 0) this.#tries.delete(key);
      else this.#tries.set(key, fresh);
    }
  }
}
