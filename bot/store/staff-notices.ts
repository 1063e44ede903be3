/** What a member of staff has to be told: kept until they have seen it. */
import type { Selectable } from 'kysely';
import type { Db } from './database.ts';
import type { StaffNoticesTable } from './tables.ts';

/** offered: a colleague passes a conversation on · returned: nobody accepted · taken_over · whisper: a supervisor's word · declined ·
 * abuse: somebody writes nothing else, people decide what follows. */
export type StaffNoticeKind = Selectable<StaffNoticesTable>['kind'];

export interface StaffNotice {
  readonly id: number;
  readonly kind: StaffNoticeKind;
  readonly conversationId: string;
  readonly text: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** Keeps something for a member of staff. Nothing happens when there is no such account. */
export async function tellStaff(
  db: Db,
  notice: { staff: string; kind: StaffNoticeKind; conversationId: string; text: string },
  now: number,
): Promise<void> {
  const { staff, kind, conversationId, text } = notice;
  const known = await db.selectFrom('staff').select('name').where('name', '=', staff).executeTakeFirst();
  if (known === undefined) return;
  await db
    .insertInto('staff_notices')
    .values({ staff, kind, conversation_id: conversationId, text, created_at: now, seen_at: null })
    .execute();
}

/** What this person has not seen yet, oldest first, at most fifty. */
export async function unseenNotices(db: Db, staff: string): Promise<StaffNotice[]> {
  const rows = await db
    .selectFrom('staff_notices')
    .selectAll()
    .where('staff', '=', staff)
    .where('seen_at', 'is', null)
    .orderBy('id')
    .limit(50)
    .execute();
  return rows.map(({ id, kind, conversation_id, text, created_at }) => ({
    id: Number(id),
    kind,
    conversationId: conversation_id,
    text,
    createdAt: Number(created_at),
  }));
}

/** The person has seen one of their notices. */
export async function noticeSeen(db: Db, staff: string, id: number, now: number): Promise<void> {
  await db.updateTable('staff_notices').set({ seen_at: now }).where('id', '=', id).where('staff', '=', staff).execute();
}
