/** How changes of one handoff keep out of each other's way, on one process or many. */
import type { Updateable } from 'kysely';
import type { Db } from '../store/database.ts';
import type { HandoffsTable } from '../store/tables.ts';

/**
 * Makes this transaction the only one that works on the conversation's handoff until it ends, so that what it reads stays true.
 * Everybody takes this lock before the handoff's own row: two of them can't wait for each other. False: no such conversation.
 */
export async function lockConversation(tx: Db, conversationId: string, now: number): Promise<boolean> {
  const result = await tx.updateTable('conversations').set({ updated_at: now }).where('id', '=', conversationId).executeTakeFirst();
  return Number(result.numUpdatedRows) === 1;
}

/** Applies `patch` in one conditional UPDATE if `agent` still holds the handoff; false when not (nothing changed). */
export async function settleActive(tx: Db, handoffId: string, agent: string, patch: Updateable<HandoffsTable>): Promise<boolean> {
  const result = await tx
    .updateTable('handoffs')
    .set(patch)
    .where('id', '=', handoffId)
    .where('status', '=', 'active')
    .where('agent', '=', agent)
    .executeTakeFirst();
  return Number(result.numUpdatedRows) === 1;
}
