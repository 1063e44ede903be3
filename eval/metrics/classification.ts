/** Labels: how often right, where confused, and whether the confidence can be believed (reference evaluation.md §3). */

export interface Labelled {
  readonly expected: string;
  readonly actual: string;
}

export interface LabelScore {
  readonly label: string;
  /** How often it was expected. */
  readonly n: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** What it was taken for, most often first: at most two. */
  readonly confusedWith: readonly { label: string; n: number }[];
}

export function confusion(rows: readonly Labelled[]): Map<string, Map<string, number>> {
  const table = new Map<string, Map<string, number>>();
  for (const { expected, actual } of rows) {
    const row = table.get(expected) ?? new Map<string, number>();
    table.set(expected, row.set(actual, (row.get(actual) ?? 0) + 1));
  }
  return table;
}

/** Precision, recall and F1 of every label that was expected; weights: how often each row counts (default once). */
export function perLabel(rows: readonly Labelled[]): LabelScore[] {
  const table = confusion(rows);
  const said = new Map<string, number>();
  for (const { actual } of rows) said.set(actual, (said.get(actual) ?? 0) + 1);
  return [...table.entries()].map(([label, row]) => {
    const n = [...row.values()].reduce((a, b) => a + b, 0);
    const right = row.get(label) ?? 0;
    const precision = right / Math.max(1, said.get(label) ?? 0);
    const confusedWith = [...row.entries()]
      .filter(([other]) => other !== label)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, 2)
      .map(([other, count]) => ({ label: other, n: count }));
    return { label, n, precision, recall: right / n, f1: (2 * right) / (n + (said.get(label) ?? 0)), confusedWith };
  });
}

/** Mean F1 over the labels that were expected; `weights[i]` counts row i so often. NaN without rows. */
export function macroF1(rows: readonly Labelled[], weights?: ArrayLike<number>): number {
  const expected = new Map<string, number>();
  const said = new Map<string, number>();
  const right = new Map<string, number>();
  rows.forEach(({ expected: truth, actual }, i) => {
    const weight = weights ? (weights[i] ?? 0) : 1;
    if (weight === 0) return;
    expected.set(truth, (expected.get(truth) ?? 0) + weight);
    said.set(actual, (said.get(actual) ?? 0) + weight);
    if (truth === actual) right.set(truth, (right.get(truth) ?? 0) + weight);
  });
  let sum = 0;
  for (const [label, n] of expected) sum += (2 * (right.get(label) ?? 0)) / (n + (said.get(label) ?? 0));
  return expected.size === 0 ? Number.NaN : sum / expected.size;
}

/** Matthews correlation for any number of labels (Gorodkin 2004, R_K); 0 when either side has only one label. */
export function matthews(rows: readonly Labelled[]): number {
  const truth = new Map<string, number>();
  const said = new Map<string, number>();
  let right = 0;
  for (const { expected, actual } of rows) {
    truth.set(expected, (truth.get(expected) ?? 0) + 1);
    said.set(actual, (said.get(actual) ?? 0) + 1);
    if (expected === actual) right += 1;
  }
  const n = rows.length;
  let both = 0;
  let truths = 0;
  let saids = 0;
  for (const [label, count] of truth) {
    both += count * (said.get(label) ?? 0);
    truths += count * count;
  }
  for (const count of said.values()) saids += count * count;
  const below = Math.sqrt((n * n - saids) * (n * n - truths));
  return below === 0 ? 0 : (right * n - both) / below;
}
