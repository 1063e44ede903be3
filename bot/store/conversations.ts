/** Conversations: who talks on which channel, and in which mode. */
import type { Selectable } from 'kysely';
import type { Db } from './database.ts';
import { UnknownConversationError } from './errors.ts';
import { prepared } from './prepared.ts';
import type { ConversationsTable } from './tables.ts';

export interface Conversation {
  id: string;
  channel: string;
  userId: string;
  locale: string;
  mode: ConversationsTable['mode'];
  lastSeq: number;
  profile: Record<string, unknown>;
  createdAt: number;
  updatedAt: number;
}

export interface NewConversation {
  id: string;
  channel: string;
  userId: string;
  locale: string;
  profile?: Record<string, unknown> | undefined;
}

/** Creates a conversation in mode `bot`; an id that exists already gives that conversation unchanged, `created` false. */
export async function createConversation(
  db: Db,
  input: NewConversation,
  now: number,
): Promise<{ conversation: Conversation; created: boolean }> {
  const row = await db
    .insertInto('conversations')
    .values({
      id: input.id,
      channel: input.channel,
      user_id: input.userId,
      locale: input.locale,
      mode: 'bot',
      last_seq: 0,
      profile_json: JSON.stringify(input.profile ?? {}),
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) return { conversation: toConversation(row), created: true };
  const existing = await findConversation(db, input.id);
  if (existing === undefined) throw new UnknownConversationError(input.id);
  return { conversation: existing, created: false };
}

/** The conversation with this id, if there is one. */
export async function findConversation(db: Db, id: string): Promise<Conversation | undefined> {
  const row = await byId.first(db, { id });
  return row && toConversation(row);
}

const byId = prepared((db, { id }: { id: string }) => db.selectFrom('conversations').selectAll().where('id', '=', id));

/** How far each of these conversations has grown; ids nobody knows are left out. */
export async function lastSeqs(db: Db, ids: readonly string[]): Promise<{ id: string; lastSeq: number }[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('conversations').select(['id', 'last_seq']).where('id', 'in', ids).execute();
  return rows.map((row) => ({ id: row.id, lastSeq: row.last_seq }));
}

/** Changes mode, locale or the whole profile. Errors: UnknownConversationError. */
export async function updateConversation(
  db: Db,
  id: string,
  patch: Partial<Pick<Conversation, 'mode' | 'locale' | 'profile'>>,
  now: number,
): Promise<void> {
  const result = await db
    .updateTable('conversations')
    .set({
      ...(patch.mode !== undefined && { mode: patch.mode }),
      ...(patch.locale !== undefined && { locale: patch.locale }),
      ...(patch.profile !== undefined && { profile_json: JSON.stringify(patch.profile) }),
      updated_at: now,
    })
    .where('id', '=', id)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) throw new UnknownConversationError(id);
}

/** A stored row as the conversation it holds. */
export function toConversation(row: Selectable<ConversationsTable>): Conversation {
  return {
    id: row.id,
    channel: row.channel,
    userId: row.user_id,
    locale: row.locale,
    mode: row.mode,
    lastSeq: row.last_seq,
    profile: JSON.parse(row.profile_json) as Record<string, unknown>,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
