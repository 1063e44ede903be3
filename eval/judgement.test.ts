import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import { keeps } from './gate.ts';
import { judgementOf } from './judgement.ts';
import { junit } from './junit.ts';
import { readBaseline, readFinished, summaryOf, writeResults } from './output.ts';
import { confusionMatrix } from './report/charts.ts';
import { reportHtml } from './report/report.ts';
import { slicesOf } from './report/slices.ts';
import type { CaseResult } from './results.ts';
import type { Suite } from './suite.ts';
import { caseOf, resultOf } from './testing/results.ts';
import { usageMetrics } from './usage.ts';

const suite = (gate: Suite['gate'] = {}): Suite => ({
  name: 'sample',
  kind: 'retrieval',
  file: '/suite.yaml',
  dataset: [],
  corpus: undefined,
  train: undefined,
  pairs: undefined,
  without_docs: 'refuse',
  gate,
});
const many = (n: number, passed: (i: number) => boolean): CaseResult[] => Array.from({ length: n }, (_, i) => caseOf(String(i), passed(i)));

describe('[R-022] comparison with a baseline', () => {
  const before = resultOf(many(200, (i) => i % 5 !== 0));

  it('the same run again is no regression', () => {
    const again = compare(resultOf(many(200, (i) => i % 5 !== 0)), before);
    expect(again).toMatchObject({ verdict: 'same', paired: 200, fixed: [], broken: [] });
    expect(again.mcnemar.exact).toBe(1);
  });

  it('a run that breaks many cases is a regression that names them; the other way round it is an improvement', () => {
    const worse = resultOf(many(200, (i) => i % 5 !== 0 && i % 7 !== 0));
    const comparison = compare(worse, before);
    expect(comparison.verdict).toBe('regressed');
    expect(comparison.broken.map((flip) => flip.id)).toContain('7');
    expect(comparison.fixed).toEqual([]);
    expect(judgementOf(suite(), worse, before).verdict).toBe('fail');
    expect(compare(before, worse).verdict).toBe('improved');
  });

  it('one changed case in 200 is no regression, but it is listed', () => {
    const comparison = compare(resultOf(many(200, (i) => i % 5 !== 0 && i !== 1)), before);
    expect(comparison).toMatchObject({ verdict: 'same' });
    expect(comparison.broken.map((flip) => flip.id)).toEqual(['1']);
  });

  it('cases that only one run has are counted, not compared', () => {
    expect(compare(resultOf(many(150, () => true)), before)).toMatchObject({ paired: 150, onlyBefore: 50, onlyNow: 0 });
  });

  it('where less is better, less is a gain', () => {
    const rates = (share: number) =>
      resultOf(many(200, () => true).map((one, i) => ({ ...one, scores: { over_refusal: i < share * 200 ? 1 : 0 } })));
    expect(compare(rates(0.05), rates(0.3)).changes[0]).toMatchObject({ metric: 'over_refusal', significant: true });
    expect(compare(rates(0.05), rates(0.3)).verdict).toBe('improved');
  });
});

describe('[R-022] gates', () => {
  const result = resultOf(many(100, (i) => i < 90));

  it('bounds as in the suite file', () => {
    expect(keeps('>= 0.85', 0.85)).toBe(true);
    expect(keeps('> 0.85', 0.85)).toBe(false);
    expect(keeps('<= 2', 2)).toBe(true);
    expect(keeps('< 2', 3)).toBe(false);
  });

  it('a missed bound fails the run, a warning does not, a metric without a value is an error', () => {
    expect(judgementOf(suite({ 'hit@1': '>= 0.85' }), result, undefined).verdict).toBe('pass');
    expect(judgementOf(suite({ 'hit@1': '>= 0.95' }), result, undefined).verdict).toBe('fail');
    expect(judgementOf(suite({ 'hit@1': { min: 0.95, severity: 'warn' } }), result, undefined).verdict).toBe('pass');
    expect(judgementOf(suite({ hit1: '>= 0.1' }), result, undefined).verdict).toBe('error');
  });

  it('a largest loss blocks only when the loss is shown to keep within it; else the run is inconclusive or fails', () => {
    const gate = suite({ 'hit@1': { max_drop: 0.02, severity: 'block' } });
    const baseline = resultOf(many(1000, (i) => i % 10 !== 0));
    expect(judgementOf(gate, resultOf(many(1000, (i) => i % 10 !== 0)), baseline).verdict).toBe('pass');
    expect(judgementOf(gate, resultOf(many(1000, (i) => i % 10 !== 0 && i % 9 !== 0)), baseline).verdict).toBe('fail');
    const few = judgementOf(gate, resultOf(many(40, (i) => i % 10 !== 0 && i !== 1)), resultOf(many(40, (i) => i % 10 !== 0)));
    expect(few.verdict).toBe('inconclusive');
  });

  it('nothing that could be run is an error', () => {
    const broken = resultOf(many(3, () => false).map((one) => ({ ...one, status: 'error' as const, error: 'no' })));
    expect(judgementOf(suite(), broken, undefined).verdict).toBe('error');
    expect(broken.metrics.error_rate?.value).toBe(1);
    expect(broken.metrics['hit@1']).toMatchObject({ value: 0, n: 3 });
  });
});

describe('[R-154] what a run leaves behind', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wenban-eval-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const hostile = '<img src=x onerror=alert(1)>&"\u0001';
  const result = resultOf([
    caseOf('1', true),
    caseOf('2', false, { input: hostile, fault: 'not_retrieved' }),
    caseOf('3', false, { status: 'error', error: 'broke', fault: 'error', confidence: Number.NaN }),
  ]);

  it('results.json is read back as a baseline, values that are no numbers included', async () => {
    await writeResults(folder, [judgementOf(suite(), result, undefined)]);
    const baseline = await readBaseline(join(folder, 'results.json'));
    expect(baseline.get('sample')?.cases.map((one) => one.status)).toEqual(['pass', 'fail', 'error']);
    expect(baseline.get('sample')?.metrics['hit@1']?.value).toBeCloseTo(1 / 3, 12);
    await writeResults(folder, [
      judgementOf(suite(), result, undefined),
      judgementOf({ ...suite(), name: 'b' }, { ...result, suite: 'b' }, undefined),
    ]);
    expect([...(await readBaseline(join(folder, 'results.json'))).keys()]).toEqual(['sample', 'b']);
    await expect(readBaseline(join(folder, 'scores.csv'))).rejects.toThrow('scores.csv');
  });

  it('scores.csv opens in Excel: byte order mark, no formulas', async () => {
    const text = await readFile(join(folder, 'scores.csv'), 'utf8');
    expect(text.startsWith('\uFEFFsuite,case')).toBe(true);
    await writeResults(folder, [judgementOf(suite(), resultOf([caseOf('1', true, { input: '=cmd()' })]), undefined)]);
    expect(await readFile(join(folder, 'scores.csv'), 'utf8')).toContain("'=cmd()");
  });

  it('JUnit is well-formed whatever a citizen wrote, with gates as failures and errors counted', () => {
    const xml = junit([judgementOf(suite({ 'hit@1': '>= 0.9' }), result, undefined)]);
    const parsed = new XMLParser({ ignoreAttributes: false }).parse(xml).testsuites.testsuite;
    expect(parsed['@_failures']).toBe('1');
    expect(parsed['@_errors']).toBe('1');
    expect(parsed.testcase).toHaveLength(4);
  });

  it('an interrupted run goes on: finished cases of the same manifest count, errors and half lines are run again', async () => {
    const file = join(folder, 'running.jsonl');
    const line = (manifest: string, one: CaseResult) => `${JSON.stringify({ manifest, case: one })}\n`;
    await writeFile(
      file,
      line('abc', caseOf('1', true)) +
        line('other', caseOf('2', true)) +
        line('abc', caseOf('3', false, { status: 'error' })) +
        '{"manifest":"abc"',
    );
    expect([...(await readFinished(file, 'abc')).keys()]).toEqual(['1']);
    expect((await readFinished(join(folder, 'none'), 'abc')).size).toBe(0);
  });

  it('the report holds everything in one page, asks for nothing from a network, and shows what a citizen wrote as text', () => {
    const before = resultOf([caseOf('1', false), caseOf('2', true, { input: hostile }), caseOf('3', true)]);
    const withCurves = {
      ...result,
      curves: {
        riskCoverage: [0.2, 0.6, 1].map((coverage) => ({ threshold: 1 - coverage, coverage, risk: coverage / 4 })),
        confusion: { a: { a: 3, b: 1 }, b: { b: 2 } },
      },
    };
    const html = reportHtml([judgementOf(suite({ 'hit@1': '>= 0.9' }), withCurves, before)]);
    expect(html).not.toContain('<img src=x');
    expect(html).not.toMatch(/(?:src|href)="https?:/);
    expect(html).not.toMatch(/@import|url\(/);
    for (const words of ['指标', 'metric', '错在哪里', 'What went wrong', '变坏的', 'Broken', '风险与覆盖', '混淆矩阵'])
      expect(html).toContain(words);
    expect(html.match(/<script type="application\/json" data-cases="sample">(.*?)<\/script>/s)?.[1]).toContain('\\u003cimg');
  });

  it('tokens and money, what was never reached, and a judge only beside its agreement with people', () => {
    const usage = { calls: 4, kept: 1, failed: 0, inputTokens: 4000, outputTokens: 200, cost: 0.0042 };
    const base = resultOf([caseOf('1', true), caseOf('2', false)]);
    const spent = { ...base, manifest: { ...base.manifest, usage }, metrics: { ...base.metrics, ...usageMetrics(usage, base.cases) } };
    expect(spent.metrics).toMatchObject({
      tokens_per_case: { value: 2100 },
      cost_per_case: { value: 0.0021 },
      cost_per_correct: { value: 0.0042 },
      cached_share: { value: 0.25 },
    });
    expect(usageMetrics(undefined, base.cases)).toEqual({});
    const judge = { model: 'm', judged: 8, failed: 0, labelled: 0 };
    const page = (more: object) => reportHtml([judgementOf(suite(), { ...spent, ...more }, undefined)]);
    const html = page({ judge, coverage: [{ of: 'flow_step', total: 3, missed: ['f/2 collect age'] }] });
    for (const words of ['4200', '0.0042', 'f/2 collect age', '走到 2 / 3', '所以不给分数']) expect(html).toContain(words);
    const kappa = { value: 0.71, ci95: [0.6, 0.8] as const, n: 160 };
    const agreement = { kappa, accuracy: 0.9, sensitivity: 0.95, specificity: 0.8 };
    const judged = page({
      judge: { ...judge, labelled: 160, agreement, score: { value: 0.66, ci95: [0.5, 0.7], n: 8 }, corrected: 0.613 },
    });
    for (const words of ['0.710', '0.600 – 0.800', '66.0%', '61.3%']) expect(judged).toContain(words);
    expect(judged).not.toContain('标注不足');
  });

  it('of many labels the matrix shows those most often mistaken', () => {
    const names = Array.from({ length: 60 }, (_, i) => `label-${String(i).padStart(2, '0')}`);
    const table = Object.fromEntries(names.map((name, i) => [name, i === 50 ? { 'label-51': 3 } : { [name]: 2 }]));
    const svg = confusionMatrix(table);
    expect(svg).toContain('label-50 → label-51: 3');
    expect(svg).toContain('只画最易混的 32 个');
    expect(svg).not.toContain('label-49 → label-49');
  });

  it('slices below 30 cases claim nothing; a clearly worse one is named', () => {
    const cases = [...Array(100).keys()].map((i) =>
      caseOf(String(i), i < 50 || i % 2 === 0, { slices: { topic: i < 50 ? '甲' : i < 95 ? '乙' : '丙' } }),
    );
    const slices = slicesOf(resultOf(cases));
    expect(slices.map(({ value, stands }) => [value, stands])).toEqual(
      expect.arrayContaining([
        ['甲', 'better'],
        ['乙', 'worse'],
        ['丙', 'too_few'],
      ]),
    );
  });

  it('the summary names what changed', () => {
    const judged = judgementOf(suite(), resultOf(many(3, () => true)), resultOf(many(3, (i) => i > 0)));
    expect(summaryOf([judged]).suites[0]).toMatchObject({ suite: 'sample', verdict: 'pass', comparison: { fixed: ['0'], broken: [] } });
  });
});
