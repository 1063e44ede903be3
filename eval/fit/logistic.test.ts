import { describe, expect, it } from 'vitest';
import { fitLogistic, predict } from './logistic.ts';

describe('logistic regression', () => {
  // Hours of study and passing an exam: the worked example of the English Wikipedia article "Logistic regression" (coefficient 1.5046).
  const hours = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 1.75, 2, 2.25, 2.5, 2.75, 3, 3.25, 3.5, 4, 4.25, 4.5, 4.75, 5, 5.5];
  const passed = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1];

  it('agrees with the published coefficients when the classes are of one size and nothing pulls', () => {
    const fit = fitLogistic(
      hours.map((hour) => [hour]),
      passed.map((one) => one === 1),
      0,
    );
    expect(fit.weights[0]).toBeCloseTo(1.5046, 3);
    expect(fit.bias).toBeCloseTo(-4.0777, 3);
    expect(predict(fit, [2])).toBeCloseTo(0.2557, 3);
  });

  it('weighs both classes the same and survives a column that never changes', () => {
    const rows = [
      [0, 1],
      [0, 1],
      [0, 1],
      [1, 1],
    ];
    const fit = fitLogistic(rows, [false, false, false, true]);
    expect(predict(fit, [0.5, 1])).toBeCloseTo(0.5, 1);
    expect(fit.weights.every(Number.isFinite)).toBe(true);
  });
});
