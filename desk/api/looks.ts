/** Looks at conversations, written down: who read which, when. */
import type { OpenDatabase } from '../../bot/store/database.ts';
import { recordAccess } from '../../bot/store/staff-access.ts';

const reading: ReadonlySet<string> = new Set(['read', 'notes']);
/** An app that is open reads again and again: once a minute says as much. */
const lookMs = 60_000;
/** People and conversations remembered at once; beyond it the oldest is written down once more. */
const remembered = 10_000;

export type Looks = (staff: string, action: string, conversationId: string) => Promise<void>;

/**
 * Writes an access down. Reading (`read`, `notes`) at most once a minute for a person and conversation, anything else every time. A failed
 * write rejects: nobody looks unseen.
 */
export function looksAt({ database, now }: { readonly database: OpenDatabase; readonly now: () => number }): Looks {
  const seen = new Map<string, number>();
  return async (staff, action, conversationId) => {
    const at = now();
    const key = JSON.stringify([staff, action, conversationId]);
    const last = seen.get(key);
    if (reading.has(action) && last !== undefined && at - last < lookMs) return;
    await recordAccess(database.db, [{ staff, action, kind: 'conversation', target: conversationId, at }]);
    if (!reading.has(action)) return;
    seen.delete(key);
    seen.set(key, at);
    const [oldest] = seen.keys();
    if (seen.size > remembered && oldest !== undefined) seen.delete(oldest);
  };
}
