/** Logistic regression by Newton's method: a dozen signals, a few thousand questions. */

export interface LogisticFit {
  readonly bias: number;
  readonly weights: readonly number[];
}

const steps = 25;

/** Both classes weigh the same. `ridge` pulls the weights (of standardised columns) to zero, not the bias. */
export function fitLogistic(rows: readonly (readonly number[])[], labels: readonly boolean[], ridge = 1): LogisticFit {
  const width = rows[0]?.length ?? 0;
  const means = column(width, (i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / rows.length);
  const scales = column(
    width,
    (i) => Math.sqrt(rows.reduce((sum, row) => sum + ((row[i] ?? 0) - (means[i] ?? 0)) ** 2, 0) / rows.length) || 1,
  );
  const standard = rows.map((row) => [1, ...row.map((value, i) => (value - (means[i] ?? 0)) / (scales[i] ?? 1))]);
  const positive = labels.filter(Boolean).length;
  const weightOf = (label: boolean) => rows.length / (2 * (label ? positive : rows.length - positive));
  let beta = new Array<number>(width + 1).fill(0);
  for (let step = 0; step < steps; step++) {
    const gradient = beta.map((value, i) => (i === 0 ? 0 : ridge * value));
    const hessian = beta.map((_, i) => beta.map((__, j) => (i === j ? (i === 0 ? 1e-9 : ridge) : 0)));
    standard.forEach((row, r) => {
      const label = labels[r] ?? false;
      const p = 1 / (1 + Math.exp(-dot(row, beta)));
      const weight = weightOf(label);
      const slope = weight * (p - (label ? 1 : 0));
      const bend = weight * p * (1 - p);
      for (let i = 0; i <= width; i++) {
        gradient[i] = (gradient[i] ?? 0) + slope * (row[i] ?? 0);
        const line = hessian[i] as number[];
        for (let j = 0; j <= width; j++) line[j] = (line[j] ?? 0) + bend * (row[i] ?? 0) * (row[j] ?? 0);
      }
    });
    const move = solve(hessian, gradient);
    beta = beta.map((value, i) => value - (move[i] ?? 0));
    if (Math.max(...move.map(Math.abs)) < 1e-9) break;
  }
  const weights = beta.slice(1).map((value, i) => value / (scales[i] ?? 1));
  const bias = (beta[0] ?? 0) - weights.reduce((sum, weight, i) => sum + weight * (means[i] ?? 0), 0);
  return { bias, weights };
}

/** Probability of the positive class. */
export function predict({ bias, weights }: LogisticFit, row: readonly number[]): number {
  return 1 / (1 + Math.exp(-bias - dot(row, weights)));
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const column = (width: number, value: (i: number) => number) => Array.from({ length: width }, (_, i) => value(i));

/** Gaussian elimination with row pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const a = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const n = a.length;
  for (let pivot = 0; pivot < n; pivot++) {
    const best = a.reduce((top, row, i) => (i >= pivot && Math.abs(row[pivot] ?? 0) > Math.abs(a[top]?.[pivot] ?? 0) ? i : top), pivot);
    [a[pivot], a[best]] = [a[best] as number[], a[pivot] as number[]];
    const top = a[pivot] as number[];
    for (let i = pivot + 1; i < n; i++) {
      const row = a[i] as number[];
      const factor = (row[pivot] ?? 0) / (top[pivot] || 1e-12);
      for (let j = pivot; j <= n; j++) row[j] = (row[j] ?? 0) - factor * (top[j] ?? 0);
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    const row = a[i] as number[];
    let sum = row[n] ?? 0;
    for (let j = i + 1; j < n; j++) sum -= (row[j] ?? 0) * (x[j] ?? 0);
    x[i] = sum / (row[i] || 1e-12);
  }
  return x;
}
