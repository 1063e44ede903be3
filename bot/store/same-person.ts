/** Which other conversations are the same person's: the same account on a channel, the same WeChat person, the same bound telephone number. */
import type { Db } from './database.ts';

export interface EarlierConversation {
  readonly conversationId: string;
  readonly channel: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly updatedAt: number;
  /** Summary of the last request for a person; null: none was asked for. */
  readonly summary: string | null;
  /** What became of that request. */
  readonly status: string | null;
  readonly wrapUp: string | null;
  /** The outcome of the bot's last turn. */
  readonly outcome: string | null;
}

/** Ids of the person's other conversations. Only what the person was proven to be counts: accounts, union ids, numbers that wrote to us. */
async function idsOf(db: Db, conversationId: string): Promise<Set<string>> {
  const ids = new Set<string>();
  const self = await db.selectFrom('conversations').select(['channel', 'user_id']).where('id', '=', conversationId).executeTakeFirst();
  if (self === undefined) return ids;
  const wechat = await db.selectFrom('wechat_citizens').selectAll().where('conversation_id', '=', conversationId).execute();
  const sms = await db.selectFrom('sms_sessions').select('phone').where('conversation_id', '=', conversationId).execute();
  const unions = wechat.flatMap(({ union_id }) => union_id ?? []);
  const phones = [...wechat.flatMap(({ phone }) => phone ?? []), ...sms.map(({ phone }) => phone)];
  const add = (rows: readonly { conversation_id: string }[]) => {
    for (const row of rows) ids.add(row.conversation_id);
  };
  if (unions.length > 0) add(await db.selectFrom('wechat_citizens').select('conversation_id').where('union_id', 'in', unions).execute());
  if (phones.length > 0) {
    add(await db.selectFrom('wechat_citizens').select('conversation_id').where('phone', 'in', phones).execute());
    add(await db.selectFrom('sms_sessions').select('conversation_id').where('phone', 'in', phones).execute());
  }
  const users = new Set([JSON.stringify([self.channel, self.user_id])]);
  if (ids.size > 0) {
    const bound = await db
      .selectFrom('conversations')
      .select(['channel', 'user_id'])
      .where('id', 'in', [...ids])
      .execute();
    for (const { channel, user_id } of bound) users.add(JSON.stringify([channel, user_id]));
  }
  for (const user of users) {
    const [channel, userId] = JSON.parse(user) as [string, string];
    const rows = await db
      .selectFrom('conversations')
      .select('id')
      .where('user_id', '=', userId)
      .where('channel', '=', channel)
      .orderBy('updated_at', 'desc')
      .limit(50)
      .execute();
    for (const { id } of rows) ids.add(id);
  }
  ids.delete(conversationId);
  return ids;
}

/** Whether `other` is a conversation of the same person. */
export async function isSamePerson(db: Db, conversationId: string, other: string): Promise<boolean> {
  return (await idsOf(db, conversationId)).has(other);
}

/** The person's other conversations in which something was said, newest first, at most `limit`. */
export async function earlierConversations(db: Db, conversationId: string, limit: number): Promise<EarlierConversation[]> {
  const ids = [...(await idsOf(db, conversationId))];
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('conversations')
    .select(['id', 'channel', 'created_at', 'updated_at'])
    .where('id', 'in', ids)
    .where('last_seq', '>', 1)
    .orderBy('updated_at', 'desc')
    .limit(limit)
    .execute();
  const found: EarlierConversation[] = [];
  for (const row of rows) {
    const handoff = await db
      .selectFrom('handoffs')
      .select(['summary', 'status', 'wrap_up'])
      .where('conversation_id', '=', row.id)
      .orderBy('waiting_since', 'desc')
      .limit(1)
      .executeTakeFirst();
    const turn = await db
      .selectFrom('turns')
      .select('outcome')
      .where('conversation_id', '=', row.id)
      .orderBy('inbox_id', 'desc')
      .limit(1)
      .executeTakeFirst();
    found.push({
      conversationId: row.id,
      channel: row.channel,
      startedAt: Number(row.created_at),
      updatedAt: Number(row.updated_at),
      summary: handoff?.summary ?? null,
      status: handoff?.status ?? null,
      wrapUp: handoff?.wrap_up ?? null,
      outcome: turn?.outcome ?? null,
    });
  }
  return found;
}
