import { describe, expect, it } from 'vitest';
import { spanOf } from './periods.ts';
import { indicatorTreeSchema, type Measured, scoreTree } from './tree.ts';

const leaf = (id: string, weight: number, more: object) => ({ id, name: id, weight, scale: { zero: 0, full: 1 }, ...more });
const source = {
  name: '指标',
  basis: 'GB/T 39735 附录 A',
  parts: [
    { id: 'completeness', name: '完备度', leaves: [leaf('direct', 40, { measure: 'direct_answer', scale: { zero: 0.5, full: 1 } })] },
    {
      id: 'convenience',
      name: '便利度',
      leaves: [
        leaf('waiting', 20, { measure: 'handoff_wait_p90', scale: { zero: 300, full: 60 } }),
        leaf('windows', 30, { manual: { unit: '%', per: 'hall' }, scale: { zero: 0, full: 100 } }),
        leaf('promise', 10, { manual: { unit: '项' }, scale: { zero: 0, full: 8 } }),
      ],
    },
  ],
};
const tree = indicatorTreeSchema.parse(source);
const measures = new Map<string, Measured>([
  ['direct_answer', { value: 0.8, n: 200, formula: '直接答复 ÷ 受理' }],
  ['handoff_wait_p90', { value: 120, n: 40, formula: '九成' }],
]);
const inputs = [
  { leaf: 'windows', hall: 'east', value: 100, source: '东厅台账' },
  { leaf: 'windows', hall: 'west', value: 50, source: '西厅台账' },
  { leaf: 'promise', hall: '', value: 12, source: '编办文件' },
];

describe('[R-146] the tree of indicators', () => {
  it('gives the totals worked out by hand', () => {
    const scored = scoreTree(tree, measures, inputs, ['east', 'west']);
    // (0.8−0.5)/0.5 of 40 = 24 · (300−120)/240 of 20 = 15 · 75 % of 30 = 22.5 · more than full of 10 = 10
    expect(scored.parts.flatMap(({ leaves }) => leaves.map(({ points }) => points))).toEqual([24, 15, 22.5, 10]);
    expect(scored).toMatchObject({
      points: 71.5,
      possible: 100,
      parts: [
        { points: 24, weight: 40 },
        { points: 47.5, possible: 60 },
      ],
    });
    expect(scored.parts[0]?.leaves[0]).toMatchObject({ value: 0.8, n: 200, how: '直接答复 ÷ 受理' });
    expect(scored.parts[1]?.leaves[2]?.how).toBe('编办文件');
  });

  it('what has no data gets no points and takes none away, and says so', () => {
    const scored = scoreTree(tree, new Map([['direct_answer', { value: null, n: 0, formula: 'x' }]]), [], ['east']);
    expect(scored).toMatchObject({ points: 0, possible: 0 });
    expect(scored.parts.flatMap(({ leaves }) => leaves.map(({ value }) => value))).toEqual([null, null, null, null]);
  });

  it('[R-153] halls are a source: the mean of all of them, and nothing until the last has reported', () => {
    const windows = (halls: string[]) => scoreTree(tree, measures, inputs, halls).parts[1]?.leaves[1];
    expect(windows(['east', 'west'])).toMatchObject({ value: 75, how: expect.stringContaining('西厅台账') });
    expect(windows(['east', 'west', 'north'])).toMatchObject({ value: null, points: null, how: '3 个大厅中 2 个已填报，填齐后取平均' });
  });

  it('a tree that cannot be right is refused with the reason', () => {
    const wrong = (change: (copy: typeof source) => void) => {
      const copy = structuredClone(source);
      change(copy);
      return indicatorTreeSchema
        .safeParse(copy)
        .error?.issues.map(({ message }) => message)
        .join();
    };
    const first = (copy: typeof source) => copy.parts[0]?.leaves[0] as { weight: number; id: string; measure?: string; scale: object };
    expect(wrong((copy) => Object.assign(first(copy), { weight: 41 }))).toContain('sum up to 101');
    expect(wrong((copy) => Object.assign(first(copy), { id: 'promise' }))).toContain('promise stands twice');
    expect(wrong((copy) => delete first(copy).measure)).toContain('either measure or manual');
    expect(wrong((copy) => Object.assign(first(copy), { scale: { zero: 1, full: 1 } }))).toContain('must differ');
  });

  it('quarters and years are China’s', () => {
    const at = (text: string) => Date.parse(`${text}T00:00:00+08:00`);
    expect(spanOf('2026-Q4')).toEqual({ from: at('2026-10-01'), to: at('2027-01-01') });
    expect(spanOf('2026')).toEqual({ from: at('2026-01-01'), to: at('2027-01-01') });
    expect([spanOf('2026-Q5'), spanOf('26'), spanOf('2026-10')]).toEqual([undefined, undefined, undefined]);
  });
});
