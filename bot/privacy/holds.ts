/** Conversations that must be kept although deletion is asked for or due: a pending review, a lawsuit, an open work order. */
import type { Db } from '../store/database.ts';
import type { Person } from './person.ts';

/** Keeps a conversation; false when there is none. */
export async function holdConversation(
  db: Db,
  hold: { readonly conversationId: string; readonly reason: string; readonly actor: string; readonly at: number },
): Promise<boolean> {
  const known = await db.selectFrom('conversations').select('id').where('id', '=', hold.conversationId).executeTakeFirst();
  if (known === undefined) return false;
  const { reason, actor, at } = hold;
  await db
    .insertInto('privacy_holds')
    .values({ conversation_id: hold.conversationId, reason, actor, at })
    .onConflict((conflict) => conflict.column('conversation_id').doUpdateSet({ reason, actor, at }))
    .execute();
  return true;
}

/** Ends a hold; false when there was none. */
export async function releaseHold(db: Db, conversationId: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('privacy_holds').where('conversation_id', '=', conversationId).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** What keeps a person's data for now: ids of held conversations, numbers of work orders that are not closed. */
export async function heldOf(db: Db, { conversations, orders }: Person): Promise<string[]> {
  const held =
    conversations.length === 0
      ? []
      : await db
          .selectFrom('privacy_holds')
          .select('conversation_id')
          .where('conversation_id', 'in', [...conversations])
          .execute();
  const open =
    orders.length === 0
      ? []
      : await db
          .selectFrom('work_orders')
          .select('number')
          .where('id', 'in', [...orders])
          .where('closed_at', 'is', null)
          .execute();
  return [...held.map((row) => row.conversation_id), ...open.map((row) => row.number)];
}
