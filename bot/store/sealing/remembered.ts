/** Answers that are asked for again and again, as many as fit: what a turn has just written is read back several times. */

/** Forgets what was not asked for longest, in two generations. Sizes are counted in characters of question and answer. */
export class Remembered {
  readonly #most: number;
  #young = new Map<string, string>();
  #old = new Map<string, string>();
  #size = 0;

  /** `most`: characters of one generation. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The answer to `question`, from memory or by `answer`. What `answer` throws is not remembered. */
  get(question: string, answer: (question: string) => string): string {
    const young = this.#young.get(question);
    if (young !== undefined) return young;
    const found = this.#old.get(question) ?? answer(question);
    this.put(question, found);
    return found;
  }

  put(question: string, answer: string): void {
    const size = question.length + answer.length;
    if (size > this.#most) return;
    if (this.#size + size > this.#most) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#size = 0;
    }
    this.#young.set(question, answer);
    this.#size += size;
  }
}
