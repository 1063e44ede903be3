import { expect, test } from 'vitest';
import { claimHandoff, openHandoff } from './handoffs.ts';
import { addStaff, createSession, findSession } from './staff.ts';
import { listAccess, recordAccess } from './staff-access.ts';
import { defaultProfile, noteAssigned, profileOf, putProfile, staffOnDuty } from './staff-profiles.ts';
import { makeConversation, onEachEngine } from './testing/engines.ts';

onEachEngine('staff profiles', (store) => {
  test('a supervisor is a role; sessions end with their account', async () => {
    const { db } = store();
    expect(await addStaff(db, { name: 'sun', role: 'supervisor', passwordHash: 'x' }, 1)).toBe(true);
    await createSession(db, { tokenHash: 'h', staffName: 'sun', expiresAt: 1e9 }, 1);
    expect((await findSession(db, 'h', 2))?.staff.role).toBe('supervisor');
    await db.deleteFrom('staff').where('name', '=', 'sun').execute();
    expect(await findSession(db, 'h', 2)).toBeUndefined();
    await expect(addStaff(db, { name: 'x', role: 'king' as never, passwordHash: '' }, 1)).rejects.toThrow(/check/i);
  });

  test('somebody who said nothing about themselves serves the general queue in Chinese', async () => {
    const { db } = store();
    await addStaff(db, { name: 'li', role: 'agent', passwordHash: '' }, 0);
    expect(await profileOf(db, 'li')).toEqual({ name: 'li', ...defaultProfile });
    const profile = { name: 'li', skills: ['医保'], languages: ['zh', 'en'], department: null, presence: 'auto' as const, capacity: 3 };
    await putProfile(db, profile, 1);
    await putProfile(db, { ...profile, capacity: 4 }, 2);
    expect(await profileOf(db, 'li')).toEqual({ ...profile, capacity: 4 });
    await expect(putProfile(db, { ...profile, name: 'nobody' }, 1)).rejects.toThrow(/foreign key/i);
  });

  test('who is on duty, with what they have in hand; who is away is not', async () => {
    const { db } = store();
    for (const name of ['li', 'wang', 'zhao']) {
      await addStaff(db, { name, role: 'agent', passwordHash: '' }, 0);
      await createSession(db, { tokenHash: name, staffName: name, expiresAt: 1e9 }, name === 'zhao' ? 100 : 1000);
    }
    await putProfile(db, { name: 'wang', skills: ['医保'], languages: ['zh'], department: null, presence: 'auto', capacity: 2 }, 1);
    await noteAssigned(db, 'wang', 900);
    await makeConversation(db);
    await openHandoff(db, { id: 'h1', conversationId: 'c1', reason: 'asked', skill: 'general', urgency: 'general', summary: '' }, 1);
    await claimHandoff(db, 'c1', 'wang', 2);
    expect((await staffOnDuty(db, 500)).map(({ name, load, presence, lastAssignedAt }) => [name, load, presence, lastAssignedAt])).toEqual([
      ['li', 0, 'manual', 0],
      ['wang', 1, 'auto', 900],
    ]);
    await putProfile(db, { name: 'li', ...defaultProfile, presence: 'away' }, 1);
    expect((await staffOnDuty(db, 500)).map(({ name }) => name)).toEqual(['wang']);
  });
});

onEachEngine('access to matters', (store) => {
  test('[R-016] is written down and found by whom and by what, newest first', async () => {
    const { db } = store();
    const access = (staff: string, target: string, at: number) => ({ staff, action: 'read', kind: 'work_order' as const, target, at });
    await recordAccess(db, []);
    await recordAccess(db, [access('li', 'o1', 1), access('li', 'o2', 1)]);
    await recordAccess(db, [access('wang', 'o1', 2)]);
    const found = async (filter: Omit<Parameters<typeof listAccess>[1], 'limit'>) =>
      (await listAccess(db, { limit: 10, ...filter })).map(({ staff, target }) => `${staff} ${target}`);
    expect(await found({})).toEqual(['wang o1', 'li o2', 'li o1']);
    expect(await found({ staff: 'li' })).toEqual(['li o2', 'li o1']);
    expect(await found({ kind: 'work_order', target: 'o1' })).toEqual(['wang o1', 'li o1']);
    const [newest] = await listAccess(db, { limit: 1 });
    expect(await found({ before: newest?.id ?? 0 })).toEqual(['li o2', 'li o1']);
  });
});
