import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvertedIndex, type SparseHits } from './inverted.ts';

const texts = [
  ['身份证', '丢失', '补领'],
  ['身份证', '到期', '换领', '换领'],
  ['公积金', '提取'],
];
const all = () => true;
const listed = ({ count, documents, scores, contained }: SparseHits) =>
  [...documents.subarray(0, count)].map((document, i) => ({ document, score: scores[i] as number, contained: contained[i] as number }));

/** Looks at every text, in double precision. */
function plainSearch(of: readonly (readonly string[])[], query: readonly string[], limit: number, accept: (document: number) => boolean) {
  const idf = (term: string) => {
    const df = of.filter((terms) => terms.includes(term)).length;
    return Math.log(1 + (of.length - df + 0.5) / (df + 0.5));
  };
  const length = (terms: ReadonlySet<string>) => Math.sqrt([...terms].reduce((sum, term) => sum + idf(term) ** 2, 0));
  const asked = new Set(query);
  return of
    .map((terms, document) => {
      const own = new Set(terms);
      const both = [...asked].filter((term) => own.has(term));
      const weight = (some: Iterable<string>) => [...some].reduce((sum, term) => sum + idf(term), 0);
      const dot = both.reduce((sum, term) => sum + idf(term) ** 2, 0);
      return { document, score: dot / (length(own) * length(asked) || 1), contained: weight(both) / (weight(own) || 1) };
    })
    .filter(({ document, score }) => score > 0 && accept(document))
    .sort((a, b) => b.score - a.score || a.document - b.document)
    .slice(0, limit);
}

describe('cosine', () => {
  const index = new InvertedIndex(texts);
  // By hand: N = 3; idf(df) = ln(1 + (N − df + 0.5) / (df + 0.5)): df 1 → ln(8/3), df 2 → ln(1.6).
  const idf1 = Math.log(8 / 3);
  const idf2 = Math.log(1.6);

  it('is 1 for the same words in any order and number', () => {
    const [hit] = listed(index.search(['换领', '到期', '身份证'], 10, all));
    expect(hit?.document).toBe(1);
    expect(hit?.score).toBeCloseTo(1, 6);
  });

  it('equals the formula computed by hand', () => {
    const norm = Math.sqrt(idf2 ** 2 + 2 * idf1 ** 2);
    expect(listed(index.search(['身份证'], 10, all))[0]?.score).toBeCloseTo(idf2 / norm, 6);
  });

  it('a word said twice counts once', () => {
    expect(listed(index.search(['身份证', '身份证'], 10, all))).toEqual(listed(index.search(['身份证'], 10, all)));
  });

  it('says how much of a text the query holds', () => {
    expect(listed(index.search(['公积金', '没见过'], 10, all))[0]?.contained).toBeCloseTo(0.5, 6);
    expect(listed(index.search(['公积金', '提取'], 10, all))[0]?.contained).toBeCloseTo(1, 6);
  });

  it('equals the plain search, whatever is indexed and asked, and stays within 0 and 1', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(words, { minLength: 1, maxLength: 40 }),
        words,
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 3 }),
        (list, query, limit, step) => {
          const accept = (document: number) => document % step === 0;
          const found = listed(new InvertedIndex(list).search(query, limit, accept));
          const right = plainSearch(list, query, limit, accept);
          expect(found.length).toBe(right.length);
          const known = new Map(plainSearch(list, query, list.length, accept).map((one) => [one.document, one]));
          found.forEach(({ document, score, contained }, i) => {
            expect(score).toBeCloseTo(right[i]?.score ?? -1, 5);
            expect(score).toBeCloseTo(known.get(document)?.score ?? -1, 5);
            expect(contained).toBeCloseTo(known.get(document)?.contained ?? -1, 5);
            expect(Math.max(score, contained)).toBeLessThanOrEqual(1);
            expect(score).toBeGreaterThan(0);
          });
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the best of many', () => {
  const many = new InvertedIndex(Array.from({ length: 600 }, () => ['同样']));
  const numbers = (hits: SparseHits) => listed(hits).map(({ document }) => document);

  it('ties go to the lower number, also beyond the limit', () => {
    expect(numbers(many.search(['同样'], 5, all))).toEqual([0, 1, 2, 3, 4]);
  });

  it('what is not accepted makes room for others', () => {
    expect(numbers(many.search(['同样'], 3, (document) => document % 2 === 1))).toEqual([1, 3, 5]);
  });

  it('an empty index finds nothing', () => {
    expect(numbers(new InvertedIndex([]).search(['x'], 5, all))).toEqual([]);
  });
});
