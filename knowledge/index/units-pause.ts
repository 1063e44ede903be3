/** Long work in small pieces: other work of the process goes on in between. */
import { setImmediate as nextTick } from 'node:timers/promises';

/** How long one piece may take, milliseconds. */
const piece = 8;

/** `if (pauses.due()) await pauses.take()`, at every step that takes well below a millisecond. */
export class Pauses {
  #since = performance.now();

  due(): boolean {
    return performance.now() - this.#since > piece;
  }

  async take(): Promise<void> {
    await nextTick();
    this.#since = performance.now();
  }
}

const run = 256;

/** A sorted copy; equal ones keep their order. */
export async function sortInPieces<T>(list: readonly T[], compare: (a: T, b: T) => number, pauses: Pauses): Promise<T[]> {
  let from: T[] = [];
  for (let start = 0; start < list.length; start += run) {
    for (const one of list.slice(start, start + run).sort(compare)) from.push(one);
    if (pauses.due()) await pauses.take();
  }
  for (let size = run; size < list.length; size *= 2) {
    const into: T[] = [];
    for (let start = 0; start < list.length; start += 2 * size) {
      const middle = Math.min(start + size, list.length);
      const end = Math.min(middle + size, list.length);
      let left = start;
      let right = middle;
      while (left < middle || right < end) {
        const takeLeft = right >= end || (left < middle && compare(from[left] as T, from[right] as T) <= 0);
        into.push(from[takeLeft ? left++ : right++] as T);
        if (into.length % run === 0 && pauses.due()) await pauses.take();
      }
    }
    from = into;
  }
  return from;
}
