/** An index that lives as long as a run: the same parts a house is wired from, on texts of the suite. */
import { type Answer, Answerer } from '../bot/answer/answer.ts';
import type { Retrieved } from '../bot/answer/retrieve.ts';
import { textsFor } from '../bot/texts.ts';
import type { Embedder } from '../knowledge/embeddings/embedder.ts';
import { HybridIndex } from '../knowledge/index/hybrid.ts';
import type { KnowledgeIndex } from '../knowledge/index/types.ts';
import type { KnowledgeItem } from '../knowledge/item.ts';
import type { Lexicon } from '../knowledge/text/lexicon.ts';

export interface ThrowAway {
  readonly index: KnowledgeIndex;
  readonly size: number;
  find(question: string, on: string): Promise<Retrieved>;
  answer(question: string, found: Retrieved, on: string): Promise<Answer>;
  /** What is quoted from one item, sure or not. */
  answerFrom(itemId: string, question: string, found: Retrieved, on: string): Promise<Answer>;
}

export interface ThrowAwayOptions {
  readonly items: readonly KnowledgeItem[];
  readonly lexicon: Lexicon;
  /** Without one everything is found by its words alone. */
  readonly embedder?: Embedder | undefined;
}

/** Builds the index and its answerer. This is the one place where an evaluation wires them. */
export async function buildThrowAway({ items, lexicon, embedder }: ThrowAwayOptions): Promise<ThrowAway> {
  const index = new HybridIndex({ lexicon, embedder });
  await index.replace({ revision: 'evaluation', items });
  const answerer = new Answerer({ index, lexicon, flowFor: () => undefined });
  const texts = textsFor('zh-CN');
  return {
    index,
    size: items.length,
    find: (question, on) => answerer.find(question, { on }),
    answer: async (question, found, on) => answerer.answer(question, found, texts, { on }),
    answerFrom: async (itemId, question, found, on) => answerer.answerFrom(itemId, question, found, texts, { on }),
  };
}
