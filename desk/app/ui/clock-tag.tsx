/** How long a citizen has been without an answer: time, words and colour together. */
import { type Clock, clockWords, latenessOf } from '../state/clock.ts';
import type { DeskStore } from '../state/desk-store.ts';
import { elapsed } from '../state/time.ts';
import type { DeskState } from '../state/types.ts';
import { useNow } from './use-desk.ts';

export function ClockTag({ store, state, clock }: { store: DeskStore; state: DeskState; clock: Clock | null }) {
  const now = useNow(store);
  if (clock === null) {
    return (
      <span class="clock-tag done" data-testid="clock">
        已回复
      </span>
    );
  }
  const lateness = latenessOf(clock, now, state.settings);
  return (
    <span class={`clock-tag ${lateness}`} data-testid="clock">
      {clockWords(clock.kind, lateness)} <time dateTime={clock.since}>{elapsed(clock.since, now)}</time>
    </span>
  );
}
