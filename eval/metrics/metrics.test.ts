import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auroc, aurocWithInterval, passRateAt } from './auroc.ts';
import { aurc, brier, ece, reliability } from './calibration.ts';
import { confusion, macroF1, matthews, perLabel } from './classification.ts';
import { isTied, type Ranked, rankMetrics } from './ranking.ts';
import { answerText, shownText } from './shown.ts';
import { charF1, rougeL, shareShown } from './text.ts';

/** An independent implementation: every order of equal scores tried, plain textbook formulas, averaged. */
function byAllOrders(ranking: readonly Ranked[], gold: ReadonlySet<string>) {
  const orders = permutations([...ranking]).filter((order) => order.every((one, i) => i === 0 || (order[i - 1]?.score ?? 0) >= one.score));
  const mean = (measure: (ids: readonly string[]) => number) =>
    orders.reduce((sum, order) => sum + measure(order.map((one) => one.id)), 0) / orders.length;
  const dcg = (gains: readonly number[]) => gains.reduce((sum, gain, i) => sum + (2 ** gain - 1) / Math.log2(i + 2), 0);
  return {
    'hit@1': mean((ids) => Number(gold.has(ids[0] ?? ''))),
    'hit@5': mean((ids) => Number(ids.slice(0, 5).some((id) => gold.has(id)))),
    'recall@5': mean((ids) => ids.slice(0, 5).filter((id) => gold.has(id)).length / gold.size),
    'mrr@10': mean((ids) => {
      const at = ids.slice(0, 10).findIndex((id) => gold.has(id));
      return at === -1 ? 0 : 1 / (at + 1);
    }),
    'ndcg@10': mean((ids) => {
      const gains = ids.slice(0, 10).map((id) => Number(gold.has(id)));
      return dcg(gains) / dcg(Array.from({ length: Math.min(10, gold.size) }, () => 1));
    }),
  };
}

function permutations<T>(list: T[]): T[][] {
  if (list.length <= 1) return [list];
  return list.flatMap((one, i) => permutations([...list.slice(0, i), ...list.slice(i + 1)]).map((rest) => [one, ...rest]));
}

describe('[R-105] rank metrics', () => {
  it('agree to 1e-9 with an independent implementation that tries every order of equal scores', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 7 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 4 }),
        (scores, relevant) => {
          const ranking = scores.map((score, i) => ({ id: String(i), score }));
          const gold = new Set(relevant.map(String));
          const ours = rankMetrics(ranking, gold);
          for (const [name, value] of Object.entries(byAllOrders(ranking, gold)))
            expect(Math.abs(ours[name as keyof typeof ours] - value)).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('a hand-computed ranking: gold at 2 and 4 of five', () => {
    const ranking = ['a', 'b', 'c', 'd', 'e'].map((id, i) => ({ id, score: 5 - i }));
    const metrics = rankMetrics(ranking, new Set(['b', 'd']));
    expect(metrics['mrr@10']).toBe(0.5);
    expect(metrics['hit@1']).toBe(0);
    expect(metrics['recall@5']).toBe(1);
    expect(metrics['ndcg@10']).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3)), 12);
  });

  it('a tied first place counts by chance, not by luck, and is told', () => {
    const ranking = [
      { id: 'a', score: 1 },
      { id: 'b', score: 1 },
    ];
    expect(rankMetrics(ranking, new Set(['b']))['hit@1']).toBe(0.5);
    expect(isTied(ranking)).toBe(true);
    expect(isTied([{ id: 'a', score: 1 }])).toBe(false);
  });
});

describe('[R-022] confidence', () => {
  it('AUROC is the share of pairs in the right order, ties half', () => {
    expect(auroc([0.9, 0.8, 0.4], [0.7, 0.4])).toBeCloseTo((2 + 2 + 0.5) / 6, 12);
    expect(auroc([1], [])).toBeNaN();
    const { value, ci95 } = aurocWithInterval([0.9, 0.8, 0.7], [0.1, 0.2]);
    expect(value).toBe(1);
    expect(ci95).toEqual([1, 1]);
  });

  it('the false answer rate is read where the share of answerable ones is kept', () => {
    const yes = [0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.4, 0.35, 0.3, 0.1];
    expect(passRateAt(0.9, yes, [0.05, 0.3, 0.6, 0.2])).toEqual({ threshold: 0.3, rate: 0.5 });
  });

  it('calibration error, Brier score and risk–coverage of a hand-computed fixture', () => {
    const rows = [
      { confidence: 0.9, right: true },
      { confidence: 0.8, right: false },
      { confidence: 0.6, right: true },
      { confidence: 0.4, right: false },
    ];
    // Two bins of two: (.5, .5) and (.85, .5).
    expect(ece(rows, 2)).toBeCloseTo(0.5 * Math.abs(0.5 - 0.5) + 0.5 * Math.abs(0.5 - 0.85), 12);
    expect(reliability(rows, 2).map((bin) => bin.n)).toEqual([2, 2]);
    expect(brier(rows)).toBeCloseTo((0.01 + 0.64 + 0.16 + 0.16) / 4, 12);
    expect(aurc(rows)).toBeCloseTo((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4, 12);
    expect(
      aurc([
        { confidence: 1, right: true },
        { confidence: 1, right: false },
      ]),
    ).toBeCloseTo((0.5 + 0.5) / 2, 12);
  });
});

describe('[R-022] labels', () => {
  // The three-class example of scikit-learn's documentation of f1_score: macro F1 .26667.
  const rows = [0, 1, 2, 0, 1, 2].map((expected, i) => ({ expected: String(expected), actual: String([0, 2, 1, 0, 0, 1][i]) }));

  it('macro F1 and the per-label scores are those of a published example', () => {
    expect(macroF1(rows)).toBeCloseTo(0.26667, 5);
    expect(perLabel(rows).find((one) => one.label === '0')).toMatchObject({ n: 2, recall: 1, confusedWith: [] });
    expect(perLabel(rows).find((one) => one.label === '1')?.confusedWith).toEqual([
      { label: '0', n: 1 },
      { label: '2', n: 1 },
    ]);
    expect(confusion(rows).get('2')?.get('1')).toBe(2);
  });

  it('Matthews correlation: two classes by the textbook formula, and 0 when only one label is said', () => {
    const two = [...Array(6).fill(['p', 'p']), ['p', 'n'], ['p', 'n'], ['n', 'p'], ['n', 'n'], ['n', 'n'], ['n', 'n']].map(
      ([expected, actual]) => ({ expected, actual }),
    );
    // TP 6, TN 3, FP 1, FN 2.
    expect(matthews(two)).toBeCloseTo((6 * 3 - 1 * 2) / Math.sqrt(7 * 8 * 4 * 5), 12);
    expect(
      matthews([
        { expected: 'a', actual: 'a' },
        { expected: 'b', actual: 'a' },
      ]),
    ).toBe(0);
  });
});

describe('[R-105] texts', () => {
  it('ROUGE-L and character F1 over characters, whatever the spelling of numbers and marks', () => {
    expect(rougeL('二十个工作日', '20个工作日。')).toBe(1);
    expect(rougeL('甲乙丙丁', '甲丙戊')).toBeCloseTo((2 * 2) / (4 + 3), 12);
    expect(charF1('丁丙乙甲', '甲乙丙丁')).toBe(1);
    expect(rougeL('丁丙乙甲', '甲乙丙丁')).toBeCloseTo((2 * 1) / 8, 12);
    expect(rougeL('', '甲')).toBe(0);
  });

  it('the share shown counts stretches of the gold text, not single signs', () => {
    expect(shareShown('前言。自受理之日起二十个工作日内办结。后语', '自受理之日起20个工作日内办结')).toBe(1);
    expect(shareShown('的了是在', '的确不是这样的了')).toBe(0);
    expect(shareShown('每证四十元', '每证40元，丢失补领也是40元')).toBeCloseTo(5 / 13, 1);
  });

  it('the source line is no answer, but it is shown', () => {
    const markdown = '**《某办法》（某发〔2020〕1号）第三条**（自 2020-01-01 起施行） [1]\n每证 **40** 元。[1]';
    expect(answerText(markdown)).toBe('每证 40 元。');
    expect(shownText(markdown)).toContain('《某办法》');
    expect(answerText('**能代办吗**\n能。 [1]')).toBe('能。');
  });

  it('both measures stay within 0 and 1 and are 1 for equal texts', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        for (const measure of [rougeL, charF1]) {
          expect(measure(a, b)).toBeGreaterThanOrEqual(0);
          expect(measure(a, b)).toBeLessThanOrEqual(1);
          expect(measure(a, a)).toBe(1);
        }
      }),
    );
  });
});
