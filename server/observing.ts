/** What the server makes of the steps the core tells of: a turn id on each log line, figures, spans where they are wanted. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Observe } from '../bot/observe.ts';

const turnNow = new AsyncLocalStorage<string>();

/** Fields for every log line written while a turn runs; for pino's `mixin`. */
export function turnFields(): { turn?: string } {
  const turn = turnNow.getStore();
  return turn === undefined ? {} : { turn };
}

/** Names the running turn for the log, around what else observes it. */
export function turnInLog(observe: Observe): Observe {
  return (step, facts, work) =>
    step === 'turn' ? turnNow.run(String(facts.turn), () => observe(step, facts, work)) : observe(step, facts, work);
}

/** Both see each step, `outer` first; what the work notes reaches both. */
export function both(outer: Observe, inner: Observe): Observe {
  return (step, facts, work) =>
    outer(step, facts, (noteOuter) =>
      inner(step, facts, (noteInner) =>
        work((more) => {
          noteOuter(more);
          noteInner(more);
        }),
      ),
    );
}
