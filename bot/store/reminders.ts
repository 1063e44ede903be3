/** When a silent conversation is due for its one reminder, or for its end. */
import type { Db } from './database.ts';
import { prepared } from './prepared.ts';

export interface Reminder {
  readonly conversationId: string;
  readonly kind: 'remind' | 'end';
  /** Epoch milliseconds. */
  readonly dueAt: number;
}

/** Sets what a conversation is due for; an earlier one is replaced. */
export async function setReminder(db: Db, reminder: Reminder): Promise<void> {
  await put.changed(db, reminder);
}

const put = prepared((db, { conversationId, kind, dueAt }: Reminder) =>
  db
    .insertInto('reminders')
    .values({ conversation_id: conversationId, kind, due_at: dueAt })
    .onConflict((conflict) => conflict.column('conversation_id').doUpdateSet({ kind, due_at: dueAt })),
);

/** Nothing is due any more: the citizen wrote. */
export async function dropReminder(db: Db, conversationId: string): Promise<void> {
  await dropped.changed(db, { conversationId });
}

const dropped = prepared((db, { conversationId }: { conversationId: string }) =>
  db.deleteFrom('reminders').where('conversation_id', '=', conversationId),
);

/** What is due at `now`, longest overdue first. */
export async function dueReminders(db: Db, now: number, limit: number): Promise<Reminder[]> {
  const rows = await db.selectFrom('reminders').selectAll().where('due_at', '<=', now).orderBy('due_at').limit(limit).execute();
  return rows.map((row) => ({ conversationId: row.conversation_id, kind: row.kind, dueAt: row.due_at }));
}

/**
 * Takes a reminder as it was read, inside the transaction that sends it: of any number of processes one gets true, and none does once
 * the citizen has written.
 */
export async function takeReminder(tx: Db, { conversationId, kind, dueAt }: Reminder): Promise<boolean> {
  const result = await tx
    .deleteFrom('reminders')
    .where('conversation_id', '=', conversationId)
    .where('kind', '=', kind)
    .where('due_at', '=', dueAt)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}
