/** Remembers which providers take nothing at the moment, so that messages go to another, or wait without hammering. */

const firstPauseMs = 5_000;
const longestPauseMs = 120_000;

export class Circuit {
  #failures = 0;
  #until = 0;

  /** When the provider may be tried again; 0 = now. */
  get until(): number {
    return this.#until;
  }

  failed(now: number): void {
    // Many messages fail at once when a line breaks: that is one failure.
    if (now < this.#until) return;
    this.#until = now + Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures++);
  }

  worked(): void {
    this.#failures = 0;
    this.#until = 0;
  }
}
