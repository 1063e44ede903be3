/** Nothing is kept longer than it must be (个人信息保护法 19): what is older than its days is deleted, unless it is held. */
import type { OpenDatabase } from '../store/database.ts';
import { pruneAllowances } from '../store/rate-limits.ts';
import { deletePerson } from './delete.ts';
import { noteScrub, scrub } from './scrub.ts';

/** Days each kind is kept; undefined: for ever. */
export interface Retention {
  readonly conversations: number | undefined;
  readonly uploads: number | undefined;
  readonly ratings: number | undefined;
  readonly workOrders: number | undefined;
  readonly access: number | undefined;
  readonly requests: number | undefined;
}

export interface RetentionTools {
  readonly database: OpenDatabase;
  readonly retention: Retention;
  readonly now: () => number;
  readonly newId: () => string;
  /** Takes files off the disk. */
  readonly removeUploads: (ids: readonly string[]) => Promise<void>;
}

const DAY_MS = 86_400_000;
/** Conversations in one sweep: the rest comes with the next. */
const AT_ONCE = 100;

/** One sweep; answers how much of what was deleted. Safe in several processes at once. */
export async function sweepOld(tools: RetentionTools): Promise<Record<string, number>> {
  const { database, retention, now, newId } = tools;
  const { db } = database;
  const before = (days: number | undefined): number => (days === undefined ? Number.MIN_SAFE_INTEGER : now() - days * DAY_MS);
  const done: Record<string, number> = {};
  const note = (what: string, count: number | bigint) => {
    if (count > 0) done[what] = Number(count);
  };
  note('limits', await pruneAllowances(db, now()));
  const conversations = await silentConversations(database, before(retention.conversations), before(retention.workOrders));
  let deleted = 0;
  for (const id of conversations) {
    const person = { conversations: [id], phones: [], openids: [], orders: await ordersOf(database, id) };
    const outcome = await deletePerson(database, person, { actor: 'retention', channel: 'retention', now: now(), newId });
    if (!outcome.ok) continue;
    deleted++;
    await tools.removeUploads(outcome.uploads);
  }
  note('conversations', deleted);
  const files = await oldUploads(database, before(retention.uploads));
  await tools.removeUploads(files);
  if (files.length > 0) await db.deleteFrom('uploads').where('id', 'in', files).execute();
  note('uploads', files.length);
  const comments = await db
    .updateTable('ratings')
    .set({ comment: null })
    .where('created_at', '<', before(retention.ratings))
    .where('comment', 'is not', null)
    .executeTakeFirst();
  note('comments', comments.numUpdatedRows);
  note('access', (await db.deleteFrom('staff_access').where('at', '<', before(retention.access)).executeTakeFirst()).numDeletedRows);
  const requests = await db
    .deleteFrom('privacy_requests')
    .where('done_at', 'is not', null)
    .where('asked_at', '<', before(retention.requests))
    .executeTakeFirst();
  note('requests', requests.numDeletedRows);
  if (files.length > 0 || comments.numUpdatedRows > 0n) await noteScrub(db, now());
  if (await scrub(database, now())) note('scrubbed', 1);
  return done;
}

/** Conversations nothing was said in since `before`, without a hold, and whose work orders, if any, were closed before `ordersBefore`. */
async function silentConversations({ db }: OpenDatabase, before: number, ordersBefore: number): Promise<string[]> {
  const rows = await db
    .selectFrom('conversations')
    .select('id')
    .where('updated_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('privacy_holds').select('at').whereRef('privacy_holds.conversation_id', '=', 'conversations.id'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('work_orders')
            .select('work_orders.id')
            .whereRef('work_orders.conversation_id', '=', 'conversations.id')
            .where((eb) => eb.or([eb('closed_at', 'is', null), eb('closed_at', '>=', ordersBefore)])),
        ),
      ),
    )
    .orderBy('updated_at')
    .limit(AT_ONCE)
    .execute();
  return rows.map(({ id }) => id);
}

async function ordersOf({ db }: OpenDatabase, conversationId: string): Promise<string[]> {
  const rows = await db.selectFrom('work_orders').select('id').where('conversation_id', '=', conversationId).execute();
  return rows.map(({ id }) => id);
}

async function oldUploads({ db }: OpenDatabase, before: number): Promise<string[]> {
  const rows = await db
    .selectFrom('uploads')
    .select('id')
    .where('created_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('privacy_holds').select('at').whereRef('privacy_holds.conversation_id', '=', 'uploads.conversation_id'))),
    )
    .limit(AT_ONCE)
    .execute();
  return rows.map(({ id }) => id);
}
