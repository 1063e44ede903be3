/** Says when the connection is gone and what happens to the citizen's words. */
import type { ConnectionState } from '../directline/client.ts';
import { useChat } from './context.ts';
import { AlertIcon } from './icons.tsx';

export function ConnectionBanner({ state, caughtUp }: { state: ConnectionState; caughtUp: boolean }) {
  const { t, actions } = useChat();
  const words = wordsFor(state, caughtUp);
  return (
    <div role="status" data-testid="connection" data-state={state}>
      {words && (
        <div class="banner warn">
          <AlertIcon />
          <span>{t[words]}</span>
          {words === 'refused' && (
            <button type="button" class="button" onClick={actions.reconnect}>
              {t.tryAgain}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function wordsFor(state: ConnectionState, caughtUp: boolean): 'refused' | 'offline' | 'reconnecting' | undefined {
  if (state === 'refused') return 'refused';
  if (state !== 'online' && state !== 'idle' && !navigator.onLine) return 'offline';
  // The very first connection has its own quiet line in the list.
  return state === 'reconnecting' || (state === 'connecting' && caughtUp) ? 'reconnecting' : undefined;
}
