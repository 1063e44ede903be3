/** A conversation that changes hands: the receiver accepts or says no, the owner may take it back. */
import type { DeskStore } from '../state/desk-store.ts';
import { elapsed } from '../state/time.ts';
import type { ActiveItem, DeskState } from '../state/types.ts';
import { useNow } from './use-desk.ts';

export function OfferBar({ store, state, item }: { store: DeskStore; state: DeskState; item: ActiveItem }) {
  const now = useNow(store);
  if (item.offeredTo === null) return null;
  const id = item.conversationId;
  const busy = state.busy.has(id);
  const toMe = item.offeredTo === state.me?.name;
  const waited = item.passedAt === null ? '' : elapsed(item.passedAt, now);
  return (
    <div class="offer-bar" role="status" data-testid="offer">
      <p>
        {toMe
          ? `${item.agent} 请您接手（${waited}）。接手前仍由 ${item.agent} 负责，直接回复也算接手。`
          : `已请 ${item.offeredTo} 接手（${waited}），对方接手前仍由您负责。`}
      </p>
      {toMe && (
        <button type="button" class="button primary small" disabled={busy} onClick={() => void store.claim(id)}>
          接手
        </button>
      )}
      <button type="button" class="button small" disabled={busy} onClick={() => void store.decline(id)}>
        {toMe ? '不能接手' : '收回转接'}
      </button>
    </div>
  );
}
