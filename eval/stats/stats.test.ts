import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalTail } from '../../bot/insights/normal.ts';
import { percentile } from '../../bot/insights/percentile.ts';
import { bootstrapInterval, estimate, meanWithInterval, pairedDifference } from './bootstrap.ts';
import { benjaminiHochberg, holm } from './holm.ts';
import { mcnemar, readable } from './mcnemar.ts';
import { shareOfDiscordant, sizeFor } from './power.ts';
import { seeded } from './random.ts';
import { wilson } from './wilson.ts';

describe('[R-022] statistics', () => {
  // Newcombe 1998, Statistics in Medicine 17:857–872, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('Wilson interval of %i out of %i is the published one', (hits, n, low, high) => {
    const [from, to] = wilson(hits, n);
    expect(from).toBeCloseTo(low, 4);
    expect(to).toBeCloseTo(high, 4);
  });

  it('Wilson half-widths are those of the reference: ±6.0 points at n 100, ±1.9 at n 1000 (p = .9)', () => {
    const half = (n: number) => {
      const [low, high] = wilson(0.9 * n, n);
      return (high - low) / 2;
    };
    expect(half(100)).toBeCloseTo(0.06, 2);
    expect(half(1000)).toBeCloseTo(0.0187, 3);
  });

  it('McNemar: exact and mid-p of 2 against 12 changed cases are those computed by hand from the binomial', () => {
    // Sum of C(14, 0..2) = 1 + 14 + 91 = 106; 2 · 106 / 2^14; mid-p takes C(14, 2) / 2^14 off.
    const test = mcnemar(2, 12);
    expect(test.exact).toBeCloseTo(212 / 16384, 12);
    expect(test.midP).toBeCloseTo((212 - 91) / 16384, 12);
    expect(readable(test)).toBe(test.midP);
    expect(mcnemar(7, 7)).toMatchObject({ exact: 1, midP: 1 });
    expect(mcnemar(0, 0)).toMatchObject({ exact: 1, midP: 1 });
  });

  it('McNemar: the published airway example (Bentur et al. 2009 in Fagerland et al. 2013: b = 1, c = 7) gives .070 and .039', () => {
    const test = mcnemar(1, 7);
    expect(test.exact).toBeCloseTo(0.0703, 4);
    expect(test.midP).toBeCloseTo(0.0391, 4);
  });

  it('Holm’s worked example: .01 .04 .03 .005 become .03 .06 .06 .02', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(4)))).toEqual([0.03, 0.06, 0.06, 0.02]);
  });

  it('Benjamini–Hochberg 1995: of the 15 p values of their example four are found at 5 %', () => {
    const ps = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1];
    expect(benjaminiHochberg(ps).filter((p) => p <= 0.05)).toHaveLength(4);
  });

  it('the bootstrap interval of a mean comes near the textbook one, and clusters make it wider', () => {
    const random = seeded(5);
    const values = Array.from({ length: 400 }, () => random() + random() + random());
    const { value, ci95 } = meanWithInterval(values);
    const error = Math.sqrt(values.reduce((sum, one) => sum + (one - value) ** 2, 0) / 399 / 400);
    expect(ci95[0]).toBeCloseTo(value - 1.96 * error, 1.8);
    expect(ci95[1]).toBeCloseTo(value + 1.96 * error, 1.8);
    const inGroups = Array.from({ length: 400 }, (_, i) => Number(Math.floor(i / 20) % 2 === 0));
    const clusters = inGroups.map((_, i) => String(Math.floor(i / 20)));
    const width = ([low, high]: readonly [number, number]) => high - low;
    expect(width(estimate(inGroups, { clusters }).ci95)).toBeGreaterThan(3 * width(estimate(inGroups).ci95));
  });

  it('the same scores give the same interval, and a statistic that is NaN in a draw does not spoil it', () => {
    const values = [0.1, 0.5, 0.9, 0.3];
    expect(meanWithInterval(values)).toEqual(meanWithInterval(values));
    const interval = bootstrapInterval(3, (weights) => (weights[0] === 0 ? Number.NaN : (weights[0] ?? 0)));
    expect(interval.every((one) => one >= 1)).toBe(true);
  });

  it('a paired difference of the same run is no difference; a clear gain is one', () => {
    const before = Array.from({ length: 100 }, (_, i) => i % 2);
    expect(pairedDifference(before, before)).toMatchObject({ value: 0, p: 1 });
    const now = before.map((value, i) => (i < 20 ? 1 : value));
    const gain = pairedDifference(now, before);
    expect(gain.value).toBeCloseTo(0.1, 12);
    expect(gain.p).toBeLessThan(0.01);
    expect(() => pairedDifference([1], [])).toThrow('not paired');
  });

  it('required sizes are those of the reference table', () => {
    expect(sizeFor(0.02, 0.04)).toBe(783);
    expect(sizeFor(0.03, 0.1)).toBe(870);
    expect(sizeFor(0.05, 0.15)).toBe(469);
    expect(sizeFor(0.1, 0.2)).toBe(155);
    expect(shareOfDiscordant(10, 200)).toBe(0.05);
  });

  it('normal tail and percentiles', () => {
    expect(2 * normalTail(1.959964)).toBeCloseTo(0.05, 6);
    expect(normalTail(-1)).toBeCloseTo(0.8413447, 6);
    expect(percentile([5, 1, 3, 2, 4], 0.5)).toBe(3);
    expect(
      percentile(
        Array.from({ length: 100 }, (_, i) => i + 1),
        0.95,
      ),
    ).toBe(95);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('every Wilson interval holds its rate and lies within 0 and 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const hits = Math.round(share * n);
        const [low, high] = wilson(hits, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(hits / n + 1e-12);
        expect(high).toBeGreaterThanOrEqual(hits / n - 1e-12);
      }),
    );
  });
});
