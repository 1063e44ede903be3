/** Long work in short pieces: whoever else wants the process gets it in between. */

/** How long a piece takes at most, milliseconds, but for one step of the work. */
const sliceMs = 12;
/** The clock is not asked after every step. */
const stepsBetweenLooks = 4;

/** Runs the work at once, to its end. */
export function runNow<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Runs the work a slice at a time and lets everything that waits go first in between. Rejects with what the work throws. */
export async function runInSlices<T>(work: Generator<void, T>, now: () => number = () => performance.now()): Promise<T> {
  for (;;) {
    const until = now() + sliceMs;
    for (let steps = 1; ; steps++) {
      const step = work.next();
      if (step.done) return step.value;
      if (steps % stepsBetweenLooks === 0 && now() >= until) break;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
