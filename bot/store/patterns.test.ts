import { expect, test } from 'vitest';
import { demandHistory, noteDemand } from './demands.ts';
import { dropReminder, dueReminders, setReminder, takeReminder } from './reminders.ts';
import { makeConversation, onEachEngine } from './testing/engines.ts';

onEachEngine('reminders and demands', (store) => {
  test('of many that take a due reminder one gets it; a newer one is not taken for an older', async () => {
    const { db } = store();
    await makeConversation(db);
    await setReminder(db, { conversationId: 'c1', kind: 'remind', dueAt: 10 });
    expect(await dueReminders(db, 9, 5)).toEqual([]);
    const [due] = await dueReminders(db, 10, 5);
    if (!due) throw new Error('nothing is due');
    await setReminder(db, { conversationId: 'c1', kind: 'remind', dueAt: 20 });
    expect(await takeReminder(db, due)).toBe(false);
    const [newer] = await dueReminders(db, 20, 5);
    if (!newer) throw new Error('nothing is due');
    const takers = await Promise.all(Array.from({ length: 5 }, () => takeReminder(db, newer)));
    expect(takers.filter(Boolean)).toHaveLength(1);
    await setReminder(db, { conversationId: 'c1', kind: 'end', dueAt: 30 });
    await dropReminder(db, 'c1');
    expect(await dueReminders(db, 99, 5)).toEqual([]);
  });

  test('[R-008] a demand that changes leaves its history', async () => {
    const { db } = store();
    await makeConversation(db);
    const demand = { conversationId: 'c1', inboxId: 1, domain: 'service' as const, department: '甲局', confidence: 0.5, createdAt: 1 };
    await noteDemand(db, { ...demand, type: 'consult' }, undefined);
    await noteDemand(db, { ...demand, type: 'consult', confidence: 0.9, createdAt: 2 }, (await demandHistory(db, 'c1')).at(-1));
    await noteDemand(db, { ...demand, type: 'complaint', createdAt: 3 }, (await demandHistory(db, 'c1')).at(-1));
    expect((await demandHistory(db, 'c1')).map(({ type, createdAt }) => [type, createdAt])).toEqual([
      ['consult', 1],
      ['complaint', 3],
    ]);
    expect((await demandHistory(db, 'c1')).at(-1)?.type).toBe('complaint');
  });
});
