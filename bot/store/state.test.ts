import { expect, test } from 'vitest';
import { StateConflictError, StateStorage } from './state.ts';
import { onEachEngine } from './testing/engines.ts';

onEachEngine('bot state', (store) => {
  test('what is written is read back, with an eTag that the written object carries too', async () => {
    const storage = new StateStorage(store().db);
    const item: Record<string, unknown> = { slots: { city: '安澜🏙️' }, stack: [1, null] };
    await storage.write({ 'conversation/1': item });
    expect(item.eTag).toEqual(expect.any(String));
    expect(await storage.read(['conversation/1', 'unknown'])).toEqual({ 'conversation/1': item });
    expect(await storage.read([])).toEqual({});
  });

  test('each write gives a new eTag; writing with an old one is a conflict and changes nothing', async () => {
    const storage = new StateStorage(store().db);
    const item: Record<string, unknown> = { n: 1 };
    await storage.write({ k: item });
    const stale: Record<string, unknown> = { ...item, n: 2 };
    await storage.write({ k: Object.assign(item, { n: 3 }) });
    expect(item.eTag).not.toBe(stale.eTag);
    await expect(storage.write({ k: stale })).rejects.toThrow(StateConflictError);
    expect(await storage.read(['k'])).toEqual({ k: item });
  });

  test('without an eTag, or with *, a write overwrites', async () => {
    const storage = new StateStorage(store().db);
    await storage.write({ k: { n: 1 } });
    await storage.write({ k: { n: 2 } });
    expect((await storage.read(['k'])).k.n).toBe(2);
    await storage.write({ k: { n: 3, eTag: '*' } });
    expect((await storage.read(['k'])).k.n).toBe(3);
  });

  test('an item that was deleted meanwhile, or an empty eTag, is a conflict', async () => {
    const storage = new StateStorage(store().db);
    const item: Record<string, unknown> = { n: 1 };
    await storage.write({ k: item });
    await expect(storage.write({ k: { n: 2, eTag: '' } })).rejects.toThrow(StateConflictError);
    await storage.delete(['k', 'unknown']);
    await storage.delete([]);
    expect(await storage.read(['k'])).toEqual({});
    await expect(storage.write({ k: item })).rejects.toThrow('"k"');
  });

  test('several items are written all or none', async () => {
    const { db } = store();
    const storage = new StateStorage(db);
    await storage.write({ b: { n: 1 } });
    const a = { n: 1 };
    await expect(storage.write({ a, b: { n: 2, eTag: 'old' } })).rejects.toThrow(StateConflictError);
    expect(Object.keys(await storage.read(['a', 'b']))).toEqual(['b']);
    expect(a).toEqual({ n: 1 });
    await storage.write({ a, c: { n: 2 } });
    expect(Object.keys(await storage.read(['a', 'b', 'c'])).sort()).toEqual(['a', 'b', 'c']);
  });

  test('inside a transaction it is part of it', async () => {
    const { db, database } = store();
    const attempt = database.transaction(async (tx) => {
      const storage = new StateStorage(tx);
      await storage.write({ a: { n: 1 }, b: { n: 1 } });
      expect((await storage.read(['a'])).a.n).toBe(1);
      throw new Error('stop');
    });
    await expect(attempt).rejects.toThrow('stop');
    expect(await new StateStorage(db).read(['a', 'b'])).toEqual({});
  });

  test('of many writers with the same eTag exactly one wins', async () => {
    const { db, another } = store();
    const second = await another();
    await new StateStorage(db).write({ k: { n: 0 } });
    const { k } = await new StateStorage(db).read(['k']);
    const writes = Array.from({ length: 10 }, (_, n) => new StateStorage(n % 2 ? db : second.db).write({ k: { ...k, n } }));
    const results = await Promise.allSettled(writes);
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });
});
