import { beforeAll, describe, expect, it } from 'vitest';
import { loadTestPack, type TestPack, today } from '../../tests/support/pack.ts';
import type { Reranker } from '../llm/rerank.ts';
import { reranked } from './rerank.ts';
import { nothingFound } from './retrieve.ts';

describe('a second opinion on the order', () => {
  let pack: TestPack;
  let asked: { query: string; documents: readonly string[] }[] = [];
  const reranker = (order: (n: number) => number[]): Reranker => ({
    rerank: async (query, documents) => {
      asked.push({ query, documents });
      return { order: order(documents.length), scores: new Map() };
    },
  });
  const backwards = (n: number) => Array.from({ length: n }, (_, i) => n - 1 - i);
  beforeAll(async () => {
    pack = await loadTestPack();
  });

  it('puts what the endpoint likes best first, and says how sure that one is', async () => {
    asked = [];
    const found = await pack.answerer.find('身份证断成两半了，换一张多少钱', today);
    const other = await reranked(reranker(backwards), pack.lexicon, '身份证断成两半了，换一张多少钱', found);
    expect(other.candidates.map(({ item }) => item.id)).toEqual(found.candidates.map(({ item }) => item.id).reverse());
    expect(other.confidence).toBeLessThan(found.confidence);
    expect(asked[0]?.documents[0]).toContain('居民身份证补领/换领');
  });

  it('changes nothing where the endpoint agrees, one is named, or nothing was found', async () => {
    asked = [];
    const found = await pack.answerer.find('补身份证大概几天能拿到手', today);
    expect(
      await reranked(
        reranker((n) => backwards(n).reverse()),
        pack.lexicon,
        '补身份证大概几天能拿到手',
        found,
      ),
    ).toEqual(found);
    const named = await pack.answerer.find('居民身份证补领/换领', today);
    expect(await reranked(reranker(backwards), pack.lexicon, '居民身份证补领/换领', named)).toBe(named);
    expect(await reranked(reranker(backwards), pack.lexicon, '？', nothingFound)).toBe(nothingFound);
    expect(asked).toHaveLength(1);
  });
});
