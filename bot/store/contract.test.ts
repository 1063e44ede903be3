import { readdirSync, statSync } from 'node:fs';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { appendActivities, readActivities } from './activities.ts';
import { findConversation } from './conversations.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrations/migrate.ts';
import { findSetting, settingOrCreate } from './settings.ts';
import { makeConversation, onEachEngine } from './testing/engines.ts';

const message = (text: string) => ({ type: 'message' as const, from: { id: 'u1', role: 'user' as const }, text });

onEachEngine('database', (store) => {
  test('a transaction that throws leaves nothing behind and rethrows', async () => {
    const { database, db } = store();
    const attempt = database.transaction(async (tx) => {
      await makeConversation(tx);
      await appendActivities(tx, 'c1', [message('一')], 1);
      throw new Error('stop');
    });
    await expect(attempt).rejects.toThrow('stop');
    expect(await findConversation(db, 'c1')).toBeUndefined();
  });

  test('of many transactions at once exactly the failing ones are undone', async () => {
    const { database, db } = store();
    await makeConversation(db);
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) =>
        database.transaction(async (tx) => {
          await appendActivities(tx, 'c1', [message(`m${index}`)], 1);
          if (index % 3 === 0) throw new Error('stop');
          if (index % 3 === 1) await new Promise((resolve) => setTimeout(resolve, index % 5));
        }),
      ),
    );
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(20);
    const log = await readActivities(db, 'c1', 0, 100);
    expect(log.map((activity) => activity.seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(new Set(log.map((activity) => activity.text)).size).toBe(40);
    expect(log.some((activity) => Number(activity.text?.slice(1)) % 3 === 0)).toBe(false);
  });

  test('a statement that fails inside a transaction undoes all of it, and only it', async () => {
    const { database, db } = store();
    await settingOrCreate(db, 'taken', () => 'first');
    const insert = (key: string) =>
      database.transaction(async (tx) => {
        await tx
          .insertInto('settings')
          .values({ key: `with-${key}`, value: '' })
          .execute();
        await tx.insertInto('settings').values({ key, value: '' }).execute();
      });
    const results = await Promise.allSettled([insert('a'), insert('taken'), insert('b')]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const keys = await db.selectFrom('settings').select('key').where('key', 'not like', 'sealing.%').orderBy('key').execute();
    expect(keys.map((row) => row.key)).toEqual(['a', 'b', 'taken', 'with-a', 'with-b']);
  });

  test('a read outside sees nothing of a transaction before it has committed', async () => {
    const { database, db } = store();
    let insideWritten = (): void => undefined;
    let mayCommit = (): void => undefined;
    const written = new Promise<void>((resolve) => (insideWritten = resolve));
    const gate = new Promise<void>((resolve) => (mayCommit = resolve));
    const running = database.transaction(async (tx) => {
      await makeConversation(tx);
      insideWritten();
      await gate;
    });
    await written;
    expect(await findConversation(db, 'c1')).toBeUndefined();
    mayCommit();
    await running;
    expect(await findConversation(db, 'c1')).toBeDefined();
  });

  test('using the database or a second transaction inside a transaction fails at once instead of hanging', async () => {
    const { database, db } = store();
    await expect(database.transaction(() => findConversation(db, 'c1'))).rejects.toThrow('use the transaction handle');
    await expect(database.transaction(() => database.transaction(async () => 1))).rejects.toThrow('use the transaction handle');
    expect(await database.transaction((tx) => findConversation(tx, 'c1'))).toBeUndefined();
    await settingOrCreate(db, 'afterwards', () => 'works');
  });

  test('work left running by a transaction callback may use the database once the transaction has ended', async () => {
    const { database, db } = store();
    let later: Promise<unknown> = Promise.resolve();
    await database.transaction(async () => {
      later = new Promise((resolve) => setTimeout(resolve, 30)).then(() => findConversation(db, 'c1'));
    });
    await expect(later).resolves.toBeUndefined();
  });

  test('opening again keeps the data and migrates nothing twice', async () => {
    const { database, db, another, place } = store();
    await makeConversation(db);
    await appendActivities(db, 'c1', [message('还在吗')], 1);
    await database.close();
    const again = await another();
    await migrate(again.db, again.engine);
    expect((await readActivities(again.db, 'c1', 0, 10)).map((activity) => activity.text)).toEqual(['还在吗']);
    const migrations = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(again.db);
    const written = readdirSync(new URL('./migrations/', import.meta.url)).flatMap((file) => /^(\d{4}-.*)\.ts$/.exec(file)?.[1] ?? []);
    expect(migrations.rows.map(({ name }) => name)).toEqual(written.sort());
    expect(place.config.dataDir).toBeTruthy();
  });

  test('processes that start at once on an empty database all get the schema', async () => {
    const place = await store().empty();
    const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase(place.config)));
    try {
      await Promise.all(opened.map((one, index) => makeConversation(one.db, `c${index}`)));
      for (const one of opened) expect(await findConversation(one.db, 'c3')).toBeDefined();
    } finally {
      await Promise.all(opened.map((one) => one.close()));
    }
  });

  test('two handles on one database that write at the same time lose nothing', async () => {
    const { database, db, another } = store();
    const second = await another();
    await makeConversation(db);
    const writes = Array.from({ length: 200 }, (_, index) =>
      (index % 2 === 0 ? database : second).transaction(async (tx) => {
        const logged = await appendActivities(tx, 'c1', [message(`m${index}`)], 1);
        if (index % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
        return logged[0]?.seq;
      }),
    );
    const alone = Array.from({ length: 20 }, (_, index) => settingOrCreate(index % 2 === 0 ? db : second.db, `k${index}`, () => 'v'));
    const seqs = await Promise.all(writes);
    await Promise.all(alone);
    const expected = Array.from({ length: 200 }, (_, index) => index + 1);
    expect(seqs.sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(expected);
    expect((await readActivities(second.db, 'c1', 0, 500)).map((activity) => activity.seq)).toEqual(expected);
  });

  test('transactions that take the same rows in opposite order all succeed', { timeout: 20_000 }, async () => {
    const { database, db, another } = store();
    const second = await another();
    await makeConversation(db, 'a');
    await makeConversation(db, 'b');
    await Promise.all(
      Array.from({ length: 3 }, (_, index) =>
        (index % 2 === 0 ? database : second).transaction(async (tx) => {
          for (const id of index % 2 === 0 ? ['a', 'b'] : ['b', 'a']) {
            await appendActivities(tx, id, [message(`m${index}`)], 1);
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        }),
      ),
    );
    for (const id of ['a', 'b']) expect(new Set((await readActivities(db, id, 0, 20)).map((one) => one.text)).size).toBe(3);
  });

  test('foreign keys hold', async () => {
    const { db } = store();
    const orphan = { conversation_id: 'nobody', score: 5, tags_json: '[]', comment: null, channel: 'web', created_at: 1 };
    await expect(db.insertInto('ratings').values(orphan).execute()).rejects.toThrow(/foreign key/i);
  });

  test('keys sort by bytes on both engines', async () => {
    const { db } = store();
    for (const key of ['b', 'B', 'a', '问', 'é', '_', 'a-1', 'a1']) await settingOrCreate(db, key, () => '');
    const rows = await db.selectFrom('settings').select('key').where('key', 'not like', 'sealing.%').orderBy('key').execute();
    expect(rows.map((row) => row.key)).toEqual(['B', '_', 'a', 'a-1', 'a1', 'b', 'é', '问']);
  });

  test('after close nothing works any more', async () => {
    const { database, db } = store();
    await database.close();
    await expect(findSetting(db, 'x')).rejects.toThrow();
    await expect(database.transaction((tx) => findSetting(tx, 'x'))).rejects.toThrow();
  });
});

onEachEngine('errors', (store) => {
  test('what cannot be opened is named in words', async () => {
    const { place } = store();
    await expect(openDatabase({ databaseUrl: 'mysql://root@localhost/x', dataDir: place.config.dataDir })).rejects.toThrow('postgres://');
    await expect(openDatabase({ dataDir: '/dev/null/data' })).rejects.toThrow('/dev/null/data/wenban.sqlite');
    const secret = 'postgres://wenban:geheim@127.0.0.1:1/wenban';
    const failure = await openDatabase({ databaseUrl: secret, dataDir: place.config.dataDir }).catch((error: unknown) => String(error));
    expect(failure).toContain('Cannot prepare the database');
    expect(failure).not.toContain('geheim');
  });

  test('a closed SQLite database is one file that can be copied', async () => {
    const { database, db, place } = store();
    if (database.engine !== 'sqlite') return;
    await makeConversation(db);
    await database.close();
    const wal = readdirSync(place.config.dataDir).filter((name) => name.endsWith('-wal'));
    expect(wal.map((name) => statSync(`${place.config.dataDir}/${name}`).size).filter((size) => size > 0)).toEqual([]);
  });
});
