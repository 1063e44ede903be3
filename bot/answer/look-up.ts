/** Knowledge for somebody who answers in person: the best few items for a question, each as a ready answer with its sources. */
import type { SearchFilter } from '../../knowledge/index/types.ts';
import { type KnowledgeItem, titleOf } from '../../knowledge/item.ts';
import { plainText } from '../render.ts';
import type { Texts } from '../texts.ts';
import type { Answerer } from './answer.ts';
import type { Draft } from './draft.ts';

export interface FoundAnswer {
  readonly itemId: string;
  readonly kind: KnowledgeItem['kind'];
  readonly title: string;
  readonly department: string | null;
  /** Plain text an agent can send as it is: no marks, the sources in its last line. */
  readonly text: string;
  readonly sources: readonly { readonly name: string; readonly heading: string; readonly url: string | null }[];
}

/** At most `limit` answers, best first; items that are not in force are left out. */
export async function lookUp(
  answerer: Answerer,
  question: string,
  { texts, filter, limit }: { texts: Texts; filter: SearchFilter; limit: number },
): Promise<FoundAnswer[]> {
  const found = await answerer.ordered(question, await answerer.find(question, filter));
  return found.candidates
    .flatMap(({ item }): FoundAnswer[] => {
      const answer = answerer.answerFrom(item.id, question, found, texts, filter);
      if (answer.kind !== 'answered') return [];
      const { id, kind, department } = item;
      return [{ itemId: id, kind, title: titleOf(item), department: department ?? null, ...inPlainWords(answer.draft) }];
    })
    .slice(0, limit);
}

function inPlainWords({ text, citations }: Draft): Pick<FoundAnswer, 'text' | 'sources'> {
  const names = [...new Set(citations.map((passage) => passage.title))];
  const bare = plainText(text.replace(/\s*(?:\[\d+\])+/g, '')).trim();
  return {
    text: names.length === 0 ? bare : `${bare}\n（依据：${names.join('、')}）`,
    sources: citations.map(({ title, heading, url }) => ({ name: title, heading, url: url ?? null })),
  };
}
