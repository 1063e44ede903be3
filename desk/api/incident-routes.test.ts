import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginEvaluationRun, endEvaluationRun } from '../../bot/store/evaluation-runs.ts';
import { seeIncident } from '../../bot/store/incidents.ts';
import { type DeskServer, startDeskServer } from './testing/server.ts';

let server: DeskServer;
beforeAll(async () => {
  server = await startDeskServer();
});
afterAll(() => server.close());

describe('[R-122] incidents at the desk', () => {
  it('a supervisor sees them, writes down the cause and closes them; an agent does not', async () => {
    const { house } = server;
    const now = house.clock.now;
    await seeIncident(house.database.db, { kind: 'database', detail: 'ECONNREFUSED', begunAt: now - 3_600_000, dueAt: now - 1 }, now);
    const sup = await server.signedIn('sup');
    const listed = (await sup.get('/admin/incidents')).body as { id: number }[];
    expect(listed).toMatchObject([{ kind: 'database', overdue: true, endedAt: null, cause: null }]);
    const path = `/admin/incidents/${listed[0]?.id}`;
    expect((await sup.request('PUT', path, { cause: ' ' })).status).toBe(400);
    expect((await sup.request('PUT', path, { cause: '交换机断电' })).status).toBe(204);
    expect((await sup.get('/admin/incidents')).body).toMatchObject([{ cause: '交换机断电', notedBy: 'sup', endedAt: null }]);
    expect((await sup.request('PUT', path, { cause: '交换机断电，已恢复', close: true })).status).toBe(204);
    expect((await sup.get('/admin/incidents')).body).toMatchObject([{ endedBy: 'sup', cause: '交换机断电，已恢复' }]);
    expect((await sup.request('PUT', '/admin/incidents/4711', { cause: 'x' })).status).toBe(404);
    expect((await (await server.signedIn('li')).get('/admin/incidents')).status).toBe(403);
  });

  it('[R-143] the last evaluations are seen with what passed', async () => {
    const { db } = server.house.database;
    await beginEvaluationRun(db, '2026-Q1', { now: 1000, staleBefore: 0 });
    const metrics = { 'answers rouge_l': 0.62, 'answers passed': 1, 'safety refusal_recall': 0.9, 'safety passed': 0 };
    await endEvaluationRun(db, '2026-Q1', { status: 'done', finishedAt: 2000, folder: 'evaluations/2026-Q1', metrics, error: null });
    const sup = await server.signedIn('sup');
    expect((await sup.get('/admin/evaluations')).body).toMatchObject([
      {
        period: '2026-Q1',
        status: 'done',
        suites: [
          { name: 'answers', passed: true, metrics: { rouge_l: 0.62 } },
          { name: 'safety', passed: false, metrics: { refusal_recall: 0.9 } },
        ],
      },
    ]);
  });
});
