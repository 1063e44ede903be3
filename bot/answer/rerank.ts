/** A second opinion on the order of what was found, from a cross-encoder endpoint; off unless configured. */
import { titleOf } from '../../knowledge/item.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import type { Reranker } from '../llm/rerank.ts';
import { confidenceOf, signalsOf } from './confidence.ts';
import type { Retrieved } from './retrieve.ts';

/** Who is named all but word for word needs no second opinion. */
const settledByName = 0.7;
const longestDocument = 600;

/** The candidates in the endpoint's order, with the confidence of the new first one; as they were when the endpoint gives none. */
export async function reranked(reranker: Reranker, lexicon: Lexicon, question: string, found: Retrieved): Promise<Retrieved> {
  const [first] = found.candidates;
  if (!first || found.candidates.length < 2 || first.nameSimilarity >= settledByName) return found;
  const documents = found.candidates.map(({ item, passages }) =>
    `${titleOf(item)}\n${passages[0]?.passage.text ?? ''}`.slice(0, longestDocument),
  );
  const { order } = await reranker.rerank(question, documents);
  const candidates = order.flatMap((place) => found.candidates[place] ?? []);
  const [best] = candidates;
  if (!best || best === first) return { ...found, candidates };
  // The lead over the others was lost by words, so it can't count for the new one.
  const confidence = confidenceOf(signalsOf(question, best, best.score, found.known, lexicon), best.item.kind);
  return { ...found, candidates, confidence };
}
