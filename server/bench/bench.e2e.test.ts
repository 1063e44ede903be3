import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { ensureBuilt } from '../../tests/support/build.ts';

let folder = '';
let bundle = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-bench-test-'));
  bundle = await ensureBuilt();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `wenban bench …` as a process of its own. Rejects with `code` and `stderr` unless it ends with 0. */
const bench = (...args: string[]) =>
  promisify(execFile)(process.execPath, [bundle, 'bench', ...args], { cwd: folder, env: { PATH: process.env.PATH, TZ: 'Asia/Shanghai' } });

it('a short soak writes its points and a picture', async () => {
  // Its verdict is about the machine; that it ran and what it wrote is what is looked at here.
  await bench('soak', '--seconds', '6', '--rate', '2', '--out', folder).catch((error: { stdout: string; code: number; stderr: string }) => {
    expect(error.stderr).toContain('not flat');
  });
  const lines = (await readFile(join(folder, 'soak.csv'), 'utf8')).trim().split('\n');
  expect(lines[0]).toBe('seconds,answers_per_second,p50_ms,p95_ms,rss_mb');
  expect(lines).toHaveLength(7);
  expect(await readFile(join(folder, 'soak.svg'), 'utf8')).toContain('<polyline');
}, 120_000);

it('a part is measured and printed as data, with the machine', async () => {
  const { stdout } = await bench('--only', 'echo', '--seconds', '0.5', '--json');
  const report = z
    .object({ machine: z.object({ cores: z.number() }), rows: z.array(z.object({ id: z.string(), perSecond: z.number() })) })
    .parse(JSON.parse(stdout));
  expect(report.rows.map(({ id }) => id)).toEqual(['echo']);
  expect(report.rows[0]?.perSecond).toBeGreaterThan(0);
}, 60_000);

it('a missed target is an exit code only where it was asked for, an unknown part is bad usage', async () => {
  await expect(bench('--only', 'nonsense')).rejects.toMatchObject({ code: 2 });
  await expect(bench('worker', 'server', '{}')).rejects.toMatchObject({ code: 2 });
}, 60_000);
