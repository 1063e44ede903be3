import { expect, test } from 'vitest';
import { findRating, listRatings, type Rating, saveRating } from './ratings.ts';
import { findSetting, settingOrCreate } from './settings.ts';
import { makeConversation, onEachEngine } from './testing/engines.ts';
import { listTurns, recordTurn, type TurnRecord } from './turns.ts';
import { findUpload, saveUpload } from './uploads.ts';

onEachEngine('turns', (store) => {
  test('turns come back whole, oldest first', async () => {
    const { db } = store();
    await makeConversation(db);
    const turn = (id: string, createdAt: number, more: Partial<TurnRecord> = {}): TurnRecord => ({
      id,
      conversationId: 'c1',
      inboxId: 1,
      outcome: 'answered',
      reason: null,
      commands: [{ kind: 'answer', query: '补领身份证' }],
      citations: ['guide.id-card'],
      confidence: 0.875,
      timings: { screen: 0.2, understand: 3.5 },
      createdAt,
      ...more,
    });
    const first = turn('t2', 1000);
    const second = turn('t1', 2000, {
      outcome: 'failed_internal',
      reason: '超时',
      confidence: null,
      commands: [],
      citations: [],
      inboxId: 2,
    });
    await recordTurn(db, second);
    await recordTurn(db, first);
    expect(await listTurns(db, 'c1')).toEqual([first, second]);
    expect(await listTurns(db, 'c2')).toEqual([]);
    await expect(recordTurn(db, first)).rejects.toThrow(/unique/i);
  });
});

onEachEngine('ratings', (store) => {
  const rating = (conversationId: string, score: number, createdAt: number): Rating => ({
    conversationId,
    score,
    tags: ['答得快', '态度好'],
    comment: '谢谢 🙏',
    channel: 'web',
    createdAt,
  });

  test('a conversation is rated once; a second rating changes nothing', async () => {
    const { db, another } = store();
    const second = await another();
    await makeConversation(db);
    const saved = await Promise.all([1, 2, 3, 4, 5].map((score) => saveRating(score % 2 ? db : second.db, rating('c1', score, 1000))));
    expect(saved.filter(Boolean)).toHaveLength(1);
    const kept = await findRating(db, 'c1');
    expect(kept).toEqual(rating('c1', saved.indexOf(true) + 1, 1000));
    expect(await saveRating(db, { ...rating('c1', 1, 2000), comment: null })).toBe(false);
    expect(await findRating(db, 'c1')).toEqual(kept);
    expect(await findRating(db, 'c2')).toBeUndefined();
  });

  test('ratings are listed newest first, of all or of one conversation; a score is 1 to 5', async () => {
    const { db } = store();
    for (const id of ['c1', 'c2', 'c3']) await makeConversation(db, id);
    await saveRating(db, rating('c1', 5, 1000));
    await saveRating(db, { ...rating('c2', 1, 3000), comment: null, tags: [] });
    await expect(saveRating(db, rating('c3', 6, 1))).rejects.toThrow(/check/i);
    await saveRating(db, rating('c3', 3, 2000));
    expect((await listRatings(db, { limit: 2 })).map((one) => one.conversationId)).toEqual(['c2', 'c3']);
    expect(await listRatings(db, { conversationId: 'c1', limit: 10 })).toEqual([rating('c1', 5, 1000)]);
  });
});

onEachEngine('uploads', (store) => {
  test('an upload of a conversation is found by its id', async () => {
    const { db } = store();
    await makeConversation(db);
    const upload = {
      id: 'u1',
      conversationId: 'c1',
      name: '身份证 正面.jpg',
      contentType: 'image/jpeg',
      size: 5_000_000_000,
      sha256: 'ab',
    };
    await saveUpload(db, upload, 1000);
    expect(await findUpload(db, 'u1')).toEqual({ ...upload, createdAt: 1000 });
    expect(await findUpload(db, 'u2')).toBeUndefined();
    await expect(saveUpload(db, { ...upload, id: 'u2', conversationId: 'nobody' }, 1)).rejects.toThrow(/foreign key/i);
  });
});

onEachEngine('settings', (store) => {
  test('a setting is made once, also when several processes come first at the same moment', async () => {
    const { db, another } = store();
    const second = await another();
    let made = 0;
    const make = () => `secret-${made++}`;
    const values = await Promise.all(Array.from({ length: 10 }, (_, index) => settingOrCreate(index % 2 ? db : second.db, 'token', make)));
    expect(new Set(values).size).toBe(1);
    expect(await settingOrCreate(db, 'token', () => 'other')).toBe(values[0]);
    expect(await findSetting(second.db, 'token')).toBe(values[0]);
    expect(await findSetting(db, 'unknown')).toBeUndefined();
  });
});
