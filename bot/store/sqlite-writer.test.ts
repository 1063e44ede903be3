import { CompiledQuery, sql } from 'kysely';
import Database from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createConversation, findConversation } from './conversations.ts';
import { type OpenDatabase, openDatabase } from './database.ts';
import { settingOrCreate } from './settings.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { SqliteWriter } from './sqlite-writer.ts';
import { type ThrowAway, throwAwaySqlite } from './testing/throw-away.ts';

let place: ThrowAway;
let database: OpenDatabase;
beforeEach(async () => {
  place = await throwAwaySqlite();
  database = await openDatabase(place.config);
});
afterEach(async () => {
  await database.close();
  await place.remove();
});

const conversation = (id: string) => ({ id, channel: 'web', userId: 'u', locale: 'zh-CN' });

let commands: string[] = [];
class Listening extends SqliteConnection {
  override async command(text: string): Promise<void> {
    commands.push(text);
    await super.command(text);
  }
}

test('writers that come one after another before the event loop turns share a commit; a statement alone and the end do not wait', async () => {
  commands = [];
  const connection = new Listening(new Database(':memory:'));
  const writer = new SqliteWriter(connection);
  const told: Promise<void>[] = [];
  for (let n = 0; n < 3; n++) {
    const ended = writer.begin().then((transaction) => writer.commit(transaction));
    told.push(ended);
    // As when each request is handled to its end before the next one is read.
    for (let tick = 0; tick < 50; tick++) await Promise.resolve();
  }
  expect(commands.filter((command) => command === 'commit')).toEqual([]);
  await Promise.all(told);
  expect(commands.filter((command) => command === 'commit')).toHaveLength(1);
  const last = writer.begin().then((transaction) => writer.commit(transaction));
  await writer.executeAlone(CompiledQuery.raw('create table t (id integer)'));
  expect(commands.at(-1)).toBe('commit');
  await last;
  const left = writer.begin().then((transaction) => writer.commit(transaction));
  await writer.flush();
  expect(commands.at(-1)).toBe('commit');
  await left;
  connection.close();
});

test('writers that queue up share a commit, and each is told only after it', async () => {
  commands = [];
  const connection = new Listening(new Database(':memory:'));
  const writer = new SqliteWriter(connection);
  const one = async (): Promise<void> => {
    await writer.commit(await writer.begin());
    commands.push('told');
  };
  await Promise.all(Array.from({ length: 20 }, one));
  const commits = commands.filter((command) => command === 'commit').length;
  expect(commits).toBeLessThan(20);
  expect(commands.filter((command) => command === 'told')).toHaveLength(20);
  expect(commands.indexOf('told')).toBeGreaterThan(commands.indexOf('commit'));
  await one();
  expect(commands.slice(-3)).toEqual(['begin immediate', 'commit', 'told']);
  connection.close();
});

test('changes outside a transaction share a commit too, each told when it is on disk; one that fails takes nobody with it', async () => {
  const commands: string[] = [];
  class Listening extends SqliteConnection {
    override async command(text: string): Promise<void> {
      commands.push(text);
      await super.command(text);
    }
  }
  const connection = new Listening(new Database(':memory:'));
  const writer = new SqliteWriter(connection);
  await writer.executeAlone(CompiledQuery.raw('create table one (id integer primary key)'));
  const insert = (id: number) => writer.executeTogether(CompiledQuery.raw('insert into one (id) values (?)', [id]));
  const results = await Promise.allSettled([1, 2, 2, 3, 4, 5, 6, 7].map(insert));
  expect(results.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1);
  expect(commands.filter((command) => command === 'commit').length).toBeLessThan(4);
  expect((await writer.executeAlone<{ n: number }>(CompiledQuery.raw('select count(*) as n from one'))).rows).toEqual([{ n: 7 }]);
  connection.close();
});

test('when the shared commit fails, everybody in it is told so, nothing of it stays, and work goes on', async () => {
  await sql`create table strict_child (id text references conversations (id) deferrable initially deferred)`.execute(database.db);
  const results = await Promise.allSettled([
    database.transaction((tx) => createConversation(tx, conversation('a'), 1)),
    database.transaction(async (tx) => void (await sql`insert into strict_child values ('nobody')`.execute(tx))),
    database.transaction((tx) => createConversation(tx, conversation('b'), 1)),
  ]);
  for (const [index, id] of [
    [0, 'a'],
    [2, 'b'],
  ] as const) {
    expect((await findConversation(database.db, id)) !== undefined).toBe(results[index]?.status === 'fulfilled');
  }
  expect(results[1]?.status).toBe('rejected');
  await database.transaction((tx) => createConversation(tx, conversation('c'), 1));
  expect(await findConversation(database.db, 'c')).toBeDefined();
});

test('when SQLite gives a transaction up by itself, nothing more is written in it and those committed with it are told', async () => {
  const results = await Promise.allSettled([
    database.transaction((tx) => createConversation(tx, conversation('a'), 1)),
    database.transaction(async (tx) => {
      await sql`rollback`.execute(tx);
      await createConversation(tx, conversation('b'), 1);
    }),
    database.transaction((tx) => createConversation(tx, conversation('c'), 1)),
  ]);
  expect(results[1]).toMatchObject({ status: 'rejected', reason: { message: 'SQLite has rolled this transaction back' } });
  for (const [index, id] of [
    [0, 'a'],
    [1, 'b'],
    [2, 'c'],
  ] as const) {
    expect((await findConversation(database.db, id)) !== undefined).toBe(results[index]?.status === 'fulfilled');
  }
  expect(await settingOrCreate(database.db, 'alive', () => 'yes')).toBe('yes');
});

test('a single statement that fails is undone alone: who shares its commit is not', async () => {
  commands = [];
  const connection = new Listening(new Database(':memory:'));
  const writer = new SqliteWriter(connection);
  await writer.executeAlone(CompiledQuery.raw('create table t (id integer primary key)'));
  const insert = (values: string) => writer.executeTogether(CompiledQuery.raw(`insert into t values ${values}`));
  const ended = await Promise.allSettled([insert('(1)'), insert('(2), (1)'), insert('(3)')]);
  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await connection.execute(CompiledQuery.raw('select id from t order by id'))).toMatchObject({ rows: [{ id: 1 }, { id: 3 }] });
  expect(commands).toEqual(['begin immediate', 'commit']);
  connection.close();
});
