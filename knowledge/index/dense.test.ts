import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlatVectors } from './dense.ts';
import { codeRows, fullRows } from './dense-kernel.ts';
import { normal } from './units-testing.ts';

describe('FlatVectors', () => {
  const numbers = fc.float({ min: -1, max: 1, noNaN: true });
  const vectorsArb = fc
    .integer({ min: 1, max: 40 })
    .chain((dimensions) => fc.array(fc.array(numbers, { minLength: dimensions, maxLength: dimensions }), { minLength: 1, maxLength: 20 }));

  it('every dot product lies within its bounds, which are near, with codes and without', () => {
    fc.assert(
      fc.property(vectorsArb, fc.boolean(), (raw, coded) => {
        const rows = raw.map(normal);
        const dimensions = rows[0]?.length ?? 0;
        const vectors = new FlatVectors(rows.length, dimensions, coded);
        rows.forEach((row, i) => void vectors.set(i, row));
        const [middles, reaches] = [new Float32Array(rows.length), new Float32Array(rows.length)];
        const backwards = Int32Array.from(rows.keys()).reverse();
        for (const query of rows) {
          vectors.bounds(query, middles, reaches);
          const dots = vectors.dots(backwards, rows.length, query).slice();
          rows.forEach((row, i) => {
            const dot = row.reduce((sum, value, j) => sum + value * (query[j] as number), 0);
            expect(dots[rows.length - 1 - i]).toBeCloseTo(dot, 6);
            expect(Math.abs((middles[i] as number) - dot)).toBeLessThanOrEqual(reaches[i] as number);
            expect(reaches[i]).toBeLessThan(coded ? 0.03 : 1e-5);
          });
        }
      }),
    );
  });

  it('full rows are multiplied alike with SIMD and without, to single precision, chosen in any order and number', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer(),
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 0, max: 9 }),
        (rows, dimensions, seed, random, wanted) => {
          const places = Int32Array.from({ length: Math.min(rows, wanted) }, () => (random.next().value as number) % rows);
          const both = [fullRows(rows, dimensions, true), fullRows(rows, dimensions, false)] as const;
          for (const { data, query, width, run } of both) {
            for (let i = 0; i < rows; i++)
              for (let j = 0; j < dimensions; j++) data[i * width + j] = Math.sin(seed + (i * 300 + j) * 12.9898);
            for (let j = 0; j < dimensions; j++) query[j] = Math.cos(seed + j * 7.233);
            run(places, places.length);
          }
          places.forEach((_, i) => {
            expect(both[0].products[i]).toBeCloseTo(both[1].products[i] as number, 3);
          });
        },
      ),
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
      const [middles, reaches] = [new Float32Array(1), new Float32Array(1)];
      vectors.bounds(row, middles, reaches);
      expect(middles[0]).toBeCloseTo(1, 2);
    }
  });
});
