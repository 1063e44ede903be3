/** Names of things that exist, picked up from what the server answers: with them a fuzzer gets past "not found". */

const mostOfAKind = 200;
const naming = /^(?:id|name|number|key|seq)$|Id$/;

/** Kinds are the words of an address: what `GET /conversations` lists is a `conversations`, a `conversationId` too. */
export class Pool {
  readonly #known = new Map<string, Set<string>>();

  /** One of a kind by number; undefined when none is known. */
  pick(kind: string, which: number): string | undefined {
    const all = [...(this.#known.get(kind) ?? [])];
    return all[which % Math.max(1, all.length)];
  }

  add(kind: string, name: string): void {
    const kinds = this.#known.get(kind) ?? new Set();
    this.#known.set(kind, kinds);
    if (kinds.size < mostOfAKind) kinds.add(name);
  }

  /** Learns the names in an answer of `path` (as the document writes it). */
  learn(path: string, answer: unknown): void {
    for (const word of path.split('/')) if (word !== '' && !word.startsWith('{')) this.#walk(word, answer);
  }

  #walk(kind: string, value: unknown): void {
    if (Array.isArray(value)) for (const one of value) this.#walk(kind, one);
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value)) {
        if (naming.test(key) && (typeof one === 'string' || typeof one === 'number')) {
          this.add(key.endsWith('Id') ? `${key.slice(0, -2)}s` : kind, String(one));
        } else this.#walk(Array.isArray(one) ? key : kind, one);
      }
  }
}

/** What a parameter of a path names: `conversations` in `/conversations/{id}/claim`. */
export function kindOf(path: string, parameter: string): string {
  const words = path.split('/');
  return words[words.indexOf(`{${parameter}}`) - 1] ?? '';
}
