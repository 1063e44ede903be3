/** Picks what to quote from a passage: the sentence that answers, with what follows it, so that numbers keep their context. */
import { sentencesOf } from '../../knowledge/sentences.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import { grams } from '../../knowledge/text/tokenise.ts';
import { expectedType } from './confidence.ts';
import { isInstruction } from './generate-passages.ts';

/** Answers follow the sentence that matches: it and the next two hold most of them (reference nlu.md §1.3). */
const following = 2;
const longest = 300;
/** Long sentences match more by chance. */
const lengthPower = 0.35;
const lengthOffset = 20;
/** What the next sentence adds; a sentence that has the kind of thing asked for (number, date, phone, place). */
const successorShare = 0.3;
const typeFactor = 1.25;

export interface Quotation {
  readonly text: string;
  /** How well its first sentence fits the question; comparable between texts for one question. */
  readonly fit: number;
}

/**
 * The part of `text` to show for a question, in order, at most 300 characters: the best sentence and two more, then on to the end of the
 * paragraph. A single longer sentence is shown whole: half a condition is worse than a long one. Sentences that give orders to a machine
 * are left out. What the question shares with `title` says which document is meant, not what is asked of it.
 */
export function quote(text: string, question: string, lexicon: Lexicon, title = ''): Quotation {
  const sentences = sentencesOf(text).filter((sentence) => !isInstruction(sentence));
  const canonical = lexicon.canonical(question);
  const named = new Set(grams(lexicon.canonical(title)));
  const asked = grams(canonical).filter((gram) => !named.has(gram));
  const wanted = new Set(asked.length > 0 ? asked : grams(canonical));
  const type = expectedType(canonical);
  const found = sentences.map((sentence) => new Set(grams(lexicon.canonical(sentence)).filter((gram) => wanted.has(gram))));
  const scores = sentences.map((sentence, i) => {
    const own = found[i] ?? new Set();
    const added = [...(found[i + 1] ?? [])].filter((gram) => !own.has(gram));
    const matched = weightOf(own) + successorShare * weightOf(added);
    return (matched / (lengthOffset + sentence.length) ** lengthPower) * (type?.test(sentence) ? typeFactor : 1);
  });
  const fit = Math.max(0, ...scores);
  const best = Math.max(0, scores.indexOf(fit));
  let shown = '';
  for (const [i, sentence] of sentences.slice(best).entries()) {
    const paragraphEnded = /\n\s*$/.test(shown);
    if (shown !== '' && (shown.length + sentence.length > longest || (i > following && paragraphEnded))) break;
    shown += sentence;
  }
  return { text: shown.trim(), fit };
}

/** A text without the sentences that give orders to a machine: nobody who asks about a fee is told what to ignore. */
export function withoutOrders(text: string): string {
  return sentencesOf(text)
    .filter((sentence) => !isInstruction(sentence))
    .join('')
    .trim();
}

/** A pair of characters says more than one. */
function weightOf(matched: Iterable<string>): number {
  let weight = 0;
  for (const gram of matched) weight += gram.length > 1 ? 1 : 0.35;
  return weight;
}
