/** Answers a question from the knowledge base: quoted and cited, or an honest "I don't know", or which of these? */

import { admits } from '../../knowledge/index/filter.ts';
import type { KnowledgeIndex, Passage, PassageHit, SearchFilter } from '../../knowledge/index/types.ts';
import type { Guide, KnowledgeItem } from '../../knowledge/item.ts';
import { titleOf } from '../../knowledge/item.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import type { Reranker } from '../llm/rerank.ts';
import type { Texts } from '../texts.ts';
import { fitFor } from './confidence.ts';
import { type Listing, type ListPage, type ListWish, lineByNumber, lineFor, listDraft, listingOf } from './directory.ts';
import { about, type Draft } from './draft.ts';
import { askedElements, matterOf } from './elements.ts';
import { contactAnswer, faqAnswer, policyAnswer } from './extract.ts';
import { guideAnswer, scenariosIn } from './guide-answer.ts';
import { composeNotice, type Notice, type NoticeRequest } from './notice.ts';
import { reranked } from './rerank.ts';
import { type Candidate, type Retrieved, retrieve } from './retrieve.ts';

export type Answer =
  | { kind: 'answered'; draft: Draft; item: KnowledgeItem; confidence: number; scenarioIds: readonly string[] }
  /** `unsure`: they are the nearest there are, and perhaps none is meant. */
  | { kind: 'clarify'; items: readonly KnowledgeItem[]; confidence: number; unsure?: boolean }
  | { kind: 'not_found'; department: string | undefined; confidence: number };

export interface AnswererOptions {
  readonly index: KnowledgeIndex;
  readonly lexicon: Lexicon;
  /** A cross-encoder's second opinion; off unless configured. */
  readonly reranker?: Reranker | undefined;
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
/** A single word (许可, 买房) asks nothing yet: guides that fit are offered even where a FAQ fits a little better. */
const longestWord = 3;
/** … unless it is the very name of one. */
const wholeName = 0.95;
/** A guide whose name is this near in meaning is offered, though the question shares few words with it: 开饭馆, 食品经营许可. */
const meantSurely = 0.7;
/** From here on the nearest items are offered: the right one is among the first three of 99 in 100 of the sample pack's questions. */
const worthOffering = 0.2;
/** From here on the department of the best candidate is worth naming, though it is not quoted. */
const hintOfMatter = 0.2;

/** Whether the best of what was found is good enough to be quoted: named all but word for word, or past the learnt threshold. */
export function isSure({ candidates: [best], confidence }: Retrieved): boolean {
  if (!best) return false;
  return confidence >= fitFor(best.item.kind).threshold || best.nameSimilarity >= sureByName;
}

/**
 * Whether the question speaks of a candidate: it is named all but word for word, or named and about what the question speaks of, or a
 * passage of it holds nearly everything the question says.
 */
function isNamed({ nameSimilarity, coverage, passages }: Candidate): boolean {
  if (nameSimilarity >= sureByName) return true;
  if (nameSimilarity >= likelyByName && coverage >= enoughCovered) return true;
  return coverage >= sureByCoverage && ((passages[0]?.share ?? 0) >= sureByPassage || nameSimilarity >= hintedByName);
}

/** Whether a candidate is worth offering among others. */
function isLikely({ nameSimilarity, coverage }: Candidate): boolean {
  return nameSimilarity >= hintedByName && coverage >= mostlyCovered;
}

const shortestMatter = 2;
/** Look-ups remembered: a turn asks for the same words twice or three times; dozens of turns at the same moment have room. */
const mostFound = 64;

/** 护照多少钱: asks an element of a guide whose title holds the whole matter. */
function asksOfNamed({ item }: Candidate, plain: string): boolean {
  if (item.kind !== 'guide' || askedElements(plain).length === 0) return false;
  const matter = matterOf(plain);
  return matter.length >= shortestMatter && titleOf(item).includes(matter);
}

export class Answerer {
  readonly #options: AnswererOptions;
  readonly #found = new Map<string, Promise<Retrieved>>();

  constructor(options: AnswererOptions) {
    this.#options = options;
  }

  /** The items that may answer; shared by understanding and answering so that the index is asked once a turn. */
  find(text: string, filter: SearchFilter): Promise<Retrieved> {
    const { index, lexicon } = this.#options;
    const key = JSON.stringify([index.revision, filter, text]);
    const known = this.#found.get(key);
    if (known) return known;
    const found = retrieve(index, lexicon, text, filter);
    if (this.#found.size >= mostFound) this.#found.delete(this.#found.keys().next().value as string);
    this.#found.set(key, found);
    // What failed is looked for anew.
    found.catch(() => this.#found.delete(key));
    return found;
  }

  /** What was found, in the order of the second opinion where there is one. */
  async ordered(query: string, found: Retrieved): Promise<Retrieved> {
    const { reranker, lexicon } = this.#options;
    return reranker ? reranked(reranker, lexicon, query, found) : found;
  }

  /** Answers `query` from what was found for it. */
  answer(query: string, found: Retrieved, texts: Texts, filter: SearchFilter): Answer {
    const [best] = found.candidates;
    if (!best) return { kind: 'not_found', department: undefined, confidence: 0 };
    const share = best.nameSimilarity < likelyByName ? vagueShare : alternativeShare;
    const close = found.candidates.filter((candidate) => candidate.item.kind === 'guide' && candidate.score >= share * best.score);
    // To ask "which of these?" takes less certainty than to answer.
    const rivals = close.filter((candidate) => isNamed(candidate) || isLikely(candidate));
    const oneWord = query.replace(/[^\p{L}\p{N}]/gu, '').length <= longestWord;
    if ((best.item.kind === 'guide' || oneWord) && rivals.length >= 2 && best.nameSimilarity < (oneWord ? wholeName : clearlyNamed)) {
      return { kind: 'clarify', items: rivals.slice(0, 3).map((candidate) => candidate.item), confidence: found.confidence };
    }
    if (!isSure(found) && !asksOfNamed(best, this.#options.lexicon.plain(query))) {
      const near = found.candidates.filter(({ item, meaning }) => item.kind === 'guide' && meaning >= meantSurely);
      const offered = found.confidence >= worthOffering ? [...near, ...found.candidates.filter((one) => !near.includes(one))] : near;
      const items = offered.filter(({ item }) => item.kind !== 'policy').map(({ item }) => item);
      if (items.length > 0) return { kind: 'clarify', items: items.slice(0, 3), confidence: found.confidence, unsure: true };
      const department = best.score > hintOfMatter ? best.item.department : undefined;
      return { kind: 'not_found', department, confidence: found.confidence };
    }
    return this.#compose(best.item, best, { query, texts, filter, confidence: found.confidence });
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
    // What the citizen chose is what they mean.
    return this.#compose(item, candidate, { query, texts, filter, confidence: 1 }, scenarioIds);
  }

  /** The errands a wish for a list means; undefined where the knowledge has no such list. */
  listing(wish: ListWish, filter: SearchFilter): Listing | undefined {
    return listingOf(wish, this.#options.index, this.#options.lexicon, filter);
  }

  /** The line to ring about what the message speaks of; undefined where no line says it is its matter. */
  lineFor(plain: string, filter: SearchFilter): KnowledgeItem | undefined {
    return lineFor(plain, this.#options.index, filter);
  }

  /** The line whose number the message asks about; an empty find is a number that nobody here has. */
  lineByNumber(plain: string, filter: SearchFilter): { readonly item: KnowledgeItem | undefined } | undefined {
    return lineByNumber(plain, this.#options.index, filter);
  }

  /** The reply to a wish for a list, with the errands it offers, from the `from`-th on. */
  listed(listing: Listing, from: number, texts: Texts): ListPage {
    return listDraft(listing, from, this.#options.index, texts);
  }

  /** 一次性告知: everything about a guide for the citizen's scenario; undefined when the guide is not in force. */
  noticeOf(guideId: string, scenarioIds: readonly string[], texts: Texts, filter: SearchFilter, district?: string): Draft | undefined {
    const guide = this.#guideInForce(guideId, filter);
    if (!guide) return undefined;
    return about(guide, guideAnswer({ guide, index: this.#options.index, asked: [], scenarioIds, whole: true, texts, district }));
  }

  /** The same for several guides told as one, or for a page; undefined when none of them is in force. */
  notice(request: NoticeRequest, filter: SearchFilter): Notice | undefined {
    return composeNotice(request, this.#options.index, (id) => this.#guideInForce(id, filter));
  }

  item(itemId: string): KnowledgeItem | undefined {
    return this.#options.index.item(itemId);
  }

  #guideInForce(itemId: string, filter: SearchFilter): Guide | undefined {
    const item = this.#inForce(itemId, filter);
    return item?.kind === 'guide' ? item : undefined;
  }

  #inForce(itemId: string, filter: SearchFilter): KnowledgeItem | undefined {
    const item = this.#options.index.item(itemId);
    return item && admits(item, filter) && this.#options.index.passagesOf(itemId).length > 0 ? item : undefined;
  }

  #compose(
    item: KnowledgeItem,
    candidate: Candidate | undefined,
    { query, texts, filter, confidence }: { query: string; texts: Texts; filter: SearchFilter; confidence: number },
    knownScenarios: readonly string[] = [],
  ): Answer {
    const { index, lexicon } = this.#options;
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
      case 'faq': {
        const guide = item.guideId ? this.#inForce(item.guideId, filter) : undefined;
        return answered(faqAnswer(item, index, guide, texts, guide && this.#options.flowFor(guide.id)));
      }
      case 'contact':
        return answered(contactAnswer(item, index));
      case 'policy': {
        // A document found by its title alone has no clause among the hits: any of its own may be the one.
        const hits = candidate && candidate.passages.length > 0 ? candidate.passages : unranked(index.passagesOf(item.id));
        const draft = policyAnswer(item, hits, query, lexicon);
        return draft ? answered(draft) : { kind: 'not_found', department: item.department, confidence };
      }
    }
  }
}

const unranked = (passages: readonly Passage[]): PassageHit[] => passages.map((passage) => ({ passage, share: 0, coverage: 0 }));

/** Titles of items as buttons. */
export function choices(items: readonly KnowledgeItem[]): { title: string; value: string; itemId: string }[] {
  return items.map((item) => ({ title: titleOf(item), value: titleOf(item), itemId: item.id }));
}
