/** Whether somebody still stands at a public terminal: after a silence they are asked, and when nobody answers, they have left. */

/** Seconds; what a terminal of its own may choose within. */
const shortestIdle = 15;
const longestIdle = 600;
const usualIdle = 60;
/** Time to answer the question, in seconds (at least 20: WCAG 2.2.1). */
export const graceSeconds = 20;

/** The silence before the question, in seconds, from an attribute's text: 60 unless it is a number; kept within 15 and 600. */
export function idleSeconds(attribute: string | null): number {
  const asked = Number(attribute ?? Number.NaN);
  return Number.isFinite(asked) && asked > 0 ? Math.min(longestIdle, Math.max(shortestIdle, asked)) : usualIdle;
}

export interface PresenceOptions {
  readonly idleSeconds: number;
  /** Milliseconds since some moment. */
  readonly now: () => number;
  /** Draws anew: the question appeared, its seconds moved, or it went away. */
  readonly changed: () => void;
  readonly left: () => void;
}

export class Presence {
  readonly #options: PresenceOptions;
  /** When the citizen was last seen; undefined while nobody has touched the terminal since it was cleared. */
  #seenAt: number | undefined;
  #remaining: number | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /** Seconds until everything is cleared, while the question stands on the screen. */
  get remaining(): number | undefined {
    return this.#remaining;
  }

  /** Looks at the clock four times a second until `stop`. */
  start(): void {
    this.#timer ??= setInterval(() => this.look(), 250);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Somebody touched the terminal. While the question stands only its own buttons answer it. */
  touched(): void {
    if (this.#remaining === undefined) this.#seenAt = this.#options.now();
  }

  /** A person at the desk wrote: who waits for that is not gone. Nothing to wait for where nobody has touched anything. */
  spokenTo(): void {
    if (this.#seenAt !== undefined) this.touched();
  }

  /** The citizen says that they are still here. */
  stays(): void {
    this.#remaining = undefined;
    this.#seenAt = this.#options.now();
    this.#options.changed();
  }

  /** Nobody is here any more; the next touch begins anew. */
  cleared(): void {
    this.#seenAt = undefined;
    this.#remaining = undefined;
    this.#options.changed();
  }

  look(): void {
    if (this.#seenAt === undefined) return;
    const silent = (this.#options.now() - this.#seenAt) / 1000 - this.#options.idleSeconds;
    if (silent < 0) return;
    if (silent >= graceSeconds) {
      this.#options.left();
      return;
    }
    const remaining = Math.ceil(graceSeconds - silent);
    if (remaining === this.#remaining) return;
    this.#remaining = remaining;
    this.#options.changed();
  }
}
