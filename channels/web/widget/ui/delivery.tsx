/** Where an own message stands: waiting, sending, sent, or not sent with the ways on. */
import type { MessageEntry } from '../state/entries.ts';
import { useChat } from './context.ts';

export function Delivery({ delivery }: { delivery: NonNullable<MessageEntry['delivery']> }) {
  const { t, actions } = useChat();
  const { status, failure, id } = delivery;
  if (status !== 'failed') {
    const words = status === 'sent' ? t.sent : status === 'sending' ? t.sending : t.waitingForNetwork;
    return (
      <span class="delivery" data-testid="delivery" data-status={status}>
        {words}
      </span>
    );
  }
  return (
    <span class="delivery failed" data-testid="delivery" data-status={status} role="alert">
      {t.failed}：{t.failedReason(failure)}
      <button type="button" class="text-button" onClick={() => actions.retry(id)}>
        {t.retry}
      </button>
      <button type="button" class="text-button" onClick={() => actions.discard(id)}>
        {t.discard}
      </button>
    </span>
  );
}
