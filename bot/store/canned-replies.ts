/** Ready sentences of the desk: shared ones, and everybody's own. */
import type { Selectable } from 'kysely';
import type { Db } from './database.ts';
import { findSetting, putSetting } from './settings.ts';
import type { CannedRepliesTable } from './tables.ts';

export interface CannedReply {
  readonly id: string;
  /** Whose it is; null: shared. */
  readonly owner: string | null;
  readonly title: string;
  /** May hold variables in braces: {citizen}. */
  readonly text: string;
  /** Letters that find it; may be empty. */
  readonly shortcut: string;
  readonly updatedBy: string;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

export type CannedReplyWords = Pick<CannedReply, 'title' | 'text' | 'shortcut'>;

/** Shared replies and those of this person, shared first, by title. */
export async function cannedRepliesFor(db: Db, staff: string): Promise<CannedReply[]> {
  const rows = await db
    .selectFrom('canned_replies')
    .selectAll()
    .where((eb) => eb.or([eb('owner', 'is', null), eb('owner', '=', staff)]))
    .orderBy('id')
    .execute();
  const replies = rows.map(toReply);
  return [...replies.filter((one) => one.owner === null), ...replies.filter((one) => one.owner !== null)];
}

/** One reply, whoever owns it. */
export async function findCannedReply(db: Db, id: string): Promise<CannedReply | undefined> {
  const row = await db.selectFrom('canned_replies').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toReply(row);
}

/** How many this person (null: the house) has. */
export async function countCannedReplies(db: Db, owner: string | null): Promise<number> {
  const query = db.selectFrom('canned_replies').select(({ fn }) => fn.countAll().as('count'));
  const row = await (owner === null ? query.where('owner', 'is', null) : query.where('owner', '=', owner)).executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Stores a reply: a new one, or new words for the one with this id. */
export async function putCannedReply(db: Db, reply: CannedReply): Promise<void> {
  const changes = {
    title: reply.title,
    body: reply.text,
    shortcut: reply.shortcut,
    updated_by: reply.updatedBy,
    updated_at: reply.updatedAt,
  };
  await db
    .insertInto('canned_replies')
    .values({ id: reply.id, owner: reply.owner, ...changes })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changes))
    .execute();
}

export async function deleteCannedReply(db: Db, id: string): Promise<void> {
  await db.deleteFrom('canned_replies').where('id', '=', id).execute();
}

/** Brings in a pack's replies once: what supervisors change or throw away afterwards stays so. False: they were brought in before. */
export async function seedCannedReplies(db: Db, pack: string, replies: readonly CannedReplyWords[], now: number): Promise<boolean> {
  const key = `canned_replies.seeded.${pack}`;
  if (replies.length === 0 || (await findSetting(db, key)) !== undefined) return false;
  for (const [index, words] of replies.entries()) {
    const id = `${pack}-${String(index + 1).padStart(2, '0')}`;
    await putCannedReply(db, { id, owner: null, ...words, updatedBy: pack, updatedAt: now });
  }
  await putSetting(db, key, String(now));
  return true;
}

/** The number of the newest work order of a conversation: canned replies may mention it. */
export async function workOrderNumberOf(db: Db, conversationId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('work_orders')
    .select('number')
    .where('conversation_id', '=', conversationId)
    .orderBy('received_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.number;
}

function toReply(row: Selectable<CannedRepliesTable>): CannedReply {
  const { id, owner, title, body, shortcut, updated_by, updated_at } = row;
  return { id, owner, title, text: body, shortcut, updatedBy: updated_by, updatedAt: Number(updated_at) };
}
