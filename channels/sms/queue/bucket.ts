/** The global rate: how many SMS a second leave, without bursts, also after hours of waiting. */

export class Bucket {
  readonly #perSecond: number;
  readonly #now: () => number;
  #tokens: number;
  #at: number;
  #slowUntil = 0;

  constructor(perSecond: number, now: () => number) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#tokens = perSecond;
    this.#at = now();
  }

  /** Takes `cost` if there is room; else says in how many milliseconds there will be. A long message may overdraw, and is paid for later. */
  take(cost: number): number {
    this.#refill();
    const needed = Math.min(cost, this.#perSecond, 1);
    if (this.#tokens >= needed) {
      this.#tokens -= cost;
      return 0;
    }
    return Math.ceil(((needed - this.#tokens) / this.#rate()) * 1000);
  }

  /** The provider asked for less: half the rate for a minute. */
  slowDown(): void {
    this.#refill();
    this.#slowUntil = this.#now() + 60_000;
    this.#tokens = Math.min(this.#tokens, 0);
  }

  #rate(): number {
    return this.#now() < this.#slowUntil ? this.#perSecond / 2 : this.#perSecond;
  }

  #refill(): void {
    const now = this.#now();
    this.#tokens = Math.min(Math.max(this.#perSecond, 1), this.#tokens + (Math.max(0, now - this.#at) / 1000) * this.#rate());
    this.#at = now;
  }
}
