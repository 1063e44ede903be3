import { expect, test } from 'vitest';
import { appendActivities } from './activities.ts';
import type { Db } from './database.ts';
import { claimOutbox, deferOutbox, dueOutbox, enqueueOutbox, failOutbox, holdOutbox, markSent } from './outbox.ts';
import { makeConversation, onEachEngine } from './testing/engines.ts';

/** Appends `texts` to a conversation and queues them for its channel. */
async function queue(db: Db, conversationId: string, texts: string[], now = 1000): Promise<void> {
  const from = { id: 'wenban', role: 'bot' as const };
  const logged = await appendActivities(
    db,
    conversationId,
    texts.map((text) => ({ type: 'message', from, text })),
    now,
  );
  await enqueueOutbox(
    db,
    logged.map((activity) => ({ channel: 'sms', conversationId, activityId: activity.id, seq: activity.seq })),
    now,
  );
}

const texts = async (db: Db, now = 1000, limit = 10): Promise<(string | undefined)[]> =>
  (await dueOutbox(db, now, limit)).map((row) => row.activity.text);

onEachEngine('outbox', (store) => {
  test('of each conversation only the first unsent activity is due, so order is kept', async () => {
    const { db } = store();
    await makeConversation(db, 'a');
    await makeConversation(db, 'b');
    await queue(db, 'a', ['a1', 'a2', 'a3']);
    await queue(db, 'b', ['b1', 'b2']);
    const due = await dueOutbox(db, 1000, 10);
    expect(due.map((row) => row.activity.text)).toEqual(['a1', 'b1']);
    expect(due[0]).toMatchObject({ channel: 'sms', conversationId: 'a', activityId: 'a|0000001', seq: 1, attempts: 0 });
    expect(await texts(db, 1000, 1)).toEqual(['a1']);
    await markSent(db, due[0]?.id ?? 0, 2000);
    expect(await texts(db)).toEqual(['a2', 'b1']);
  });

  test('while one is being retried, later ones of the conversation wait and other conversations go on', async () => {
    const { db } = store();
    await makeConversation(db, 'a');
    await makeConversation(db, 'b');
    await queue(db, 'a', ['a1', 'a2']);
    await queue(db, 'b', ['b1']);
    const [first] = await dueOutbox(db, 1000, 10);
    await deferOutbox(db, first?.id ?? 0, { error: 'HTTP 503', nextAt: 5000 });
    expect(await texts(db, 4999)).toEqual(['b1']);
    expect(await dueOutbox(db, 5000, 10)).toMatchObject([{ attempts: 1, activity: { text: 'a1' } }, { activity: { text: 'b1' } }]);
  });

  test('one that is given up lets the next one go', async () => {
    const { db } = store();
    await makeConversation(db, 'a');
    await queue(db, 'a', ['a1', 'a2']);
    const [first] = await dueOutbox(db, 1000, 10);
    await failOutbox(db, first?.id ?? 0, 'HTTP 400');
    expect(await texts(db)).toEqual(['a2']);
    const rows = await db.selectFrom('outbox').select(['status', 'error', 'attempts']).orderBy('seq').execute();
    expect(rows).toEqual([
      { status: 'failed', error: 'HTTP 400', attempts: 1 },
      { status: 'pending', error: null, attempts: 0 },
    ]);
  });

  test('what is queued or sent already is not queued again, and nothing is due before its time', async () => {
    const { db } = store();
    await makeConversation(db, 'a');
    await queue(db, 'a', ['a1'], 3000);
    expect(await texts(db, 2999)).toEqual([]);
    const [first] = await dueOutbox(db, 3000, 10);
    const entry = { channel: 'sms', conversationId: 'a', activityId: 'a|0000001', seq: 1 };
    await enqueueOutbox(db, [entry], 3000);
    await markSent(db, first?.id ?? 0, 3000);
    await enqueueOutbox(db, [entry], 4000);
    await enqueueOutbox(db, [], 4000);
    expect(await texts(db, 9000)).toEqual([]);
    expect(await db.selectFrom('outbox').select(['status', 'sent_at']).execute()).toEqual([{ status: 'sent', sent_at: 3000 }]);
  });

  test('of many who claim a row at once, in two processes, one gets it; it is due again when the lease runs out', async () => {
    const { db, another } = store();
    const { db: elsewhere } = await another();
    await makeConversation(db, 'a');
    await queue(db, 'a', ['a1', 'a2']);
    const [{ id = 0 } = {}] = await dueOutbox(db, 1000, 10);
    const claim = (process: Db, now: number) => claimOutbox(process, id, { now, until: now + 500 });
    const results = await Promise.all(Array.from({ length: 12 }, (_, i) => claim(i % 2 === 0 ? db : elsewhere, 1000 + i)));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await texts(elsewhere, 1499)).toEqual([]);
    await holdOutbox(db, id, 2000);
    expect([await texts(elsewhere, 1999), await claim(elsewhere, 1999)]).toEqual([[], false]);
    expect(await dueOutbox(elsewhere, 2000, 10)).toMatchObject([{ attempts: 0, activity: { text: 'a1' } }]);
    expect(await claim(elsewhere, 2000)).toBe(true);
    await markSent(elsewhere, id, 2100);
    await holdOutbox(db, id, 9000);
    expect([await claim(db, 9000), await texts(db, 2100)]).toEqual([false, ['a2']]);
  });

  test('[R-021] what is due is sent even after the clock was set back by an hour, and is claimed by one', async () => {
    const { db } = store();
    await makeConversation(db);
    const hour = 3_600_000;
    await queue(db, 'c1', ['您好'], 10 * hour);
    const now = 9 * hour;
    const [row] = await dueOutbox(db, now, 5);
    expect(row?.seq).toBe(1);
    const times = { now, until: now + 10_000 };
    expect([await claimOutbox(db, row?.id ?? 0, times), await claimOutbox(db, row?.id ?? 0, times)]).toEqual([true, false]);
  });
});
