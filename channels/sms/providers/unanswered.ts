/** What a direct line has sent and nobody has answered yet: at most a window full, each for so long. */

interface Waiting<Answer> {
  readonly done: (answer: Answer | 'lost') => void;
  readonly timer: NodeJS.Timeout;
}

export class Unanswered<Answer> {
  readonly #window: number;
  readonly #patienceMs: number;
  readonly #waiting = new Map<number, Waiting<Answer>>();
  readonly #forRoom: (() => void)[] = [];

  /** @param patienceMs after so long without an answer a message is `lost` */
  constructor(window: number, patienceMs: number) {
    this.#window = window;
    this.#patienceMs = patienceMs;
  }

  /** Resolves when another message may go, or when the line is not `open` any more. */
  async room(open: () => boolean): Promise<void> {
    while (open() && this.#waiting.size >= this.#window) await new Promise<void>((resolve) => this.#forRoom.push(resolve));
  }

  /** The answer to a message that was just sent; `lost` when none comes: it may have arrived. */
  wait(sequence: number): Promise<Answer | 'lost'> {
    return new Promise((resolve) => {
      const done = (answer: Answer | 'lost') => {
        clearTimeout(timer);
        this.#waiting.delete(sequence);
        this.#forRoom.shift()?.();
        resolve(answer);
      };
      const timer = setTimeout(() => done('lost'), this.#patienceMs);
      timer.unref();
      this.#waiting.set(sequence, { done, timer });
    });
  }

  answer(sequence: number, answer: Answer): void {
    this.#waiting.get(sequence)?.done(answer);
  }

  /** The line broke: everything is lost, and nobody waits for room. */
  lose(): void {
    for (const { done } of [...this.#waiting.values()]) done('lost');
    for (const go of this.#forRoom.splice(0)) go();
  }
}
