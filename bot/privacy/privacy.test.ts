import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../store/database.ts';
import { deletePerson } from './delete.ts';
import { exportPerson } from './export.ts';
import { holdConversation, releaseHold } from './holds.ts';
import { inventory } from './inventory.ts';
import { findPerson } from './person.ts';
import { sweepOld } from './retention.ts';
import { noteScrub, scrub } from './scrub.ts';

const mark = 'MARKofaperson';
const phone = '+8613900007788';
const openid = `o${mark}openid`;
const DAY = 86_400_000;

let dataDir: string;
let database: OpenDatabase;
let ids = 0;
const tools = { actor: 'operator', channel: 'operator', now: 1000 * DAY, newId: () => `id-${++ids}` };

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wenban-privacy-'));
  database = await openDatabase({ dataDir });
});
afterEach(async () => {
  await database.close();
  rmSync(dataDir, { recursive: true });
});

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly pk: number;
}
const columnsOf = async (table: string): Promise<Column[]> =>
  (await sql<Column>`select name, type, "notnull", pk from pragma_table_info(${table})`.execute(database.db)).rows;
const tables = async (): Promise<string[]> =>
  (
    await sql<{
      name: string;
    }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'`.execute(database.db)
  ).rows.map(({ name }) => name);

/** A person in every table that can hold one: every free text column carries the mark. */
async function seedPerson(id: string, closedAt: number | null = 1): Promise<void> {
  const fixed: Record<string, string> = {
    conversation: id,
    phone,
    openid,
    order: `order-${id}`,
    state: `web/conversations/${id}`,
    message: '1',
    activity: id,
    part: JSON.stringify(['cmpp', '13900007788', '106', 1, 2]),
    push: `${mark}message_id`,
  };
  await sql`pragma foreign_keys = off`.execute(database.db);
  await sql`pragma ignore_check_constraints = on`.execute(database.db);
  for (const { table, by } of [...inventory].reverse().filter(({ holds }) => holds === 'person')) {
    const row: Record<string, unknown> = {};
    for (const { name, type, notnull, pk } of await columnsOf(table)) {
      const named = by?.[name];
      if (named === 'state') row[name] = (await import('../dialogue-state.ts')).stateKey('web', id);
      else if (named) row[name] = named === 'message' ? 1 : fixed[named];
      else if (name === 'conversation_id') row[name] = id;
      else if (name === 'phone') row[name] = phone;
      else if (name === 'user_id') row[name] = `${mark}user`;
      else if (name === 'channel') row[name] = table === 'inbox' ? 'wechat-oa' : 'web';
      else if (name === 'closed_at') row[name] = closedAt;
      else if (type === 'INTEGER' || type === 'REAL') row[name] = 1;
      else if (notnull || pk || !['menu_json'].includes(name))
        row[name] = name.endsWith('_json') ? JSON.stringify({ text: mark }) : `${mark}${name}`;
    }
    await (database.db as unknown as Kysely<Record<string, Record<string, unknown>>>).insertInto(table).values(row).execute();
  }
}

const files = () =>
  readdirSync(dataDir)
    .map((name) => readFileSync(join(dataDir, name), 'latin1'))
    .join('');

describe("[R-129] a person's data", () => {
  it('the inventory names every table and every column: a new one fails here until somebody has thought about it', async () => {
    const listed = new Map(inventory.map(({ table, columns }) => [table, columns.split(' ').sort()]));
    for (const table of await tables()) {
      const columns = (await columnsOf(table)).map(({ name }) => name).sort();
      expect([table, listed.get(table)]).toEqual([table, columns]);
    }
    expect(inventory.length).toBe((await tables()).length);
  });

  it('is found from the conversation, the number or the openid; all of it is in the export, with the AI label', async () => {
    await seedPerson('c1');
    for (const start of [{ conversation: 'c1' }, { phone }, { openid }])
      expect(await findPerson(database.db, start)).toEqual({
        conversations: ['c1'],
        phones: [phone],
        openids: [openid],
        orders: ['order-c1'],
      });
    expect(await findPerson(database.db, { phone: '+8613911110000' })).toBeUndefined();
    const person = await findPerson(database.db, { conversation: 'c1' });
    if (!person) throw new Error('nobody found');
    const copy = await exportPerson(database, person, tools);
    expect(Object.keys(copy.tables).sort()).toEqual(
      inventory
        .filter(({ holds }) => holds === 'person')
        .map(({ table }) => table)
        .sort(),
    );
    expect(JSON.stringify(copy)).toContain(mark);
    expect(copy.notice).toMatch(/人工智能生成/);
    expect(copy.AIGC).toMatchObject({ Label: '1', ProduceID: expect.stringMatching(/^id-/) });
  });

  it('is gone after deletion, from the rows and from the bytes of the files; somebody else is untouched', async () => {
    await seedPerson('c1');
    await database.db
      .insertInto('conversations')
      .values({
        id: 'other',
        channel: 'web',
        user_id: 'u2',
        locale: 'zh-CN',
        mode: 'bot',
        last_seq: 0,
        profile_json: '{}',
        created_at: 1,
        updated_at: 1,
      })
      .execute();
    const person = await findPerson(database.db, { conversation: 'c1' });
    if (!person) throw new Error('nobody found');
    await releaseHold(database.db, 'c1');
    expect(files().includes(mark)).toBe(true);
    const done = await deletePerson(database, person, tools);
    expect(done).toMatchObject({ ok: true, uploads: [`${mark}id`] });
    expect([await scrub(database, tools.now), await scrub(database, tools.now)]).toEqual([true, false]);
    expect(await findPerson(database.db, { conversation: 'c1' })).toBeUndefined();
    for (const table of await tables()) {
      const { rows } = await sql`select * from ${sql.table(table)}`.execute(database.db);
      expect([table, JSON.stringify(rows).includes(mark)]).toEqual([table, false]);
    }
    expect([files().includes(mark), files().includes(phone.slice(3))]).toEqual([false, false]);
    expect(await database.db.selectFrom('conversations').select('id').execute()).toEqual([{ id: 'other' }]);
    expect((await database.db.selectFrom('privacy_requests').select(['kind', 'actor']).execute())[0]).toEqual({
      kind: 'delete',
      actor: 'operator',
    });
  });

  it('a hold and an open work order keep it, and say so', async () => {
    await seedPerson('c1', null);
    await database.db.deleteFrom('privacy_holds').execute();
    const person = await findPerson(database.db, { conversation: 'c1' });
    if (!person) throw new Error('nobody found');
    expect(await deletePerson(database, person, tools)).toEqual({ ok: false, held: [`${mark}number`] });
    await database.db.updateTable('work_orders').set({ closed_at: 5 }).execute();
    expect(await holdConversation(database.db, { conversationId: 'c1', reason: '复议', actor: 'zhao', at: 1 })).toBe(true);
    expect(await deletePerson(database, person, tools)).toEqual({ ok: false, held: ['c1'] });
    expect([await releaseHold(database.db, 'c1'), await releaseHold(database.db, 'c1')]).toEqual([true, false]);
    expect(await deletePerson(database, person, tools)).toMatchObject({ ok: true });
  });

  it('is not kept longer than its days, and what has no limit stays', async () => {
    const forever = {
      conversations: undefined,
      uploads: undefined,
      ratings: undefined,
      workOrders: undefined,
      access: undefined,
      requests: undefined,
    };
    const removed: string[] = [];
    const sweep = (now: number, retention: Partial<Record<keyof typeof forever, number>>) =>
      sweepOld({
        database,
        retention: { ...forever, ...retention },
        now: () => now,
        newId: tools.newId,
        removeUploads: async (list) => void removed.push(...list),
      });
    await seedPerson('c1');
    await database.db.deleteFrom('privacy_holds').execute();
    expect(await sweep(5000 * DAY, {})).toMatchObject({});
    expect(removed).toEqual([]);
    expect(await sweep(29 * DAY, { uploads: 30, ratings: 30 })).toEqual({});
    expect(await sweep(31 * DAY, { uploads: 30, ratings: 30 })).toEqual({ uploads: 1, comments: 1, scrubbed: 1 });
    expect(removed).toEqual([`${mark}id`]);
    expect(await sweep(366 * DAY, { conversations: 365 })).toEqual({});
    expect(await sweep(366 * DAY, { conversations: 365, workOrders: 365 })).toEqual({ conversations: 1, scrubbed: 1 });
    expect(await database.db.selectFrom('conversations').select('id').execute()).toEqual([]);
  });

  it('a large file is written anew at night only, or after a day; an operator does not wait', async () => {
    await database.db
      .insertInto('settings')
      .values({ key: 'ballast', value: 'x'.repeat(70 * 1024 * 1024) })
      .execute();
    const noon = Date.parse('2026-03-02T12:00:00+08:00');
    const due = async (now: number) => noteScrub(database.db, now);
    expect(await scrub(database, noon)).toBe(false);
    await due(noon);
    expect([await scrub(database, noon), await scrub(database, noon + 60_000)]).toEqual([false, false]);
    expect(await scrub(database, Date.parse('2026-03-03T03:00:00+08:00'))).toBe(true);
    await due(noon);
    await due(noon + DAY / 2);
    expect(await scrub(database, noon + DAY)).toBe(true);
    await due(noon);
    expect([await scrub(database, noon, { atOnce: true }), await scrub(database, noon, { atOnce: true })]).toEqual([true, false]);
  });
});
