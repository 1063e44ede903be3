/** Answers a question from the knowledge base: quoted and cited, or an honest "I don't know", or which of these? */

import { admits } from '../../knowledge/index/filter.ts';
import type { KnowledgeIndex, SearchFilter } from '../../knowledge/index/types.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';
import { titleOf } from '../../knowledge/item.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import type { Texts } from '../texts.ts';
import { about, type Draft } from './draft.ts';
import { askedElements } from './elements.ts';
import { contactAnswer, faqAnswer, policyAnswer } from './extract.ts';
import { guideAnswer, scenariosIn } from './guide-answer.ts';
import { type Candidate, type Retrieved, retrieve } from './retrieve.ts';

export type Answer =
  | { kind: 'answered'; draft: Draft; item: KnowledgeItem; confidence: number; scenarioIds: readonly string[] }
  | { kind: 'clarify'; items: readonly KnowledgeItem[]; confidence: number }
  | { kind: 'not_found'; department: string | undefined; confidence: number };

export interface AnswererOptions {
  readonly index: KnowledgeIndex;
  readonly lexicon: Lexicon;
  /** The flow that guides through a guide, if there is one. */
  readonly flowFor: (guideId: string) => { id: string; name: string } | undefined;
}

/** Below these nothing is said: read off the sample pack's held-out wordings, the policy questions and questions from outside. */
const sureByName = 0.7;
const likelyByName = 0.45;
const enoughCovered = 0.4;
const sureByCoverage = 0.75;
const sureByPassage = 0.3;
const hintedByName = 0.3;
const mostlyCovered = 0.5;
/** Guides that score this share of the best one are real alternatives; more of them when the question only hints at a matter (买房). */
const alternativeShare = 0.85;
const vagueShare = 0.6;
const clearlyNamed = 0.72;

/**
 * Whether a candidate is good enough to be quoted: it is named all but word for word, or named and about what the question speaks of,
 * or a passage of it holds nearly everything the question says.
 */
export function isSure({ nameSimilarity, coverage, passages }: Candidate): boolean {
  if (nameSimilarity >= sureByName) return true;
  if (nameSimilarity >= likelyByName && coverage >= enoughCovered) return true;
  return coverage >= sureByCoverage && ((passages[0]?.share ?? 0) >= sureByPassage || nameSimilarity >= hintedByName);
}

/** Whether a candidate is worth offering among others. */
function isLikely({ nameSimilarity, coverage }: Candidate): boolean {
  return nameSimilarity >= hintedByName && coverage >= mostlyCovered;
}

export class Answerer {
  readonly #options: AnswererOptions;

  constructor(options: AnswererOptions) {
    this.#options = options;
  }

  /** The items that may answer; shared by understanding and answering so that the index is asked once a turn. */
  find(text: string, filter: SearchFilter): Promise<Retrieved> {
    return retrieve(this.#options.index, { text, plain: this.#options.lexicon.plain(text) }, filter);
  }

  /** Answers `query` from what was found for it. */
  answer(query: string, found: Retrieved, texts: Texts, filter: SearchFilter): Answer {
    const [best] = found.candidates;
    if (!best) return { kind: 'not_found', department: undefined, confidence: 0 };
    const share = best.nameSimilarity < likelyByName ? vagueShare : alternativeShare;
    const close = found.candidates.filter((candidate) => candidate.item.kind === 'guide' && candidate.score >= share * best.score);
    // To ask "which of these?" takes less certainty than to answer.
    const rivals = close.filter((candidate) => isSure(candidate) || isLikely(candidate));
    if (best.item.kind === 'guide' && rivals.length >= 2 && best.nameSimilarity < clearlyNamed) {
      return { kind: 'clarify', items: rivals.slice(0, 3).map((candidate) => candidate.item), confidence: best.score };
    }
    if (!isSure(best))
      return { kind: 'not_found', department: best.score > 0.2 ? best.item.department : undefined, confidence: best.score };
    return this.#compose(best.item, best, { query, texts, filter });
  }

  /** Answers from one item the citizen chose or the conversation is about; what is not in force any more is not found. */
  answerFrom(
    itemId: string,
    query: string,
    found: Retrieved,
    texts: Texts,
    filter: SearchFilter,
    scenarioIds: readonly string[] = [],
  ): Answer {
    const item = this.#inForce(itemId, filter);
    if (!item) return { kind: 'not_found', department: undefined, confidence: 0 };
    const candidate = found.candidates.find((one) => one.item.id === itemId);
    return this.#compose(item, candidate, { query, texts, filter }, scenarioIds);
  }

  /** 一次性告知: everything about a guide for the citizen's scenario; undefined when the guide is not in force. */
  noticeOf(guideId: string, scenarioIds: readonly string[], texts: Texts, filter: SearchFilter): Draft | undefined {
    const guide = this.#inForce(guideId, filter);
    if (guide?.kind !== 'guide') return undefined;
    return about(guide, guideAnswer({ guide, index: this.#options.index, asked: [], scenarioIds, whole: true, texts }));
  }

  item(itemId: string): KnowledgeItem | undefined {
    return this.#options.index.item(itemId);
  }

  #inForce(itemId: string, filter: SearchFilter): KnowledgeItem | undefined {
    const item = this.#options.index.item(itemId);
    return item && admits(item, filter) && this.#options.index.passagesOf(itemId).length > 0 ? item : undefined;
  }

  #compose(
    item: KnowledgeItem,
    candidate: Candidate | undefined,
    { query, texts, filter }: { query: string; texts: Texts; filter: SearchFilter },
    knownScenarios: readonly string[] = [],
  ): Answer {
    const { index, lexicon } = this.#options;
    const confidence = candidate?.score ?? 1;
    const answered = (draft: Draft, scenarioIds: readonly string[] = []): Answer => ({
      kind: 'answered',
      draft: about(item, draft),
      item,
      confidence,
      scenarioIds,
    });
    switch (item.kind) {
      case 'guide': {
        const mentioned = scenariosIn(item, query, lexicon);
        const scenarioIds = mentioned.length > 0 ? mentioned : knownScenarios;
        return answered(
          guideAnswer({
            guide: item,
            index,
            asked: askedElements(lexicon.plain(query)),
            scenarioIds,
            texts,
            flow: this.#options.flowFor(item.id),
          }),
          scenarioIds,
        );
      }
      case 'faq':
        return answered(faqAnswer(item, index, item.guideId ? this.#inForce(item.guideId, filter) : undefined, texts));
      case 'contact':
        return answered(contactAnswer(item, index));
      case 'policy': {
        const draft = policyAnswer(
          item,
          candidate?.passages ?? index.passagesOf(item.id).map((passage) => ({ passage, score: 0, share: 0, coverage: 0 })),
          query,
          lexicon,
        );
        return draft ? answered(draft) : { kind: 'not_found', department: item.department, confidence };
      }
    }
  }
}

/** Titles of items as buttons. */
export function choices(items: readonly KnowledgeItem[]): { title: string; value: string; itemId: string }[] {
  return items.map((item) => ({ title: titleOf(item), value: titleOf(item), itemId: item.id }));
}
