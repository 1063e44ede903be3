/** Changes to an active handoff that only its holder may make, each one conditional UPDATE: of two racing calls one wins. */
import type { Updateable } from 'kysely';
import type { Db } from '../store/database.ts';
import type { HandoffsTable } from '../store/tables.ts';

/** Applies `patch` if `agent` still holds the handoff; false when not (nothing changed). */
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
