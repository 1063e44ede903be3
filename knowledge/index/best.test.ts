import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Best, LargestKeys } from './best.ts';

it('keeps the largest of any keys, largest first, however many come and however often it is used', () => {
  const largest = new LargestKeys();
  const key = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.double({ min: 1e-9, max: 1e9, noNaN: true }));
  fc.assert(
    fc.property(fc.array(key, { maxLength: 2000 }), fc.integer({ min: 0, max: 300 }), (keys, limit) => {
      largest.start(limit);
      for (const one of keys) largest.add(one);
      const kept = [...largest.keys()];
      expect(kept).toEqual([...keys].sort((a, b) => b - a).slice(0, limit));
    }),
  );
});

it('orders places by rank, and equal ranks by place', () => {
  const best = new Best();
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 1500 }), fc.integer({ min: 1, max: 60 }), (tenths, limit) => {
      best.start(limit);
      tenths.forEach((score, place) => {
        best.add(score / 10, place);
      });
      const places = tenths.map((score, place) => ({ score, place })).filter(({ score }) => score > 0);
      const expected = places.sort((a, b) => b.score - a.score || a.place - b.place).slice(0, limit);
      expect([...best.places()]).toEqual(expected.map(({ place }) => place));
    }),
  );
});
