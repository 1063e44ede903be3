import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Best } from './best.ts';
import { unitLevels } from './units.ts';
import { EmbeddedUnits } from './units-embedded.ts';
import { Pauses, sortInPieces } from './units-pause.ts';
import { rankOf, scoreStep } from './units-rank.ts';
import { anyDay, difference, filterArb, k1b, naiveSearch, normal, queryArb, unit, unitsArb } from './units-testing.ts';

describe('EmbeddedUnits', () => {
  it('equals the plain search over random units, queries, filters and limits: numbers to 1e-5, order, ties', async () => {
    await fc.assert(
      fc.asyncProperty(
        unitsArb,
        fc.array(fc.tuple(queryArb, filterArb, fc.integer({ min: 1, max: 12 })), { minLength: 4, maxLength: 4 }),
        async (units, asked) => {
          const store = new EmbeddedUnits(k1b);
          await store.replace({ revision: 'r', units, embedderId: 'm' });
          for (const [query, filter, limit] of asked)
            for (const level of unitLevels)
              expect(
                difference(await store.search(query, level, filter, limit), naiveSearch(units, query, level, filter, limit)),
              ).toBeUndefined();
        },
      ),
      { numRuns: 100 },
    );
  });

  it('equals the formula computed by hand', async () => {
    const store = new EmbeddedUnits(k1b);
    const units = [
      unit('a', '身份 份证 丢失'),
      unit('b', '身份 份证 换领 换领', { vector: normal([1, 0]) }),
      unit('c', '提取', { vector: normal([0, 1]) }),
    ];
    await store.replace({ revision: 'r', units, embedderId: 'm' });
    const [first] = await store.search({ terms: ['换领', '没见'], vector: normal([3, 4]), denseWeight: 0.5 }, 'passage', anyDay, 1);
    // N = 3: idf(df 1) = ln(8/3), idf(df 0) = ln 8; b: tf 2, length 4, average 8/3, k1·(1 − b + b·1.5) = 1.65.
    const share = (Math.log(8 / 3) * 2 * 2.2) / (2 + 1.65) / (2.2 * (Math.log(8 / 3) + Math.log(8)));
    expect(first).toMatchObject({ id: 'b', itemId: 'b' });
    expect(first?.share).toBeCloseTo(share, 6);
    expect(first?.coverage).toBeCloseTo(Math.log(8 / 3) / (Math.log(8 / 3) + Math.log(8)), 6);
    expect(first?.cosine).toBeCloseTo(0.6, 6);
    expect(first?.score).toBeCloseTo(share + 0.3, 6);
  });

  it('searches see the old content until the new one is whole', async () => {
    const store = new EmbeddedUnits(k1b);
    const content = (revision: string, count: number) => ({
      revision,
      units: Array.from({ length: count }, (_, i) => unit(`${revision}${i}`, '办理')),
      embedderId: undefined,
    });
    await store.replace(content('a', 3));
    const replacing = store.replace(content('b', 20_000));
    const seen = new Set<string>();
    let done = false;
    void replacing.then(() => (done = true));
    while (!done) {
      const [hit] = await store.search({ terms: ['办理'], denseWeight: 0 }, 'passage', anyDay, 1);
      seen.add(`${store.revision}:${hit?.id}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(store.revision).toBe('b');
    expect([...seen].sort().filter((one) => one !== 'b:b0')).toEqual(['a:a0']);
  });

  it('thousands of units are searched by their codes with the same result', async () => {
    const random = (seed: number) => (Math.sin(seed * 78.233) * 43_758.5453) % 1;
    const vector = (i: number) => normal(Array.from({ length: 24 }, (_, j) => random(i * 24 + j) + 2 * random((i % 50) * 24 + j)));
    const words = ['居住', '住证', '补办', '材料', '费用'];
    const units = Array.from({ length: 2500 }, (_, i) =>
      unit(`u${i}#1`, words.filter((_, w) => random(i * 5 + w) > 0.4).join(' '), {
        ...(i % 9 === 0 ? {} : { vector: vector(i % 2000) }),
        filter: { audience: [], region: i % 3 === 0 ? '110000' : '310000' },
      }),
    );
    const store = new EmbeddedUnits(k1b);
    await store.replace({ revision: 'r', units, embedderId: 'm' });
    for (const [i, denseWeight] of [0.2, 1, 1, 3].entries()) {
      const query = { terms: i === 1 ? [] : ['居住', '费用', '没见'], vector: vector(i * 131 + 7), denseWeight };
      const filter = { ...anyDay, region: '110000' };
      expect(
        difference(await store.search(query, 'passage', filter, 30), naiveSearch(units, query, 'passage', filter, 30)),
      ).toBeUndefined();
    }
  });
});

it('sorting in pieces is sorting', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ key: fc.integer({ min: 0, max: 500 }) }), { maxLength: 2000, size: 'max' }), async (list) => {
      const compare = (a: { key: number }, b: { key: number }) => a.key - b.key;
      const sorted = await sortInPieces(list, compare, new Pauses());
      expect(sorted.length).toBe(list.length);
      expect(((right) => sorted.every((one, i) => one === right[i]))(list.toSorted(compare))).toBe(true);
    }),
    { numRuns: 20 },
  );
});

describe('Best', () => {
  it('keeps what sorting would keep, in whatever order it comes, in one search after the other', () => {
    const best = new Best();
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }),
          // More than wait together before the worst of them are dropped.
          fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 300, maxLength: 900, size: 'max' }),
        ),
        fc.integer({ min: 0, max: 8 }),
        fc.infiniteStream(fc.nat()),
        (ranks, limit, random) => {
          best.start(limit);
          const order = ranks.map((_, place) => ({ place, key: random.next().value as number })).sort((a, b) => a.key - b.key);
          for (const { place } of order) best.add((ranks[place] as number) * scoreStep, place);
          const sorted = ranks.map((rank, place) => ({ rank, place })).filter((one) => one.rank > 0);
          sorted.sort((a, b) => b.rank - a.rank || a.place - b.place);
          expect([...best.places()]).toEqual(sorted.slice(0, limit).map((one) => one.place));
        },
      ),
    );
  });

  it('takes scores that differ by less than single precision keeps for equal', () => {
    expect(rankOf(0.30000001)).toBe(rankOf(0.3));
    expect(rankOf(0.3001)).toBeGreaterThan(rankOf(0.3));
  });
});
