/** Notes of staff on a conversation. */
import type { Db } from './database.ts';

export interface Note {
  readonly id: number;
  readonly staff: string;
  readonly text: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export async function addNote(db: Db, note: { conversationId: string; staff: string; text: string }, now: number): Promise<Note> {
  const { conversationId, staff, text } = note;
  const row = await db
    .insertInto('conversation_notes')
    .values({ conversation_id: conversationId, staff_name: staff, text, created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id: Number(row.id), staff, text, createdAt: now };
}

/** Oldest first. */
export async function listNotes(db: Db, conversationId: string): Promise<Note[]> {
  const rows = await db.selectFrom('conversation_notes').selectAll().where('conversation_id', '=', conversationId).orderBy('id').execute();
  return rows.map((row) => ({ id: Number(row.id), staff: row.staff_name, text: row.text, createdAt: Number(row.created_at) }));
}
