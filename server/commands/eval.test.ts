import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { scriptedServer } from '../../bot/llm/testing/scripted-server.ts';
import { labelQueue } from '../../eval/label/queue.ts';
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
  it('the shipped handoff suite passes its gate on a whole house, leaves the run’s files, and the same build again is no regression', async () => {
    const suite = join(suites, 'anlan', 'handoff.yaml');
    const out = join(folder, 'first');
    expect(await evalCommand(config, [suite], { ...flags, out })).toBe(0);
    expect((await readdir(out)).sort()).toEqual(['cases', 'junit.xml', 'report.html', 'results.json', 'scores.csv', 'summary.json']);
    expect((await readdir(join(out, 'cases', 'anlan-handoff'))).sort()).toEqual(['handoff.jsonl', 'handoff.yaml']);
    const again = join(folder, 'again');
    const baseline = join(out, 'results.json');
    await evalCommand(config, [suite], { ...flags, out: again, baseline });
    const [before, now] = [
      (await readBaseline(baseline)).get('anlan-handoff'),
      (await readBaseline(join(again, 'results.json'))).get('anlan-handoff'),
    ];
    expect(now?.cases.length).toBeGreaterThanOrEqual(60);
    expect(now?.cases.map((one) => one.scores)).toEqual(before?.cases.map((one) => one.scores));
    expect(now?.manifest.hashes).toEqual(before?.manifest.hashes);
    const summary = JSON.parse(await readFile(join(again, 'summary.json'), 'utf8'));
    expect(summary.suites[0].comparison).toMatchObject({ paired: now?.cases.length, verdict: 'same', broken: [] });
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

  it('a model is called only when that is asked for; a judge is kept, counted and shown with its agreement with people', async () => {
    const server = await scriptedServer();
    try {
      server.script({
        kind: 'say',
        content: {
          verdicts: [
            { id: '1', verdict: 'yes' },
            { id: '2', verdict: 'yes' },
          ],
        },
      });
      const environment = {
        DATA_DIR: join(folder, 'data'),
        OPENAI_BASE_URL: server.baseUrl,
        OPENAI_MODEL: 'judge-1',
        OPENAI_PRICE_INPUT: '1',
        OPENAI_PRICE_OUTPUT: '1',
      };
      const parsed = parseConfig(environment);
      if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
      const suite = join(folder, 'judged.yaml');
      await writeFile(suite, 'name: judged\nkind: answer\ndataset: judged.jsonl\ncorpus: judged-corpus.jsonl\n');
      await writeFile(
        join(folder, 'judged-corpus.jsonl'),
        `${JSON.stringify({ id: 'd1', title: '补贴办法', text: '符合条件的企业按每人每月500元给予稳岗补贴。申请截止到三月三十一日。' })}\n${JSON.stringify({ id: 'd2', title: '入学通知', text: '年满六周岁的儿童在户籍所在地就近登记入学。' })}\n`,
      );
      await writeFile(
        join(folder, 'judged.jsonl'),
        [
          { id: '1', question: '企业稳岗补贴每人每月多少元', docIds: ['d1'], facts: ['五百元', '三月三十一日'] },
          { id: '2', question: '儿童几岁在哪里登记入学', docIds: ['d2'], facts: ['六周岁', '户籍所在地'] },
        ]
          .map((row) => JSON.stringify(row))
          .join('\n'),
      );
      const labels = join(folder, 'labels.jsonl');
      const run = async (out: string, more: object) => {
        await evalCommand(parsed.config, [suite], { ...flags, labels, out: join(folder, out), ...more });
        return (await readBaseline(join(folder, out, 'results.json'))).get('judged');
      };
      const silent = await run('silent', {});
      expect(server.requests).toEqual([]);
      expect(silent).toMatchObject({ manifest: { recogniser: 'local' } });
      expect(silent?.judge).toBeUndefined();

      const cache = join(folder, 'cache');
      const judged = await run('first-judge', { judge: true, cache });
      const asked = server.requests.length;
      const facts = labelQueue(judged ? [judged] : [], { all: true });
      expect(asked).toBeGreaterThan(0);
      expect(judged?.judge).toEqual({ model: expect.stringContaining('judge-1'), judged: facts.length, failed: 0, labelled: 0 });
      expect(judged?.manifest).toMatchObject({
        recogniser: 'local',
        versions: { judge: 'judge-1' },
        usage: { calls: asked, kept: 0, cost: (asked * 1050) / 1e6 },
      });
      expect(await readFile(join(folder, 'first-judge', 'report.html'), 'utf8')).toContain('还没有人工标注');

      await writeFile(labels, facts.map(({ key }, i) => JSON.stringify({ key, verdict: i === 0 ? 'no' : 'yes' })).join('\n'));
      const agreed = await run('agreed', { judge: true, cache });
      expect(server.requests).toHaveLength(asked);
      expect(agreed?.manifest).toMatchObject({ usage: { calls: asked, kept: asked } });
      expect(agreed?.judge).toMatchObject({ labelled: facts.length, agreement: { sensitivity: 1, specificity: 0 }, score: { value: 1 } });
      expect(agreed?.manifest.id).not.toBe(judged?.manifest.id);
      const html = await readFile(join(folder, 'agreed', 'report.html'), 'utf8');
      expect(html).toContain('与人工一致 κ');
      expect(html).toContain('标注不足 150 条');
    } finally {
      await server.close();
    }
    expect(await evalCommand(config, [join(folder, 'judged.yaml')], { ...flags, model: true })).toBe(2);
  }, 120_000);

  it('power says whether n is enough; sample finds no conversation in a new store', async () => {
    expect(await powerCommand({ difference: '0.03', n: '300', discordant: '0.1' })).toBe(1);
    expect(await powerCommand({ difference: '0.03', n: '900', discordant: '0.1' })).toBe(0);
    expect(await powerCommand({ discordant: '0.1' })).toBe(2);
    expect(await powerCommand({ difference: '0.2', discordant: '0.1' })).toBe(2);
    expect(await sampleCommand(config, { out: join(folder, 'draft.yaml'), n: '5', seed: '1', days: '7' }, Date.now())).toBe(1);
    expect(await sampleCommand(config, { out: join(folder, 'draft.yaml'), n: '0', seed: '1', days: '7' }, Date.now())).toBe(2);
  });
});
