import { expect, test } from 'vitest';
import { openPostgres } from '../postgres.ts';
import { openSqlite } from '../sqlite.ts';
import { onEachEngine } from '../testing/engines.ts';
import { TransactionScope } from '../transaction-scope.ts';
import { start } from './0001-start.ts';
import { people } from './0010-people.ts';
import { columnTypes } from './column-types.ts';

onEachEngine('a database from before work orders', (store) => {
  test('keeps its staff, who stay signed in, and its ratings; supervisors may be added', async () => {
    const { config } = await store().empty();
    const { engine } = store().database;
    const scope = new TransactionScope();
    const db = config.databaseUrl ? openPostgres(config.databaseUrl, scope) : openSqlite(config.dataDir, scope).db;
    try {
      const types = columnTypes(engine);
      await start(db, types);
      await db.insertInto('staff').values({ name: 'li', role: 'agent', password_hash: 'x', created_at: 1 }).execute();
      const session = { token_hash: 'h', staff_name: 'li', expires_at: 9, last_seen_at: 5, created_at: 1 };
      await db.insertInto('sessions').values(session).execute();
      const conversation = {
        id: 'c1',
        channel: 'web',
        user_id: 'u',
        locale: 'zh-CN',
        mode: 'bot' as const,
        last_seq: 0,
        profile_json: '{}',
        created_at: 1,
        updated_at: 1,
      };
      await db.insertInto('conversations').values(conversation).execute();
      const rating = { conversation_id: 'c1', score: 2, tags_json: '[]', comment: null, channel: 'web', created_at: 1 };
      await db.insertInto('ratings').values(rating).execute();

      await people(db, types, engine);

      expect(await db.selectFrom('sessions').selectAll().execute()).toEqual([session]);
      expect(await db.selectFrom('ratings').selectAll().executeTakeFirst()).toEqual({ ...rating, changed_at: null });
      await db.insertInto('staff').values({ name: 'sun', role: 'supervisor', password_hash: 'x', created_at: 1 }).execute();
      const king = { name: 'king', role: 'king' as never, password_hash: 'x', created_at: 1 };
      await expect(db.insertInto('staff').values(king).execute()).rejects.toThrow(/check/i);
      await db.deleteFrom('staff').where('name', '=', 'li').execute();
      expect(await db.selectFrom('sessions').selectAll().execute()).toEqual([]);
    } finally {
      await db.destroy();
    }
  });
});
