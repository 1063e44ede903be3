import { expect, test } from 'vitest';
import { readActivities } from './activities.ts';
import { findConversation, updateConversation } from './conversations.ts';
import type { OpenDatabase } from './database.ts';
import { UnknownConversationError } from './errors.ts';
import {
  type Acceptance,
  acceptMessage,
  acceptSpoken,
  conversationsWithPendingInbox,
  countAttempt,
  failInbox,
  finishInbox,
  pendingInbox,
} from './inbox.ts';
import { makeConversation, onEachEngine } from './testing/engines.ts';

const activity = { type: 'message' as const, from: { id: 'u1', role: 'user' as const }, text: '身份证丢了怎么补办' };

function accept(database: OpenDatabase, messageId: string, conversationId = 'c1', channel = 'web'): Promise<Acceptance> {
  return database.transaction((tx) => acceptMessage(tx, { channel, messageId, conversationId, activity }, 1000));
}

onEachEngine('inbox', (store) => {
  test('[R-030] a message is logged and waits for its turn', async () => {
    const { database, db } = store();
    await makeConversation(db);
    const accepted = await accept(database, 'm1');
    expect(accepted).toMatchObject({ duplicate: false, inboxId: expect.any(Number), activityId: 'c1|0000001', seq: 1 });
    const logged = { ...activity, id: 'c1|0000001', timestamp: '1970-01-01T00:00:01.000Z', conversation: { id: 'c1' }, seq: 1 };
    expect(await readActivities(db, 'c1', 0, 10)).toEqual([logged]);
    const row = { id: accepted.inboxId, conversationId: 'c1', channel: 'web', attempts: 0, activity: logged };
    expect(accepted.row).toEqual(row);
    expect(await pendingInbox(db, 'c1')).toEqual([row]);
  });

  test('[R-030] what a citizen says is of the conversation it is said in, once on its channel', async () => {
    const { database, db } = store();
    await makeConversation(db);
    const say = (messageId: string, conversationId = 'c1') =>
      database.transaction((tx) =>
        acceptSpoken(
          tx,
          { messageId, conversationId, activity: ({ channel, userId }) => ({ ...activity, channelId: channel, name: userId }) },
          1000,
        ),
      );
    const first = await say('m1');
    if (typeof first !== 'object') throw new Error(`it was not accepted: ${first}`);
    expect(first).toMatchObject({ duplicate: false, seq: 1, row: { channel: 'web', activity: { channelId: 'web', name: 'u1' } } });
    expect(await pendingInbox(db, 'c1')).toEqual([first.row]);
    expect(await say('m1')).toEqual({ ...first, duplicate: true, row: undefined });
    expect(await say('m2')).toMatchObject({ duplicate: false, seq: 2 });
    expect(await say('m3', 'nobody')).toBeUndefined();
    await updateConversation(db, 'c1', { mode: 'ended' }, 1000);
    expect(await say('m3')).toBe('ended');
    expect(await say('m1')).toEqual({ ...first, duplicate: true, row: undefined });
    expect(await findConversation(db, 'c1')).toMatchObject({ lastSeq: 2 });
  });

  test('[R-030] a second delivery appends nothing and returns the ids of the first', async () => {
    const { database, db } = store();
    await makeConversation(db);
    await makeConversation(db, 'c2');
    const first = await accept(database, 'm1');
    expect(await accept(database, 'm1')).toEqual({ ...first, duplicate: true, row: undefined });
    expect(await accept(database, 'm1', 'c2')).toEqual({ ...first, duplicate: true, row: undefined });
    expect(await accept(database, 'm1', 'c1', 'sms')).toMatchObject({ duplicate: false, seq: 2 });
    expect(await findConversation(db, 'c2')).toMatchObject({ lastSeq: 0, updatedAt: 1000 });
  });

  test('of many deliveries of one message at the same moment exactly one is appended', async () => {
    const { database, db, another } = store();
    const second = await another();
    await makeConversation(db);
    await makeConversation(db, 'c2');
    for (let round = 1; round <= 10; round++) {
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, index) => accept(index % 2 ? database : second, `m${round}`, index % 3 ? 'c1' : 'c2')),
      );
      expect(results.filter((result) => !result.duplicate)).toHaveLength(1);
      expect(new Set(results.map((result) => result.activityId)).size).toBe(1);
    }
    const logs = [await readActivities(db, 'c1', 0, 100), await readActivities(db, 'c2', 0, 100)];
    expect(logs.flat()).toHaveLength(10);
    for (const log of logs) expect(log.map((one) => one.seq)).toEqual(log.map((_, index) => index + 1));
    expect((await findConversation(db, 'c1'))?.lastSeq).toBe(logs[0]?.length);
    expect((await findConversation(db, 'c2'))?.lastSeq).toBe(logs[1]?.length);
  });

  test('a client can not choose an id of the log', async () => {
    const { database, db } = store();
    await makeConversation(db);
    const forged = { ...activity, id: 'c1|0000002' };
    await database.transaction((tx) => acceptMessage(tx, { channel: 'web', messageId: 'm1', conversationId: 'c1', activity: forged }, 1));
    expect(await accept(database, 'm2')).toMatchObject({ activityId: 'c1|0000002', seq: 2 });
  });

  test('a message for an unknown conversation is an error', async () => {
    await expect(accept(store().database, 'm1', 'nobody')).rejects.toThrow(UnknownConversationError);
  });

  test('waiting messages come oldest first, conversations by their longest waiting message', async () => {
    const { database, db } = store();
    await makeConversation(db, 'z');
    await makeConversation(db, 'a');
    const first = await accept(database, 'm1', 'z');
    await accept(database, 'm2', 'a');
    await accept(database, 'm3', 'z');
    expect((await pendingInbox(db, 'z')).map((row) => row.activity.seq)).toEqual([1, 2]);
    expect(await conversationsWithPendingInbox(db)).toEqual(['z', 'a']);
    await finishInbox(db, first.inboxId, 2000);
    expect((await pendingInbox(db, 'z')).map((row) => row.activity.seq)).toEqual([2]);
    expect(await conversationsWithPendingInbox(db)).toEqual(['a', 'z']);
  });

  test('a message is finished once; attempts count; a failed one does not come back', async () => {
    const { database, db, another } = store();
    const second = await another();
    await makeConversation(db);
    const { inboxId } = await accept(database, 'm1');
    await countAttempt(db, inboxId);
    await countAttempt(db, inboxId);
    expect((await pendingInbox(db, 'c1'))[0]?.attempts).toBe(2);
    const finished = await Promise.all([database, second, database].map((one) => one.transaction((tx) => finishInbox(tx, inboxId, 2000))));
    expect(finished.filter(Boolean)).toHaveLength(1);
    const other = await accept(database, 'm2');
    await failInbox(db, other.inboxId, 'broken', 2000);
    expect(await finishInbox(db, other.inboxId, 3000)).toBe(false);
    expect(await conversationsWithPendingInbox(db)).toEqual([]);
    const rows = await db.selectFrom('inbox').select(['status', 'error', 'done_at']).orderBy('id').execute();
    expect(rows).toEqual([
      { status: 'done', error: null, done_at: 2000 },
      { status: 'failed', error: 'broken', done_at: 2000 },
    ]);
    expect(await accept(database, 'm2')).toMatchObject({ duplicate: true, inboxId: other.inboxId });
  });
});
