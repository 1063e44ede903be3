/** Which answers a model may put into words of its own, and from which passages: those of the item that is answered from. */
import type { Passage } from '../../knowledge/index/types.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';
import type { LanguageModel } from '../llm/model.ts';
import type { Draft } from './draft.ts';
import { generateAnswer } from './generate.ts';
import type { Retrieved } from './retrieve.ts';

/** The model that writes, and what its words are checked with. */
export interface Writer {
  readonly model: LanguageModel;
  /** Names of offices, halls and districts, from `knownNames`. */
  readonly names: readonly string[];
}

export interface WriteOptions {
  /** The answer as it would be given without a model. */
  readonly extract: Draft;
  readonly item: KnowledgeItem;
  /** The complete question. */
  readonly question: string;
  readonly found: Retrieved;
  /** BCP 47. */
  readonly locale: string;
  readonly signal?: AbortSignal | undefined;
  /** Hears the answer so far, checked. */
  readonly onChecked?: ((draft: Draft) => void) | undefined;
}

const mostPassages = 8;

/** The extract, or the same answer in a model's words: its buttons and its item stay. Never rejects. */
export async function writeAnswer(writer: Writer, options: WriteOptions): Promise<Draft> {
  const { extract, item, question, found, locale, signal, onChecked } = options;
  // Phone, address and hours of an office are given exactly as recorded.
  if (item.kind === 'contact') return extract;
  const shaped = (draft: Draft): Draft => ({ ...extract, text: draft.text, citations: draft.citations, origin: draft.origin });
  const generated = await generateAnswer({
    question,
    passages: passagesFor(extract, item, found),
    model: writer.model,
    locale,
    signal,
    check: { names: writer.names },
    ...(onChecked ? { onChecked: (draft: Draft) => onChecked(shaped(draft)) } : {}),
  });
  return generated ? shaped(generated.draft) : extract;
}

/** What the extract cites, then what else was found in the item and in the guide or FAQs that belong to it. */
function passagesFor(extract: Draft, item: KnowledgeItem, found: Retrieved): Passage[] {
  const guideId = item.kind === 'faq' ? item.guideId : item.id;
  const related = found.candidates.filter(
    (candidate) =>
      candidate.item.id === item.id ||
      candidate.item.id === guideId ||
      (candidate.item.kind === 'faq' && candidate.item.guideId === guideId),
  );
  const all = [...extract.citations, ...related.flatMap((candidate) => candidate.passages.map((hit) => hit.passage))];
  return [...new Map(all.map((passage) => [passage.id, passage])).values()].slice(0, mostPassages);
}
