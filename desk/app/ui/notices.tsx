/** What somebody has to be told stays until they have seen it. */
import type { DeskStore } from '../state/desk-store.ts';
import { clock } from '../state/time.ts';
import type { StaffNotice } from '../state/types.ts';

/** A conversation that was taken over can't be opened any more. */
const opens = (kind: StaffNotice['kind']): boolean => kind !== 'taken_over';

export function Notices({ store, notices }: { store: DeskStore; notices: readonly StaffNotice[] }) {
  return (
    <div class="notices" role="status" aria-live="polite" data-testid="notices">
      {notices.slice(-3).map(({ id, kind, text, createdAt, conversationId }) => (
        <div key={id} class="notice">
          <p>
            {text} <span class="hint">{clock(createdAt)}</span>
          </p>
          {opens(kind) && (
            <button type="button" class="button small" onClick={() => void store.seen(id, conversationId)}>
              打开对话
            </button>
          )}
          <button type="button" class="button small quiet" onClick={() => void store.seen(id)}>
            知道了
          </button>
        </div>
      ))}
    </div>
  );
}
