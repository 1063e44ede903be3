import { expect, test } from 'vitest';
import { backlog, ratingsSince } from './backlog.ts';
import { openHandoff } from './handoffs.ts';
import { acceptMessage } from './inbox.ts';
import { enqueueOutbox } from './outbox.ts';
import { saveRating } from './ratings.ts';
import { makeConversation, onEachEngine } from './testing/engines.ts';

onEachEngine('[R-122] what waits', (store) => {
  test('is nothing in an empty store', async () => {
    const nothing = { count: 0, oldest: undefined };
    expect(await backlog(store().db, 1000)).toEqual({
      inbox: nothing,
      outbox: nothing,
      queue: nothing,
      withAgents: 0,
      openWorkOrders: 0,
      overdueWorkOrders: 0,
    });
  });

  test('is counted in numbers, with the time of the oldest', async () => {
    const { db } = store();
    await makeConversation(db);
    const activity = { type: 'message' as const, from: { id: 'u1', role: 'user' as const }, text: '你好' };
    for (const [messageId, at] of [
      ['m1', 2000],
      ['m2', 3000],
    ] as const) {
      const { activityId, seq } = await acceptMessage(db, { channel: 'web', messageId, conversationId: 'c1', activity }, at);
      await enqueueOutbox(db, [{ channel: 'sms', conversationId: 'c1', activityId, seq }], at + 500);
    }
    await openHandoff(db, { id: 'h1', conversationId: 'c1', reason: 'asked', skill: 'general', urgency: 'general', summary: '' }, 4000);
    await saveRating(db, { conversationId: 'c1', score: 2, tags: [], comment: null, channel: 'web', createdAt: 5000 });
    expect(await backlog(db, 9000)).toMatchObject({
      inbox: { count: 2, oldest: 2000 },
      outbox: { count: 2, oldest: 2500 },
      queue: { count: 1, oldest: 4000 },
      withAgents: 0,
    });
    expect([...(await ratingsSince(db, 4500))]).toEqual([[2, 1]]);
    expect([...(await ratingsSince(db, 5500))]).toEqual([]);
  });
});
