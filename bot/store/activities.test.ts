import { expect, test } from 'vitest';
import type { Activity } from '../activity.ts';
import { appendActivities, lastActivities, readActivities } from './activities.ts';
import { createConversation, findConversation, updateConversation } from './conversations.ts';
import { UnknownConversationError } from './errors.ts';
import { makeConversation, onEachEngine } from './testing/engines.ts';

const message = (text: string, more: Partial<Activity> = {}): Activity => ({
  type: 'message',
  from: { id: 'u1', role: 'user' },
  text,
  ...more,
});

/** Emoji of several code points, right-to-left with controls, four-byte ideographs, NUL, lone surrogate, line separators, quotes. */
const difficult = [
  '👩‍👩‍👧‍👦🏳️‍🌈🇨🇳',
  'مرحبا \u202Eالعالم\u202C שלום',
  '𠮷野家 𫝆 㐂',
  'a\u0000b',
  'x\uD83Dy',
  '\u2028\u2029\r\n\t\\"\'`',
  'é vs e\u0301',
  '%_;--',
];

onEachEngine('conversations', (store) => {
  test('a conversation is created once; the same id again returns the first unchanged', async () => {
    const { db } = store();
    const input = { id: 'c1', channel: 'web', userId: 'u1', locale: 'zh-CN', profile: { elder: true, name: '王👵' } };
    const first = await createConversation(db, input, 1000);
    expect(first).toEqual({
      created: true,
      conversation: { ...input, mode: 'bot', lastSeq: 0, createdAt: 1000, updatedAt: 1000 },
    });
    const second = await createConversation(db, { ...input, channel: 'sms', profile: {} }, 2000);
    expect(second).toEqual({ created: false, conversation: first.conversation });
    expect(await findConversation(db, 'c1')).toEqual(first.conversation);
    expect(await findConversation(db, 'c2')).toBeUndefined();
  });

  test('only the given fields of a conversation change', async () => {
    const { db } = store();
    await makeConversation(db);
    await updateConversation(db, 'c1', { mode: 'waiting' }, 2000);
    expect(await findConversation(db, 'c1')).toMatchObject({ mode: 'waiting', locale: 'zh-CN', profile: {}, updatedAt: 2000 });
    await updateConversation(db, 'c1', { locale: 'en', profile: { a: [1] } }, 3000);
    expect(await findConversation(db, 'c1')).toMatchObject({ mode: 'waiting', locale: 'en', profile: { a: [1] }, updatedAt: 3000 });
    await expect(updateConversation(db, 'nobody', { mode: 'bot' }, 1)).rejects.toThrow(UnknownConversationError);
  });
});

onEachEngine('activities', (store) => {
  test('appending numbers activities from 1, sets time and conversation, keeps a given id', async () => {
    const { db } = store();
    await makeConversation(db);
    const logged = await appendActivities(db, 'c1', [message('一'), message('二', { id: 'mine', timestamp: 'wrong' })], 1700000000000);
    const timestamp = '2023-11-14T22:13:20.000Z';
    const conversation = { id: 'c1' };
    expect(logged).toEqual([
      { ...message('一'), id: 'c1|0000001', timestamp, conversation, seq: 1 },
      { ...message('二'), id: 'mine', timestamp, conversation, seq: 2 },
    ]);
    expect(await readActivities(db, 'c1', 0, 10)).toEqual(logged);
    expect(await findConversation(db, 'c1')).toMatchObject({ lastSeq: 2, updatedAt: 1700000000000 });
    expect(await appendActivities(db, 'c1', [], 1)).toEqual([]);
  });

  test('reading starts after a watermark and stops at the limit; the newest come in ascending order', async () => {
    const { db } = store();
    await makeConversation(db);
    await makeConversation(db, 'c2');
    await appendActivities(
      db,
      'c1',
      Array.from({ length: 9 }, (_, index) => message(String(index + 1))),
      1,
    );
    await appendActivities(db, 'c2', [message('other')], 1);
    const seqs = async (list: Promise<{ seq: number }[]>) => (await list).map((activity) => activity.seq);
    expect(await seqs(readActivities(db, 'c1', 3, 4))).toEqual([4, 5, 6, 7]);
    expect(await seqs(readActivities(db, 'c1', 9, 4))).toEqual([]);
    expect(await seqs(lastActivities(db, 'c1', 3))).toEqual([7, 8, 9]);
    expect(await seqs(lastActivities(db, 'c1', 30))).toHaveLength(9);
    expect(await readActivities(db, 'nobody', 0, 10)).toEqual([]);
  });

  test('an unknown conversation is an error and logs nothing', async () => {
    const { db } = store();
    await expect(appendActivities(db, 'nobody', [message('x')], 1)).rejects.toThrow(UnknownConversationError);
  });

  test('an id that is taken is refused and leaves no gap', async () => {
    const { db, database } = store();
    await makeConversation(db);
    await appendActivities(db, 'c1', [message('一', { id: 'same' })], 1);
    await expect(database.transaction((tx) => appendActivities(tx, 'c1', [message('二', { id: 'same' })], 1))).rejects.toThrow(/unique/i);
    expect((await appendActivities(db, 'c1', [message('三')], 1))[0]?.seq).toBe(2);
  });

  test('many appends to one conversation at once give unique numbers without gaps, each batch in one piece', async () => {
    const { db, database } = store();
    await makeConversation(db);
    const batches = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        database.transaction((tx) => appendActivities(tx, 'c1', [message(`${index}a`), message(`${index}b`), message(`${index}c`)], 1)),
      ),
    );
    for (const [first, second, third] of batches) {
      expect([second?.seq, third?.seq]).toEqual([(first?.seq ?? 0) + 1, (first?.seq ?? 0) + 2]);
    }
    const log = await readActivities(db, 'c1', 0, 500);
    expect(log.map((activity) => activity.seq)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
    expect((await findConversation(db, 'c1'))?.lastSeq).toBe(120);
  });

  test('a transcript of a thousand activities goes in at once', async () => {
    const { db } = store();
    await makeConversation(db);
    await appendActivities(
      db,
      'c1',
      Array.from({ length: 1201 }, (_, index) => message(`第 ${index} 句`)),
      1,
    );
    expect((await lastActivities(db, 'c1', 1))[0]).toMatchObject({ seq: 1201, text: '第 1200 句' });
  });

  test('every text comes back exactly as it went in: emoji, right-to-left, four-byte characters, NUL', async () => {
    const { db } = store();
    await makeConversation(db);
    await appendActivities(
      db,
      'c1',
      difficult.map((text) => message(text, { value: { nested: [text] }, channelData: { [text]: text } })),
      1,
    );
    const log = await readActivities(db, 'c1', 0, 100);
    expect(log.map((activity) => activity.text)).toEqual(difficult);
    expect(log.map((activity) => activity.value)).toEqual(difficult.map((text) => ({ nested: [text] })));
    expect(log.map((activity) => activity.channelData)).toEqual(difficult.map((text) => ({ [text]: text })));
  });
});
