import { expect, test } from 'vitest';
import {
  addStaff,
  createSession,
  deleteSession,
  deleteSessionsOf,
  findSession,
  findStaff,
  listStaff,
  setPassword,
  staffSeenSince,
} from './staff.ts';
import { onEachEngine } from './testing/engines.ts';

const li = { name: 'li', role: 'agent' as const, passwordHash: 'hash1' };

onEachEngine('staff', (store) => {
  test('[R-016] an account has a role; a name is taken once', async () => {
    const { db } = store();
    expect(await addStaff(db, li, 1000)).toBe(true);
    expect(await addStaff(db, { ...li, role: 'admin' }, 2000)).toBe(false);
    expect(await addStaff(db, { ...li, name: 'an', role: 'editor' }, 2000)).toBe(true);
    expect(await findStaff(db, 'li')).toEqual({ ...li, createdAt: 1000 });
    expect(await findStaff(db, 'nobody')).toBeUndefined();
    expect((await listStaff(db)).map((staff) => [staff.name, staff.role])).toEqual([
      ['an', 'editor'],
      ['li', 'agent'],
    ]);
  });

  test('a password can be changed for accounts that exist', async () => {
    const { db } = store();
    await addStaff(db, li, 1000);
    expect(await setPassword(db, 'li', 'hash2')).toBe(true);
    expect((await findStaff(db, 'li'))?.passwordHash).toBe('hash2');
    expect(await setPassword(db, 'nobody', 'hash2')).toBe(false);
  });

  test('a session is found until it expires or is ended; being seen is noted once a minute', async () => {
    const { db } = store();
    await addStaff(db, li, 1000);
    await createSession(db, { tokenHash: 't1', staffName: 'li', expiresAt: 500_000 }, 1000);
    const session = { tokenHash: 't1', staffName: 'li', expiresAt: 500_000, lastSeenAt: 1000, createdAt: 1000 };
    const staff = { ...li, createdAt: 1000 };
    expect(await findSession(db, 't1', 60_999)).toEqual({ staff, session });
    expect(await staffSeenSince(db, 1001)).toEqual([]);
    expect(await findSession(db, 't1', 61_000)).toEqual({ staff, session: { ...session, lastSeenAt: 61_000 } });
    expect(await staffSeenSince(db, 61_000)).toEqual([{ name: 'li', role: 'agent' }]);
    expect(await findSession(db, 't1', 500_000)).toBeUndefined();
    expect(await findSession(db, 'unknown', 1000)).toBeUndefined();
  });

  test('sessions end one by one or all of an account; expired ones are cleared away', async () => {
    const { db } = store();
    await addStaff(db, li, 1000);
    await addStaff(db, { ...li, name: 'an' }, 1000);
    for (const tokenHash of ['t1', 't2', 't3']) await createSession(db, { tokenHash, staffName: 'li', expiresAt: 9000 }, 1000);
    await createSession(db, { tokenHash: 't4', staffName: 'an', expiresAt: 9000 }, 1000);
    expect(await staffSeenSince(db, 1000)).toEqual([
      { name: 'an', role: 'agent' },
      { name: 'li', role: 'agent' },
    ]);
    await deleteSession(db, 't1');
    expect(await findSession(db, 't1', 2000)).toBeUndefined();
    expect(await findSession(db, 't2', 2000)).toBeDefined();
    await deleteSessionsOf(db, 'li');
    expect(await findSession(db, 't2', 2000)).toBeUndefined();
    expect(await findSession(db, 't4', 2000)).toBeDefined();
    await createSession(db, { tokenHash: 't5', staffName: 'an', expiresAt: 99_000 }, 9000);
    expect(await db.selectFrom('sessions').select('token_hash').execute()).toEqual([{ token_hash: 't5' }]);
    await expect(createSession(db, { tokenHash: 't6', staffName: 'nobody', expiresAt: 1 }, 0)).rejects.toThrow(/foreign key/i);
  });
});
