import { type Kysely, Migrator, sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { readActivities } from '../activities.ts';
import { findConversation } from '../conversations.ts';
import { openDatabase } from '../database.ts';
import { openHandoffOf, waitingHandoffs } from '../handoffs.ts';
import { pendingInbox } from '../inbox.ts';
import { SqlKnowledgeRepository } from '../knowledge.ts';
import { dueOutbox } from '../outbox.ts';
import { openPostgres } from '../postgres.ts';
import { findRating } from '../ratings.ts';
import { openSqlite } from '../sqlite.ts';
import { findStaff } from '../staff.ts';
import type { Tables } from '../tables.ts';
import { onEachEngine } from '../testing/engines.ts';
import { fillTables, type Row, rowsOf } from '../testing/fixture-rows.ts';
import { TransactionScope } from '../transaction-scope.ts';
import { listTurns } from '../turns.ts';
import { findUpload } from '../uploads.ts';
import type { Engine } from './column-types.ts';
import { migrationNames, migrationsOf } from './migrate.ts';

/** Tables that became others; the test of the data follows below. */
const replaced: Readonly<Record<string, string>> = { knowledge_items: 'knowledge_versions' };

/** A database as the release with the first `count` migrations left it. */
async function asOf(db: Kysely<Tables>, engine: Engine, count: number): Promise<Map<string, Row[]>> {
  const known = Object.fromEntries(Object.entries(migrationsOf(engine)).slice(0, count));
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => known } }).migrateToLatest();
  if (error !== undefined) throw error;
  return fillTables(db, engine);
}

onEachEngine('upgrades', (store) => {
  describe('[R-122] with data in every table', () => {
    test.each(migrationNames.map((name, index) => [name, index + 1] as const))(
      'from the release that ended with %s: every row is still there and is read',
      async (_name, count) => {
        const { config } = await store().empty();
        const { engine } = store().database;
        const scope = new TransactionScope();
        const old = config.databaseUrl ? openPostgres(config.databaseUrl, scope) : openSqlite(config.dataDir, scope).db;
        const before = await asOf(old, engine, count).finally(() => old.destroy());
        expect(before.size).toBeGreaterThan(10);

        const database = await openDatabase(config);
        try {
          const { db } = database;
          for (const [table, rows] of before) {
            const now = await rowsOf(db, replaced[table] ?? table);
            for (const row of rows) expect([table, now]).toEqual([table, expect.arrayContaining([expect.objectContaining(row)])]);
          }
          expect(await findConversation(db, 'c1')).toMatchObject({ id: 'c1', channel: 'x' });
          expect(await readActivities(db, 'c1', 0, 10)).toMatchObject([{ text: '你好', seq: 1 }]);
          expect(await pendingInbox(db, 'c1')).toMatchObject([{ channel: 'x', attempts: 1 }]);
          expect(await dueOutbox(db, 2, 10)).toMatchObject([{ activityId: 'x' }]);
          expect(await listTurns(db, 'c1')).toMatchObject([{ outcome: 'answered', commands: [], citations: [] }]);
          expect(await new SqlKnowledgeRepository(database).list({ status: 'published' })).toMatchObject([
            { pack: 'x', version: 1, item: { answer: '可以。' } },
          ]);
          expect(await findRating(db, 'c1')).toMatchObject({ score: 1, tags: [] });
          expect(await waitingHandoffs(db)).toHaveLength(1);
          expect(await openHandoffOf(db, 'c1')).toMatchObject({ status: 'waiting' });
          expect(await findStaff(db, 'li')).toMatchObject({ role: 'agent' });
          expect(await findUpload(db, 'x')).toMatchObject({ conversationId: 'c1' });
        } finally {
          await database.close();
        }
      },
    );
  });

  test('a database of a newer release is refused in words, and left as it is', async () => {
    const { db } = store().database;
    await sql`insert into kysely_migration (name, timestamp) values ('9999-tomorrow', '2030-01-01')`.execute(db);
    try {
      await expect(store().another()).rejects.toThrow(
        'The database was made by a newer release of Wenban (it has 9999-tomorrow): start that release, or restore a backup made before the upgrade',
      );
      expect(await rowsOf(db, 'kysely_migration')).toHaveLength(migrationNames.length + 1);
    } finally {
      await sql`delete from kysely_migration where name = '9999-tomorrow'`.execute(db);
    }
  });
});
