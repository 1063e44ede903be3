import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlatVectors } from './dense.ts';
import { codeRows } from './dense-kernel.ts';
import { normal } from './units-testing.ts';

describe('FlatVectors', () => {
  const numbers = fc.float({ min: -1, max: 1, noNaN: true });
  const vectorsArb = fc
    .integer({ min: 1, max: 40 })
    .chain((dimensions) => fc.array(fc.array(numbers, { minLength: dimensions, maxLength: dimensions }), { minLength: 1, maxLength: 20 }));

  it('no dot product exceeds its ceiling, and none stays far below, with codes and without', () => {
    fc.assert(
      fc.property(vectorsArb, fc.boolean(), (raw, coded) => {
        const rows = raw.map(normal);
        const dimensions = rows[0]?.length ?? 0;
        const vectors = new FlatVectors(rows.length, dimensions, coded);
        rows.forEach((row, i) => void vectors.set(i, row));
        const ceilings = new Float32Array(rows.length);
        for (const query of rows) {
          vectors.ceilings(query, ceilings);
          rows.forEach((row, i) => {
            const dot = row.reduce((sum, value, j) => sum + value * (query[j] as number), 0);
            expect(vectors.dot(i, query)).toBeCloseTo(dot, 6);
            expect(ceilings[i]).toBeGreaterThanOrEqual(dot);
            expect(ceilings[i]).toBeLessThan(dot + (coded ? 0.06 : 1e-5));
          });
          for (let count = 1; count <= rows.length; count++) {
            const reached = vectors.reachedBy(ceilings, count);
            expect(rows.filter((_, i) => vectors.dot(i, query) >= reached).length).toBeGreaterThanOrEqual(count);
          }
          expect(vectors.reachedBy(ceilings, rows.length + 1)).toBe(Number.NEGATIVE_INFINITY);
        }
      }),
    );
  });

  it('the kernel gives the very numbers of the plain loop, for any number of rows and dimensions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 13 }), fc.integer({ min: 1, max: 300 }), fc.integer(), (rows, dimensions, seed) => {
        const both = [codeRows(rows, dimensions, true), codeRows(rows, dimensions, false)] as const;
        for (const { codes, query, width, run } of both) {
          for (let i = 0; i < rows * width; i++) codes[i] = i % width < dimensions ? Math.round(127 * Math.sin(seed + i * 12.9898)) : 0;
          for (let j = 0; j < dimensions; j++) query[j] = Math.round(8191 * Math.cos(seed + j * 7.233));
          run();
        }
        expect([...both[0].products]).toEqual([...both[1].products]);
      }),
    );
  });

  it('the largest sums do not overflow', () => {
    for (const dimensions of [16, 1024, 4096]) {
      const row = normal(new Array<number>(dimensions).fill(-1));
      const vectors = new FlatVectors(1, dimensions, true);
      vectors.set(0, row);
      const ceilings = new Float32Array(1);
      vectors.ceilings(row, ceilings);
      expect(ceilings[0]).toBeCloseTo(1, 2);
    }
  });
});
