/** Runs the same store tests on SQLite and on a real PostgreSQL, each test on an empty database. */
import { afterAll, afterEach, beforeEach, describe, inject } from 'vitest';
import { createConversation } from '../conversations.ts';
import { type Db, type OpenDatabase, openDatabase } from '../database.ts';
import { type ThrowAway, throwAwayPostgres, throwAwaySqlite } from './throw-away.ts';
import './global-setup.ts';

export interface StoreUnderTest {
  readonly database: OpenDatabase;
  readonly db: Db;
  /** Opens the same data once more, as a second process would; closed after the test. */
  another(): Promise<OpenDatabase>;
  readonly place: ThrowAway;
  /** A second, empty database without schema; removed after the test. */
  empty(): Promise<ThrowAway>;
}

/** Defines `cases` once for each engine; they get the store of the running test. */
export function onEachEngine(title: string, cases: (store: () => StoreUnderTest) => void): void {
  const serverUrl: string | undefined = inject('postgresUrl');
  if (!serverUrl && process.env.WENBAN_REQUIRE_POSTGRES === '1') {
    throw new Error('WENBAN_REQUIRE_POSTGRES=1, but there is no server: is bot/store/testing/global-setup.ts in vitest.config.ts?');
  }
  describe(`${title} · SQLite`, () => onEngine(throwAwaySqlite, cases));
  describe.skipIf(!serverUrl)(`${title} · PostgreSQL`, () => onEngine(() => throwAwayPostgres(serverUrl ?? ''), cases));
}

function onEngine(make: () => Promise<ThrowAway>, cases: (store: () => StoreUnderTest) => void): void {
  let place: ThrowAway | undefined;
  let store: StoreUnderTest | undefined;
  let opened: OpenDatabase[] = [];
  let extra: ThrowAway[] = [];

  beforeEach(async () => {
    place ??= await make();
    const { config } = place;
    const another = async (): Promise<OpenDatabase> => {
      const database = await openDatabase(config);
      opened.push(database);
      return database;
    };
    const empty = async (): Promise<ThrowAway> => {
      const made = await make();
      extra.push(made);
      return made;
    };
    const database = await another();
    store = { database, db: database.db, another, place, empty };
  });
  afterEach(async () => {
    for (const database of opened) await database.close();
    opened = [];
    await place?.clear();
    for (const one of extra) await one.remove();
    extra = [];
    store = undefined;
  });
  afterAll(() => place?.remove());

  cases(() => {
    if (store === undefined) throw new Error('Ask for the store inside a test');
    return store;
  });
}

/** A conversation to hang things on. */
export async function makeConversation(db: Db, id = 'c1'): Promise<void> {
  await createConversation(db, { id, channel: 'web', userId: 'u1', locale: 'zh-CN' }, 1000);
}
