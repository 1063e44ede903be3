import { describe, expect, it } from 'vitest';
import type { LanguageModel, ModelRequest, ModelResult } from '../bot/llm/model.ts';
import { judge } from '../prompts/judge.ts';
import { judgeFacts, judgeReport } from './judge.ts';
import type { Verdict } from './label/store.ts';
import { kappa } from './metrics/kappa.ts';
import { caseOf } from './testing/results.ts';

/** Counts of a two by two table as pairs of labels. */
const pairs = (yesYes: number, yesNo: number, noYes: number, noNo: number) =>
  (
    [
      [yesYes, ['yes', 'yes']],
      [yesNo, ['yes', 'no']],
      [noYes, ['no', 'yes']],
      [noNo, ['no', 'no']],
    ] as const
  ).flatMap(([n, pair]) => Array.from({ length: n }, () => pair));

describe('[R-022] agreement with people', () => {
  it('κ is that of the published example (Sim and Wright 2005, Physical Therapy 85:257–268: 22, 2, 4, 11 give .67)', () => {
    const { value, ci95, n } = kappa(pairs(22, 2, 4, 11));
    expect(value).toBeCloseTo(2 / 3, 4);
    expect(n).toBe(39);
    expect(ci95[0]).toBeGreaterThan(0.3);
    expect(ci95[0]).toBeLessThan(value);
    expect(ci95[1]).toBeGreaterThan(value);
  });

  it('agreement by chance is 0, the same always is 1, and one label only says nothing', () => {
    expect(kappa(pairs(25, 25, 25, 25)).value).toBeCloseTo(0, 12);
    expect(kappa(pairs(10, 0, 0, 10)).value).toBe(1);
    expect(kappa(pairs(10, 0, 0, 0)).value).toBeNaN();
  });
});

describe('[R-022] a model as judge', () => {
  const saying = (answer: unknown): LanguageModel => ({
    id: 'host/judge',
    complete: async <T>(request: ModelRequest<T>): Promise<ModelResult<T>> => {
      if (answer === undefined) return { ok: false, error: { kind: 'timeout', message: 'no answer in time' } };
      return { ok: true, value: request.schema.parse(answer) };
    },
  });
  const inputs = { question: '补证多少钱', answer: '每证 40 元。', facts: [{ id: '1', text: '40元' }] };

  it('gives verdicts by fact and leaves out what was not asked', async () => {
    const said = await judgeFacts(
      saying({
        verdicts: [
          { id: '1', verdict: 'yes' },
          { id: '9', verdict: 'no' },
        ],
      }),
      inputs,
    );
    expect([...(said as Map<string, string>)]).toEqual([['1', 'yes']]);
  });

  it('a judge that fails says so', async () => {
    expect(await judgeFacts(saying(undefined), inputs)).toEqual({ error: 'no answer in time' });
    expect(await judgeFacts(saying({ verdicts: [] }), { ...inputs, facts: [] })).toHaveProperty('error');
  });

  it('the prompt holds question, answer, facts and the reference where there is one', () => {
    const text = judge.user({ ...inputs, reference: '收费 40 元' });
    for (const part of ['补证多少钱', '每证 40 元。', '- 1：40元', '收费 40 元']) expect(text).toContain(part);
    expect(judge.user(inputs)).not.toContain('参考答案');
  });

  const facts = (n: number, says: (i: number) => string) =>
    Array.from({ length: n }, (_, i) =>
      caseOf(String(i), true, { detail: { facts: [{ key: `k${i}`, text: 'f', stated: true, judge: says(i) }] } }),
    );

  it('without labels there is no score', () => {
    const report = judgeReport(
      'm',
      facts(10, () => 'yes'),
      new Map(),
    );
    expect(report).toEqual({ model: 'm', judged: 10, failed: 0, labelled: 0 });
    expect(judgeReport(undefined, [], new Map())).toBeUndefined();
  });

  it('with labels the score stands beside κ and is corrected for the judge’s faults; unclear labels don’t count', () => {
    // The judge says yes to 80 of 100; people looked at 20, the judge was wrong about 2 of 10 that say no.
    const cases = facts(100, (i) => (i < 80 ? 'yes' : 'no'));
    const labels = new Map<string, Verdict>([
      ...Array.from({ length: 10 }, (_, i) => [`k${i}`, 'yes'] as const),
      ...Array.from({ length: 2 }, (_, i) => [`k${10 + i}`, 'no'] as const),
      ...Array.from({ length: 8 }, (_, i) => [`k${90 + i}`, 'no'] as const),
      ['k50', 'unclear'],
    ]);
    const report = judgeReport('m', cases, labels);
    expect(report).toMatchObject({ labelled: 20, agreement: { accuracy: 0.9, sensitivity: 1, specificity: 0.8 }, score: { value: 0.8 } });
    expect(report?.agreement?.kappa.value).toBeCloseTo(0.8, 12);
    expect(report?.corrected).toBeCloseTo((0.8 + 0.8 - 1) / 0.8, 12);
  });
});
