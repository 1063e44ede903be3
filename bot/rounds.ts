/** Room for the network between turns. */

/** So many turns share a commit and its disk flush, and keep the network waiting for some 20 ms at most. */
const atOnce = 6;

/**
 * Lets a few begin in each round of the event loop, in the order they came. A turn is milliseconds of work without a pause while the store
 * is in process; twenty in a row would keep everybody else's messages waiting, and new connections most of all: Node accepts one a round
 * (libuv since 1.45: "don't accept() connections in a loop").
 */
export class Rounds {
  readonly #waiting: (() => void)[] = [];
  #running = false;

  /** Resolves when it is the caller's round. */
  mine(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#running) return;
      this.#running = true;
      setImmediate(this.#next);
    });
  }

  readonly #next = (): void => {
    for (const begin of this.#waiting.splice(0, atOnce)) begin();
    this.#running = this.#waiting.length > 0;
    if (this.#running) setImmediate(this.#next);
  };
}
