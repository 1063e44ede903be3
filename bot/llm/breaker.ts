/** Leaves an endpoint alone after repeated failures; one call may try again after a while. */
export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open, milliseconds. */
  readonly restMs: number;
  readonly now: () => number;
}

export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  #openUntil = 0;
  #trying = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** Whether a call may be made now. After the rest one caller gets true, the others wait for its outcome. */
  allows(): boolean {
    if (this.#failures < this.#options.failures) return true;
    if (this.#options.now() < this.#openUntil || this.#trying) return false;
    this.#trying = true;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#trying = false;
  }

  failed(): void {
    this.#failures++;
    this.#trying = false;
    if (this.#failures >= this.#options.failures) this.#openUntil = this.#options.now() + this.#options.restMs;
  }

  /** The call ended without telling anything about the endpoint: the caller gave up. */
  undecided(): void {
    this.#trying = false;
  }
}
