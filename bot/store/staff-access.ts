/** Who looked at whose matter, and when: written with every access, never changed. */
import type { Db } from './database.ts';
import type { AccessKind } from './tables.ts';

export interface StaffAccess {
  readonly staff: string;
  /** What was done: read, list, history, an action of an order … */
  readonly action: string;
  readonly kind: AccessKind;
  /** Id of what was accessed. */
  readonly target: string;
  readonly at: number;
}

/** Writes accesses down. */
export async function recordAccess(db: Db, accesses: readonly StaffAccess[]): Promise<void> {
  if (accesses.length > 0)
    await db
      .insertInto('staff_access')
      .values([...accesses])
      .execute();
}

/** Accesses, newest first. `before`: the id the last page ended with. */
export async function listAccess(
  db: Db,
  filter: {
    staff?: string | undefined;
    kind?: StaffAccess['kind'] | undefined;
    target?: string | undefined;
    before?: number | undefined;
    limit: number;
  },
): Promise<(StaffAccess & { id: number })[]> {
  let query = db.selectFrom('staff_access').selectAll();
  if (filter.staff !== undefined) query = query.where('staff', '=', filter.staff);
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
  if (filter.target !== undefined) query = query.where('target', '=', filter.target);
  if (filter.before !== undefined) query = query.where('id', '<', filter.before);
  return query.orderBy('id', 'desc').limit(filter.limit).execute();
}
