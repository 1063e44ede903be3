import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBaseline } from '../../eval/output.ts';
import type { CaseResult } from '../../eval/results.ts';
import { ensureBuilt } from '../../tests/support/build.ts';

const suites = join(import.meta.dirname, '..', '..', 'eval', 'suites', 'anlan');
const running = new Set<ChildProcess>();
let folder = '';
let bundle = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-eval-process-'));
  await mkdir(join(folder, 'data'));
  bundle = await ensureBuilt();
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** `wenban eval` as a process of its own, away from any checkout: what is edited meanwhile is not part of the test. */
function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [bundle, 'eval', ...args], {
    cwd: tmpdir(),
    env: {
      PATH: process.env.PATH,
      TZ: 'Asia/Shanghai',
      DATA_DIR: join(folder, 'data'),
      GIT_DIR: join(folder, 'none'),
      OPENAI_MODEL: 'm',
      OPENAI_BASE_URL: 'http://127.0.0.1:1',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

const scoresOf = (cases: readonly CaseResult[]) => cases.map(({ id, status, scores, fault }) => ({ id, status, scores, fault }));

describe('[R-154] runs as processes', () => {
  it('a run that was killed goes on, and brings what an uninterrupted one in two processes brings', async () => {
    const found = join(folder, 'found.yaml');
    await writeFile(found, `name: found\nkind: retrieval\nas_of: 2026-11-02\ndataset: ${join(suites, 'data', 'answers*.jsonl')}\n`);
    const whole = start(found, join(suites, 'intents.yaml'), '--workers', '2', '--out', join(folder, 'whole'));
    let said = '';
    whole.stderr?.on('data', (data) => (said += data));
    expect((await once(whole, 'exit'))[0]).toBeLessThan(2);
    // A model is configured, but nobody asked for it.
    expect(said).toContain('no model endpoint is called');
    const results = await readBaseline(join(folder, 'whole', 'results.json'));
    expect([...results.keys()]).toEqual(['found', 'anlan-intents']);

    const out = join(folder, 'cut');
    const file = join(out, 'found.running.jsonl');
    const cut = start(found, '--concurrency', '1', '--out', out);
    const ended = once(cut, 'exit');
    while (cut.exitCode === null && (await readFile(file, 'utf8').catch(() => '')) === '') await sleep(2);
    cut.kill('SIGKILL');
    await ended;
    const finished = (await readFile(file, 'utf8'))
      .split('\n')
      .flatMap((line) => (line.endsWith('}}') ? [JSON.parse(line).case as CaseResult] : []));
    expect(finished.length).toBeGreaterThan(0);

    const resumed = start(found, '--resume', '--out', out);
    expect((await once(resumed, 'exit'))[0]).toBeLessThan(2);
    const [before, now] = [results.get('found'), (await readBaseline(join(out, 'results.json'))).get('found')];
    expect(now?.manifest.id).toBe(before?.manifest.id);
    expect(finished.length).toBeLessThan(before?.cases.length ?? 0);
    expect(scoresOf(now?.cases ?? [])).toEqual(scoresOf(before?.cases ?? []));
    // What was finished was taken over, not run again: its times are the old ones.
    for (const one of finished) expect(now?.cases.find(({ id }) => id === one.id)?.latencyMs).toBe(one.latencyMs);
    for (const name of ['hit@1', 'mrr@10', 'ndcg@10']) expect(now?.metrics[name]).toEqual(before?.metrics[name]);
  }, 120_000);
});
