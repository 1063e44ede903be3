/** At a public terminal: asks whether somebody is still there, before everything is cleared. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useChat } from './context.ts';

export function StillHere({ seconds }: { seconds: number }) {
  const { t, actions } = useChat();
  const stay = useRef<HTMLButtonElement>(null);
  // Before the browser takes the focus out of what became inert.
  useLayoutEffect(() => {
    const before = (stay.current?.getRootNode() as ShadowRoot | undefined)?.activeElement as HTMLElement | null | undefined;
    stay.current?.focus();
    // Once what lies behind can be reached again.
    return () => queueMicrotask(() => before?.focus());
  }, []);
  return (
    <div class="veil">
      <div
        class="still-here"
        role="alertdialog"
        aria-modal="true"
        aria-labelledby="still-here-title"
        aria-describedby="still-here-text"
        data-testid="still-here"
        onKeyDown={(event) => event.key === 'Escape' && actions.stay()}
      >
        <h2 id="still-here-title">{t.stillHere}</h2>
        <p id="still-here-text">{t.stillHereHint}</p>
        {/* Read out once with the question: a voice that counts would drown everything. */}
        <p class="countdown" role="timer" aria-live="off">
          {t.secondsLeft(seconds)}
        </p>
        <div class="row">
          <button ref={stay} type="button" class="button primary" data-testid="stay" onClick={actions.stay}>
            {t.stay}
          </button>
          <button type="button" class="button" data-testid="leave" onClick={actions.restart}>
            {t.leave}
          </button>
        </div>
      </div>
    </div>
  );
}
