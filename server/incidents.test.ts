import { expect, it } from 'vitest';
import type { ModelTotal } from '../bot/llm/totals.ts';
import { appendActivities } from '../bot/store/activities.ts';
import type { OpenDatabase } from '../bot/store/database.ts';
import { listIncidents, noteIncident } from '../bot/store/incidents.ts';
import { enqueueOutbox } from '../bot/store/outbox.ts';
import { makeConversation, onEachEngine } from '../bot/store/testing/engines.ts';
import { IncidentWatch } from './incidents.ts';
import type { Readiness } from './readiness.ts';

const MINUTE = 60_000;
type Part = Readiness['parts'][number];

onEachEngine('[R-122] incidents', (store) => {
  /** One process that looks; `parts` and `calls` are what it sees. */
  const watcher = (database: OpenDatabase = store().database) => {
    const said: string[] = [];
    const seen = { parts: [] as Part[], calls: [] as Pick<ModelTotal, 'outcome' | 'calls'>[], now: 0 };
    const watch = new IncidentWatch({
      database,
      now: () => seen.now,
      readiness: async () => ({ ready: true, problems: [], warnings: [], parts: seen.parts }),
      modelTotals: { list: () => seen.calls as ModelTotal[] },
      dueMinutes: { database: 30, channel: 60, default: 240 },
      onOpened: (kind) => said.push(`began ${kind}`),
      onEnded: (kind) => said.push(`over ${kind}`),
    });
    const look = async (at: number, ...parts: Part[]) => {
      seen.now = at;
      seen.parts = parts;
      await watch.look();
    };
    return { watch, look, seen, said };
  };
  const down = (name: Part['name'], detail = 'ECONNREFUSED'): Part => ({ name, state: 'down', detail });
  const ok = (name: Part['name']): Part => ({ name, state: 'ok', detail: '' });
  const all = () => listIncidents(store().database.db, 50);

  it('begins with the second bad look, has a due time of its kind, and ends by itself when nobody sees it any more', async () => {
    const { look, said } = watcher();
    await look(0, down('qdrant'));
    expect(await all()).toEqual([]);
    await look(15_000, down('qdrant'));
    expect(await all()).toMatchObject([{ kind: 'qdrant', detail: 'ECONNREFUSED', begunAt: 0, dueAt: 240 * MINUTE, endedAt: null }]);
    await look(30_000, ok('qdrant'));
    expect(await all()).toMatchObject([{ endedAt: null }]);
    await look(90_000, ok('qdrant'));
    expect(await all()).toMatchObject([{ kind: 'qdrant', endedAt: 15_000, endedBy: null }]);
    expect(said).toEqual(['began qdrant', 'over qdrant']);
  });

  it('a hiccup is none; the same trouble seen by two processes is one, open while either sees it', async () => {
    const [one, other] = [watcher(), watcher()];
    await one.look(0, down('disk'));
    await one.look(15_000, ok('disk'));
    expect(await all()).toEqual([]);
    for (let at = 30_000; at <= 300_000; at += 15_000) {
      await one.look(at, down('processes'));
      await other.look(at + 5000, ok('processes'));
    }
    expect(await all()).toMatchObject([{ kind: 'processes', endedAt: null }]);
    expect([...one.said, ...other.said]).toEqual(['began processes']);
  });

  it('of a database that was away, begin and end are written down once it is back', async () => {
    const database = store().database;
    let away = true;
    const failing = new Proxy(database, {
      get: (target, key) => {
        if (away && key === 'db') throw new Error('no connection');
        return Reflect.get(target, key);
      },
    });
    const { look } = watcher(failing);
    for (const at of [1000, 16_000, 31_000, 600_000]) await expect(look(at, down('database'))).rejects.toThrow('no connection');
    away = false;
    await look(700_000, ok('database'));
    expect(await all()).toMatchObject([{ kind: 'database', begunAt: 1000, dueAt: 1000 + 30 * MINUTE, endedAt: 600_000 }]);
  });

  it('a channel that takes no answers, and a model whose every call fails, are incidents too', async () => {
    const { db } = store().database;
    await makeConversation(db);
    const [logged] = await appendActivities(db, 'c1', [{ type: 'message', from: { id: 'wenban', role: 'bot' }, text: '您好' }], 0);
    await enqueueOutbox(db, [{ channel: 'wechat', conversationId: 'c1', activityId: logged?.id ?? '', seq: 1 }], 0);
    const { look, seen } = watcher();
    seen.calls = [{ outcome: 'ok', calls: 5 }];
    await look(10 * MINUTE);
    seen.calls = [...seen.calls, { outcome: 'timeout', calls: 2 }];
    await look(11 * MINUTE);
    await look(12 * MINUTE);
    expect((await all()).map(({ kind, dueAt, begunAt }) => [kind, (dueAt - begunAt) / MINUTE])).toEqual([
      ['model', 240],
      ['channel:wechat', 60],
    ]);
    seen.calls = [{ outcome: 'ok', calls: 6 }];
    await look(13 * MINUTE);
    await look(14 * MINUTE);
    expect((await all()).filter(({ endedAt }) => endedAt === null).map(({ kind }) => kind)).toEqual(['channel:wechat']);
  });

  it('an administrator writes down the cause and closes it; what is still out of order begins anew', async () => {
    const { look } = watcher();
    for (const at of [0, 15_000]) await look(at, down('disk', 'DATA_DIR is full'));
    const [first] = await all();
    const { db } = store().database;
    expect(await noteIncident(db, first?.id ?? 0, { cause: '日志占满，已清理', actor: 'boss', end: true }, 20_000)).toBe(true);
    expect(await noteIncident(db, 4711, { cause: 'x', actor: 'boss', end: true }, 20_000)).toBe(false);
    expect(await all()).toMatchObject([{ endedAt: 20_000, endedBy: 'boss', cause: '日志占满，已清理', notedBy: 'boss' }]);
    await look(30_000, down('disk'));
    expect((await all()).map(({ endedAt }) => endedAt)).toEqual([null, 20_000]);
  });
});
