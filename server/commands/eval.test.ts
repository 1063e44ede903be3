import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readBaseline } from '../../eval/output.ts';
import { type Config, parseConfig } from '../config.ts';
import { evalCommand } from './eval.ts';
import { lintCommand, powerCommand, sampleCommand } from './eval-tools.ts';

let folder = '';
let config: Config;
const suites = join(import.meta.dirname, '..', '..', 'eval', 'suites');
const flags = { concurrency: '4', embeddings: true, json: true };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-eval-command-'));
  const parsed = parseConfig({ DATA_DIR: join(folder, 'data') });
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  config = parsed.config;
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('[R-022] wenban eval', () => {
  it('runs a suite on a whole house, leaves the run’s files, and the same build again is no regression', async () => {
    const suite = join(suites, 'anlan', 'handoff.yaml');
    const out = join(folder, 'first');
    expect(await evalCommand(config, [suite], { ...flags, out, limit: '6' })).toBeLessThan(2);
    expect((await readdir(out)).sort()).toEqual(['junit.xml', 'report.html', 'results.json', 'scores.csv', 'summary.json']);
    const again = join(folder, 'again');
    const baseline = join(out, 'results.json');
    await evalCommand(config, [suite], { ...flags, out: again, baseline, limit: '6' });
    const [before, now] = [
      (await readBaseline(baseline)).get('anlan-handoff'),
      (await readBaseline(join(again, 'results.json'))).get('anlan-handoff'),
    ];
    expect(now?.cases).toHaveLength(6);
    expect(now?.cases.map((one) => one.scores)).toEqual(before?.cases.map((one) => one.scores));
    expect(now?.manifest.hashes).toEqual(before?.manifest.hashes);
    const summary = JSON.parse(await readFile(join(again, 'summary.json'), 'utf8'));
    expect(summary.suites[0].comparison).toMatchObject({ paired: 6, verdict: 'same', broken: [] });
  }, 120_000);

  it('a missed gate is exit code 1, bad usage and missing data 2', async () => {
    const rows = join(folder, 'q.jsonl');
    await writeFile(rows, '{"id":"1","question":"身份证丢了怎么补办","docIds":["no-such-item"]}\n');
    const suite = join(folder, 'q.yaml');
    await writeFile(suite, 'name: q\nkind: retrieval\ndataset: q.jsonl\ngate: {hit@1: ">= 0.5"}\n');
    const out = join(folder, 'gate');
    expect(await evalCommand(config, [suite], { ...flags, out })).toBe(1);
    expect(await evalCommand(config, [suite, suite], { ...flags, out })).toBe(2);
    expect(await evalCommand(config, [join(folder, 'none.yaml')], { ...flags, out })).toBe(2);
    expect(await evalCommand(config, [suite], { ...flags, out, limit: 'many' })).toBe(2);
    expect(await evalCommand(config, [suite], { ...flags, out, baseline: rows })).toBe(2);
    await rm(rows);
    expect(await evalCommand(config, [suite], { ...flags, out })).toBe(2);
  });

  it('the shipped suites have no errors, and every authored fact stands in the documents it is said to come from', async () => {
    const files = (await readdir(join(suites, 'anlan')))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => join(suites, 'anlan', name));
    const log = vi.mocked(console.log);
    log.mockClear();
    expect(await lintCommand(config, files, { json: true })).toBe(0);
    const found = JSON.parse(String(log.mock.calls[0]?.[0])) as { findings: { kind: string }[] }[];
    expect(found.flatMap(({ findings }) => findings).filter(({ kind }) => kind !== 'too_few')).toEqual([]);
  });

  it('power says whether n is enough; sample finds no conversation in a new store', async () => {
    expect(await powerCommand({ difference: '0.03', n: '300', discordant: '0.1' })).toBe(1);
    expect(await powerCommand({ difference: '0.03', n: '900', discordant: '0.1' })).toBe(0);
    expect(await powerCommand({ discordant: '0.1' })).toBe(2);
    expect(await powerCommand({ difference: '0.2', discordant: '0.1' })).toBe(2);
    expect(await sampleCommand(config, { out: join(folder, 'draft.yaml'), n: '5', seed: '1', days: '7' }, Date.now())).toBe(1);
    expect(await sampleCommand(config, { out: join(folder, 'draft.yaml'), n: '0', seed: '1', days: '7' }, Date.now())).toBe(2);
  });
});
