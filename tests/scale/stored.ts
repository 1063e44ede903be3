/** What must hold in the store when nobody talks any more: one turn for each message, order kept, nothing answered twice. */
import { expect } from 'vitest';
import { readActivities } from '../../bot/store/activities.ts';
import type { Db } from '../../bot/store/database.ts';

/** How many messages are not worked off yet: pushed by an SMS provider and not taken, or without their turn. */
export async function waiting(db: Db): Promise<number> {
  const pushed = await db.selectFrom('sms_pushes').select('id').where('sender', '!=', '').execute();
  const inbox = await db.selectFrom('inbox').select('id').where('status', '=', 'pending').execute();
  return pushed.length + inbox.length;
}

/** Over the whole store. Returns the number of turns. */
export async function expectOneTurnEach(db: Db): Promise<number> {
  const inbox = await db.selectFrom('inbox').select(['id', 'status']).orderBy('id').execute();
  const turns = await db.selectFrom('turns').select(['inbox_id', 'outcome', 'reason']).orderBy('inbox_id').execute();
  expect(inbox.filter(({ status }) => status !== 'done')).toEqual([]);
  expect(turns.map((turn) => turn.inbox_id)).toEqual(inbox.map((row) => row.id));
  expect(turns.filter(({ outcome }) => outcome === 'failed_internal')).toEqual([]);
  return turns.length;
}

/** What a person said stands in the log once, in their order, and each was replied to; the log has no gap. Returns the log. */
export async function expectWholeTalk(db: Db, conversationId: string, said: readonly { text: string; acknowledged: string | undefined }[]) {
  const log = await readActivities(db, conversationId, 0, 1_000_000);
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i + 1));
  const own = log.filter(({ from, type }) => from.role === 'user' && type === 'message');
  expect(own.map(({ id, text }) => [id, text])).toEqual(said.map(({ acknowledged, text }) => [acknowledged, text]));
  const replies = log.filter(({ from, type, replyToId }) => from.role === 'bot' && type === 'message' && replyToId !== undefined);
  const keys = replies.map(({ replyToId, text }) => `${replyToId} ${text}`);
  expect(keys).toEqual([...new Set(keys)]);
  // A reply comes after what it replies to, and replies come in the order of the messages.
  const places = new Map(own.map(({ id }, i) => [id, i]));
  const order = replies.map(({ replyToId }) => places.get(replyToId ?? '') ?? -1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  return log;
}
