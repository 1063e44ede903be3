/** Follow-ups of finished orders: planned, sent, answered. */
import type { Selectable } from 'kysely';
import type { Db } from './database.ts';
import type { WorkOrderFollowUpsTable } from './tables.ts';

export interface FollowUp {
  readonly orderId: string;
  readonly round: number;
  readonly conversationId: string;
  readonly channel: string;
  readonly status: WorkOrderFollowUpsTable['status'];
  readonly sendAt: number;
  readonly dueAt: number;
  readonly sentAt: number | null;
  readonly answer: string | null;
  readonly verdict: string | null;
}
export type NewFollowUp = Pick<FollowUp, 'orderId' | 'round' | 'conversationId' | 'channel' | 'sendAt' | 'dueAt'>;

/** Plans a follow-up; one that exists for this ending of the order stays as it is. */
export async function planFollowUp(tx: Db, plan: NewFollowUp): Promise<void> {
  await tx
    .insertInto('work_order_follow_ups')
    .values({
      order_id: plan.orderId,
      round: plan.round,
      conversation_id: plan.conversationId,
      channel: plan.channel,
      status: 'planned',
      send_at: plan.sendAt,
      due_at: plan.dueAt,
      sent_at: null,
      answered_at: null,
      answer: null,
      verdict: null,
    })
    .onConflict((conflict) => conflict.columns(['order_id', 'round']).doNothing())
    .execute();
}

/** Planned ones to send and sent ones whose time is over, earliest first. */
export async function followUpsDue(db: Db, now: number, limit: number): Promise<FollowUp[]> {
  const rows = await db
    .selectFrom('work_order_follow_ups')
    .selectAll()
    .where('status', 'in', ['planned', 'sent'])
    .where('send_at', '<=', now)
    .orderBy('send_at')
    .orderBy('order_id')
    .limit(limit)
    .execute();
  return rows.map(toFollowUp);
}

/** Moves a follow-up on from the status it was seen in; false when somebody else was first. `sendAt` is when to look at it again. */
export async function moveFollowUp(
  tx: Db,
  one: Pick<FollowUp, 'orderId' | 'round' | 'status'>,
  to: { status: FollowUp['status']; at: number; sendAt?: number; answer?: string; verdict?: string },
): Promise<boolean> {
  const result = await tx
    .updateTable('work_order_follow_ups')
    .set({
      status: to.status,
      ...(to.status === 'sent' && { sent_at: to.at }),
      ...(to.status === 'answered' && { answered_at: to.at, answer: to.answer ?? null, verdict: to.verdict ?? null }),
      ...(to.sendAt !== undefined && { send_at: to.sendAt }),
    })
    .where('order_id', '=', one.orderId)
    .where('round', '=', one.round)
    .where('status', '=', one.status)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** The follow-up a conversation has been asked and not answered, newest first. */
export async function openFollowUpOf(db: Db, conversationId: string): Promise<FollowUp | undefined> {
  const row = await db
    .selectFrom('work_order_follow_ups')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .where('status', '=', 'sent')
    .orderBy('sent_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toFollowUp(row);
}

/** Follow-ups by status, and the verdicts of those answered. */
export async function followUpCounts(db: Db, since: number): Promise<{ status: string; verdict: string | null; count: number }[]> {
  const rows = await db
    .selectFrom('work_order_follow_ups')
    .select(['status', 'verdict'])
    .select((eb) => eb.fn.countAll().as('count'))
    .where('due_at', '>=', since)
    .groupBy(['status', 'verdict'])
    .orderBy('status')
    .orderBy('verdict')
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

function toFollowUp(row: Selectable<WorkOrderFollowUpsTable>): FollowUp {
  return {
    orderId: row.order_id,
    round: row.round,
    conversationId: row.conversation_id,
    channel: row.channel,
    status: row.status,
    sendAt: row.send_at,
    dueAt: row.due_at,
    sentAt: row.sent_at,
    answer: row.answer,
    verdict: row.verdict,
  };
}
