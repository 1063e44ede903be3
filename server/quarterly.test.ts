import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../bot/store/database.ts';
import { evaluationRuns } from '../bot/store/evaluation-runs.ts';
import { type QuarterlyOptions, quarterlyEvaluation, quarterOf } from './quarterly.ts';

let dataDir = '';
let database: OpenDatabase;
let now = 0;
let ran: string[] = [];
const errors: unknown[] = [];
const stopping = new AbortController();

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-quarterly-'));
  database = await openDatabase({ dataDir });
  now = Date.parse('2026-11-23T09:00+08:00');
  ran = [];
  errors.length = 0;
});
afterEach(async () => {
  await database.close();
  await rm(dataDir, { recursive: true, force: true });
});

const run: QuarterlyOptions['run'] = async (suites, folder) => {
  ran.push(folder);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'results.json'), JSON.stringify({ suite: suites[0], metrics: { coverage: { value: 0.9, n: 10 } } }));
};
const look = (more: Partial<QuarterlyOptions> = {}) =>
  quarterlyEvaluation({
    database,
    now: () => now,
    dataDir,
    suites: ['answers'],
    run,
    signal: stopping.signal,
    onError: (error) => errors.push(error),
    ...more,
  });

describe('[R-143] the quarterly evaluation', () => {
  it('knows the quarter by China’s clock', () => {
    expect(quarterOf(Date.parse('2026-12-31T23:30+08:00'))).toBe('2026-Q4');
    expect(quarterOf(Date.parse('2027-01-01T00:30+08:00'))).toBe('2027-Q1');
  });

  it('runs once a quarter, in one process only, and keeps its report and figures', async () => {
    await Promise.all([look(), look(), look()]);
    now += 30 * 86_400_000;
    await look();
    expect(ran).toEqual([join(dataDir, 'evaluations', '2026-Q4')]);
    now = Date.parse('2027-01-02T09:00+08:00');
    await look();
    expect(ran).toHaveLength(2);
    expect(await evaluationRuns(database.db)).toMatchObject([
      { period: '2027-Q1', status: 'done', metrics: { 'answers coverage': 0.9 } },
      { period: '2026-Q4', status: 'done', folder: join('evaluations', '2026-Q4') },
    ]);
    expect(errors).toEqual([]);
  });

  it('what fails is written down and not tried every hour; without suites nothing runs', async () => {
    await look({ suites: [] });
    expect(await evaluationRuns(database.db)).toEqual([]);
    await look({ run: async () => Promise.reject(new Error('no memory')) });
    await look();
    expect(await evaluationRuns(database.db)).toMatchObject([{ status: 'failed', error: 'no memory' }]);
    expect([ran.length, errors.length]).toEqual([0, 1]);
  });

  it('a run cut short by a restart, or by a machine that died, is begun anew', async () => {
    const stopped = new AbortController();
    await look({
      signal: stopped.signal,
      run: async () => {
        stopped.abort();
        throw new Error('ended');
      },
    });
    expect(await evaluationRuns(database.db)).toEqual([]);
    void look({ run: () => new Promise(() => undefined) });
    await expect.poll(() => evaluationRuns(database.db)).toHaveLength(1);
    await look();
    expect(ran).toEqual([]);
    now += 13 * 3_600_000;
    await look();
    expect(ran).toHaveLength(1);
  });
});
