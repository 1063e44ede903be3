import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { appendActivities, readActivities } from './activities.ts';
import { acceptMessage } from './inbox.ts';
import { prepared, preparedRows } from './prepared.ts';
import { setReminder } from './reminders.ts';
import { isSealed } from './sealing/seal.ts';
import { StateStorage } from './state.ts';
import { makeConversation, onEachEngine } from './testing/engines.ts';
import { turnStart } from './turn-start.ts';
import { addWebhook, switchWebhook } from './webhooks.ts';

const said = (text: string) => ({ type: 'message' as const, from: { id: 'u1', role: 'user' as const }, text });

let built = 0;
const settingOf = prepared((db, { key }: { key: string }) => {
  built++;
  return db.selectFrom('settings').select('value').where('key', '=', key);
});
const put = preparedRows((db, rows: readonly { key: string; value: string }[]) => {
  built++;
  return db.insertInto('settings').values(rows.map(({ key, value }) => ({ key, value })));
});
const profileOf = prepared((db, { userId, channel }: { userId: string; channel: string }) =>
  db.selectFrom('conversations').select(['id', 'user_id', 'profile_json']).where('channel', '=', channel).where('user_id', '=', userId),
);
const profiled = prepared((db, { id, userId, profile }: { id: string; userId: string; profile: string }) =>
  db.updateTable('conversations').set({ user_id: userId, profile_json: profile }).where('id', '=', id),
);

onEachEngine('prepared queries', (store) => {
  test('are built once for each database and number of rows, whatever runs them', async () => {
    const { database, db, another } = store();
    built = 0;
    await put.changed(db, [{ key: 'a', value: '1' }]);
    await database.transaction(async (tx) => {
      expect(await put.changed(tx, [{ key: 'b', value: '2' }])).toBe(1);
      expect(await settingOf.first(tx, { key: 'b' })).toEqual({ value: '2' });
    });
    expect(await settingOf.all(db, { key: 'a' })).toEqual([{ value: '1' }]);
    expect(await settingOf.first(db, { key: 'nothing' })).toBeUndefined();
    expect(built).toBe(2);
    const many = ['c', 'd', 'e'].map((key) => ({ key, value: key }));
    expect(await put.changed(db, many)).toBe(3);
    expect(built).toBe(3);
    expect(await settingOf.first((await another()).db, { key: 'd' })).toEqual({ value: 'd' });
    expect(built).toBe(4);
    // More rows than are worth a statement of their own.
    const crowd = Array.from({ length: 50 }, (_, index) => ({ key: `k${index}`, value: 'x' }));
    expect(await put.changed(db, crowd)).toBe(50);
  });

  test('see what their transaction wrote, nothing of one that was undone, and fail as others do', async () => {
    const { database, db } = store();
    const undone = database.transaction(async (tx) => {
      await put.changed(tx, [{ key: 'x', value: '1' }]);
      expect(await settingOf.first(db, { key: 'x' }).catch((error: unknown) => String(error))).toContain('use the transaction handle');
      await put.changed(tx, [{ key: 'x', value: '2' }]);
    });
    await expect(undone).rejects.toThrow(/unique/i);
    expect(await settingOf.first(db, { key: 'x' })).toBeUndefined();
    let kept = db;
    await database.transaction(async (tx) => {
      kept = tx;
    });
    await expect(settingOf.first(kept, { key: 'x' })).rejects.toThrow('already committed');
  });

  test('[R-129] seal what they write, and find and open it again', async () => {
    const { database, db } = store();
    await makeConversation(db);
    await makeConversation(db, 'c2');
    for (const [id, userId] of [
      ['c1', '13912345678'],
      ['c2', '13987654321'],
    ] as const)
      expect(await profiled.changed(db, { id, userId, profile: `{"id":"${userId}"}` })).toBe(1);
    const expected = { id: 'c2', user_id: '13987654321', profile_json: '{"id":"13987654321"}' };
    expect(await profileOf.all(db, { channel: 'web', userId: '13987654321' })).toEqual([expected]);
    await database.transaction(async (tx) =>
      expect(await profileOf.first(tx, { channel: 'web', userId: '13987654321' })).toEqual(expected),
    );
    if (database.sealing === undefined) return;
    const raw = await database.sealing.plain.selectFrom('conversations').select(['user_id', 'profile_json']).execute();
    expect(raw.every(({ user_id, profile_json }) => isSealed(user_id) && isSealed(profile_json))).toBe(true);
  });

  test('a builder that looks at its values is told so', async () => {
    const { db } = store();
    const wrong = prepared((inner, { key }: { key: string }) => inner.selectFrom('settings').select('value').where('key', '=', `${key}!`));
    await expect(wrong.first(db, { key: 'a' })).rejects.toThrow('has no value yet');
  });

  test('a first row is all that is read, and leaves nothing open', async () => {
    const { database, db } = store();
    await makeConversation(db);
    await database.transaction((tx) => appendActivities(tx, 'c1', ['一', '二', '三'].map(said), 1));
    const any = prepared((inner, { id }: { id: string }) => inner.selectFrom('activities').select('seq').where('conversation_id', '=', id));
    expect(await any.first(db, { id: 'c1' })).toEqual({ seq: 1 });
    await database.transaction((tx) => appendActivities(tx, 'c1', [said('四')], 2));
    expect((await readActivities(db, 'c1', 0, 9)).map(({ text }) => text)).toEqual(['一', '二', '三', '四']);
    expect(await any.all(db, { id: 'c1' })).toHaveLength(4);
  });

  test('`select *` sees a column that was added meanwhile', async () => {
    const { db } = store();
    const whole = prepared((inner, { key }: { key: string }) => inner.selectFrom('settings').selectAll().where('key', '=', key));
    await put.changed(db, [{ key: 'w', value: '1' }]);
    expect(await whole.first(db, { key: 'w' })).toEqual({ key: 'w', value: '1' });
    try {
      await sql`alter table settings add column later integer default 7`.execute(db);
      expect(await whole.first(db, { key: 'w' })).toEqual({ key: 'w', value: '1', later: 7 });
    } finally {
      await sql`alter table settings drop column later`.execute(db);
    }
  });
});

onEachEngine('the start of a turn', (store) => {
  test('knows the conversation, its state, what it is about and whether a reminder is set', async () => {
    const { database, db } = store();
    expect(await turnStart(db, 'c1', 'k')).toBeUndefined();
    await makeConversation(db);
    expect(await turnStart(db, 'c1', 'k')).toMatchObject({ conversation: { id: 'c1', userId: 'u1' }, reminded: false });
    expect(await turnStart(db, 'c1', 'k')).toMatchObject({ stored: undefined, demand: undefined, next: undefined, webhooks: false });
    const message = { channel: 'web', messageId: 'm', conversationId: 'c1', activity: said('在吗') };
    const { inboxId: next } = await database.transaction((tx) => acceptMessage(tx, message, 1));
    await database.transaction((tx) => acceptMessage(tx, { ...message, messageId: 'later' }, 1));
    const hook = { id: 'h', url: 'https://a.example', kinds: [], department: null, fields: 'basic' as const, secrets: [], note: null };
    await addWebhook(db, { ...hook, state: 'on', createdBy: 'a', createdAt: 1 });
    const state = { step: '二', eTag: '*' };
    await new StateStorage(db).write({ k: state });
    await setReminder(db, { conversationId: 'c1', kind: 'remind', dueAt: 5 });
    const demand = { conversation_id: 'c1', inbox_id: 1, domain: 'service', department: null, confidence: 0.5, created_at: 1 };
    for (const type of ['consult', 'complaint'])
      await db
        .insertInto('demands')
        .values({ ...demand, type })
        .execute();
    expect(await turnStart(db, 'c1', 'k')).toMatchObject({
      conversation: { id: 'c1', lastSeq: 2, createdAt: 1000 },
      stored: { step: '二', eTag: state.eTag },
      demand: { conversationId: 'c1', type: 'complaint', department: null, createdAt: 1 },
      reminded: true,
      next,
      webhooks: true,
    });
    await switchWebhook(db, 'h', 'off', null);
    expect(await turnStart(db, 'c1', 'k')).toMatchObject({ webhooks: false });
  });
});
