/** Where the citizen stands in the queue, or who is with them. */
import type { Handoff } from '../state/handoff.ts';
import { useChat } from './context.ts';
import { PersonIcon } from './icons.tsx';

export function HandoffBanner({ handoff }: { handoff: Handoff | undefined }) {
  const { t } = useChat();
  return (
    <div role="status" data-testid="handoff" data-state={handoff?.state ?? 'none'}>
      {handoff && (
        <div class="banner person-banner">
          <PersonIcon />
          <div>
            <strong>{handoff.state === 'waiting' ? t.waiting(handoff.position) : t.joined(handoff.agent)}</strong>
            {handoff.state === 'waiting' && <p>{t.waitingHint}</p>}
          </div>
        </div>
      )}
    </div>
  );
}
