import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvertedIndex } from './inverted.ts';

const documents = [{ terms: ['身份证', '丢失', '补领'] }, { terms: ['身份证', '到期', '换领', '换领'] }, { terms: ['公积金', '提取'] }];
const all = () => true;

describe('BM25', () => {
  const index = new InvertedIndex(documents, { kind: 'bm25', k1: 1.2, b: 0.75 });

  // By hand: N = 3, lengths 3 4 2, average 3; idf(df) = ln(1 + (N − df + 0.5) / (df + 0.5)): df 1 → ln(8/3), df 2 → ln(1.6).
  const idf1 = 0.9808292530117262;
  const idf2 = 0.47000362924573563;

  it('equals the formula computed by hand', () => {
    const [first, second] = index.search(['身份证', '换领'], 10, all);
    // Document 1: 身份证 tf 1, 换领 tf 2, length 4: k1·(1 − b + b·4/3) = 1.5.
    expect(first?.document).toBe(1);
    expect(first?.score).toBeCloseTo((idf2 * 2.2) / (1 + 1.5) + (idf1 * 2 * 2.2) / (2 + 1.5), 6);
    // Document 0: 身份证 tf 1, length 3: k1 = 1.2.
    expect(second?.document).toBe(0);
    expect(second?.score).toBeCloseTo((idf2 * 2.2) / (1 + 1.2), 6);
  });

  it('says how much of the query a document covers, unknown words included, and how much of the document the query holds', () => {
    const idf0 = Math.log(1 + 3.5 / 0.5);
    const [hit] = index.search(['公积金', '没见过'], 10, all);
    expect(hit?.coverage).toBeCloseTo(idf1 / (idf1 + idf0), 6);
    expect(hit?.contained).toBeCloseTo(0.5, 6);
    expect(index.search(['公积金', '提取'], 10, all)[0]?.contained).toBeCloseTo(1, 6);
  });

  it('a word said twice counts once', () => {
    expect(index.search(['身份证', '身份证'], 10, all)).toEqual(index.search(['身份证'], 10, all));
  });

  it('knows which share of the words it has', () => {
    expect(index.known(['身份证', '换领', '火星', '身份证'])).toBeCloseTo(2 / 3, 10);
    expect(index.known([])).toBe(0);
  });
});

describe('cosine', () => {
  const index = new InvertedIndex(documents, { kind: 'cosine' });

  it('is 1 for the same words in any order and number', () => {
    const [hit] = index.search(['换领', '到期', '身份证'], 10, all);
    expect(hit?.document).toBe(1);
    expect(hit?.score).toBeCloseTo(1, 6);
  });

  it('equals the formula computed by hand', () => {
    const idf1 = Math.log(8 / 3);
    const idf2 = Math.log(1.6);
    const norm = Math.sqrt(idf2 ** 2 + 2 * idf1 ** 2);
    const hit = index.search(['身份证'], 10, all)[0];
    expect(hit?.score).toBeCloseTo(idf2 / norm, 6);
  });

  it('stays within 0 and 1, whatever is indexed and asked', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 12 }), words, (texts, query) => {
        const random = new InvertedIndex(
          texts.map((terms) => ({ terms })),
          { kind: 'cosine' },
        );
        for (const hit of random.search(query, 20, all)) {
          for (const share of [hit.score, hit.coverage, hit.contained]) {
            expect(share).toBeGreaterThan(0);
            expect(share).toBeLessThanOrEqual(1);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the best of many', () => {
  const many = new InvertedIndex(
    Array.from({ length: 20 }, () => ({ terms: ['同样'] })),
    { kind: 'bm25', k1: 0.9, b: 0.4 },
  );
  const numbers = (hits: { document: number }[]) => hits.map((hit) => hit.document);

  it('ties go to the lower number, also beyond the limit', () => {
    expect(numbers(many.search(['同样'], 5, all))).toEqual([0, 1, 2, 3, 4]);
  });

  it('what is not accepted makes room for others', () => {
    expect(numbers(many.search(['同样'], 3, (document) => document % 2 === 1))).toEqual([1, 3, 5]);
  });

  it('is the same as sorting everything', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(words, { maxLength: 15 }), words, fc.integer({ min: 1, max: 6 }), (texts, query, limit) => {
        const random = new InvertedIndex(
          texts.map((terms) => ({ terms })),
          { kind: 'bm25', k1: 0.9, b: 0.4 },
        );
        const everything = random.search(query, 1000, all);
        const sorted = [...everything].sort((a, b) => b.score - a.score || a.document - b.document);
        expect(random.search(query, limit, all)).toEqual(sorted.slice(0, limit));
      }),
    );
  });

  it('an empty index finds nothing', () => {
    const empty = new InvertedIndex([], { kind: 'bm25', k1: 0.9, b: 0.4 });
    expect(empty.search(['x'], 5, all)).toEqual([]);
    expect(empty.known(['x'])).toBe(0);
  });
});
