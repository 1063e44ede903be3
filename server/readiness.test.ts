import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { acceptMessage } from '../bot/store/inbox.ts';
import { makeConversation, onEachEngine } from '../bot/store/testing/engines.ts';
import { type ReadinessSource, readiness, readinessSchema } from './readiness.ts';

onEachEngine('/readyz', (store) => {
  const source = (more: Partial<ReadinessSource> = {}): ReadinessSource => ({
    config: { dataDir: tmpdir(), languageModel: undefined, qdrant: undefined },
    database: store().database,
    repository: { revision: async () => '1' },
    index: { revision: '1', items: () => [{}] },
    core: { storeTrouble: undefined },
    jobs: { states: () => [] },
    now: () => 1_000_000,
    ...more,
  });
  const stateOf = (said: Awaited<ReturnType<typeof readiness>>, name: string) => said.parts.find((part) => part.name === name)?.state;

  it('names every part, and is ready when all that citizens need works', async () => {
    const said = await readiness(source(), false);
    expect(readinessSchema.parse(said)).toEqual(said);
    expect([said.ready, said.problems]).toEqual([true, []]);
    expect(said.parts.map(({ name }) => name).toSorted()).toEqual(
      ['database', 'disk', 'inbox', 'jobs', 'knowledge', 'model', 'outbox', 'processes', 'qdrant', 'server'].toSorted(),
    );
    expect(stateOf(said, 'model')).toBe('off');
  });

  it('is not ready without its database, knowledge, or while it stops; each is named', async () => {
    const dead = { revision: () => Promise.reject(new AggregateError([new Error('connect ECONNREFUSED')], '')) };
    for (const [words, said] of [
      [/^database: connect ECONNREFUSED/, await readiness(source({ repository: dead }), false)],
      [/^database: nothing can be written: disk full/, await readiness(source({ core: { storeTrouble: new Error('disk full') } }), false)],
      [/^knowledge: nothing is published/, await readiness(source({ index: { revision: '1', items: () => [] } }), false)],
      [/^server: the server is stopping/, await readiness(source(), true)],
    ] as const) {
      expect(said.ready).toBe(false);
      expect(said.problems.join()).toMatch(words);
    }
  });

  it('is ready but says so when something works worse: a message without a turn, a job that stopped, Qdrant away', async () => {
    await makeConversation(store().db);
    const activity = { type: 'message' as const, from: { id: 'u' }, text: '在吗' };
    await store().database.transaction((tx) =>
      acceptMessage(tx, { channel: 'web', messageId: 'm', conversationId: 'c1', activity }, 1_000_000 - 90_000),
    );
    const said = await readiness(
      source({
        config: { dataDir: tmpdir(), languageModel: {}, qdrant: {} },
        standby: { degraded: new Error('Qdrant does not answer') },
        jobs: { states: () => [{ name: 'idle', everyMs: 1000, sinceMs: 100_000, error: 'x' }] },
      }),
      false,
    );
    expect(said.ready).toBe(true);
    expect(['inbox', 'jobs', 'qdrant'].map((name) => stateOf(said, name))).toEqual(['degraded', 'degraded', 'degraded']);
    expect(said.warnings.join()).toContain('1 wait, the oldest for 90 s');
  });
});
