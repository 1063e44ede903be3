/** After each turn: whether and when a silence will be spoken to. */
import type { DialogueState } from '../dialogue-state.ts';
import type { Outcome } from '../outcome.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Db } from '../store/database.ts';
import { dropReminder, setReminder } from '../store/reminders.ts';
import type { Patterns } from './schema.ts';

export interface IdleRules {
  readonly patterns: Pick<Patterns, 'idle'>;
  readonly now: () => number;
  readonly mayRemind: (db: Db, conversation: Conversation) => Promise<boolean>;
}

/**
 * Sets or drops the reminder of a conversation inside the turn's transaction: only what waits for an answer is reminded of, and only once.
 * `reminded`: whether there may be one to drop.
 */
export async function scheduled(
  { patterns, now, mayRemind }: IdleRules,
  tx: Db,
  conversation: Conversation,
  state: DialogueState,
  outcome: Outcome,
  reminded: boolean,
): Promise<void> {
  const waits = (state.flow?.asking ?? null) !== null || outcome === 'clarified';
  const wanted = waits && patterns.idle.enabled && !state.quiet && conversation.mode === 'bot' && outcome !== 'handed_over';
  if (wanted && (await mayRemind(tx, conversation)))
    await setReminder(tx, { conversationId: conversation.id, kind: 'remind', dueAt: now() + patterns.idle.minutes * 60_000 });
  else if (reminded) await dropReminder(tx, conversation.id);
}
