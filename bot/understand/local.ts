/** The recogniser that needs no model: steering phrases, the open question of a flow, what was offered, names and examples. */
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import { isSure } from '../answer/answer.ts';
import { askedElements, asksOnlyElements, matterOf } from '../answer/elements.ts';
import type { Candidate } from '../answer/retrieve.ts';
import { hasOwnMatter } from '../answer/rewrite-words.ts';
import { inOwnWords } from '../flows/parse/own-words.ts';
import { parseSlot } from '../flows/slots.ts';
import type { ChatMatcher } from './chat.ts';
import type { Command } from './commands.ts';
import { corrections } from './corrections.ts';
import { asksOneFact } from './flow-wish.ts';
import type { Kinds } from './kinds.ts';
import { asksForHuman, asksToRepeat, cancels, corrects, denies, dropsIt, isQuestion, refuses, skips } from './phrases.ts';
import type { AnswerInput, Recogniser, RecogniserInput, Understanding } from './recogniser.ts';

const flowSure = 0.72;
/** A flow must resemble the message clearly more than any knowledge does. */
const flowLead = 0.02;
/** A flow asked for by one of its examples or in so many words, whatever fact is asked too. */
const named = 0.98;
/** Knowledge that only its words match never outdoes a flow that is named. */
const mostByWords = 0.65;
const chatSure = 0.6;
const outOfScopeSure = 0.45;
/** From here on what was learnt decides where the rules don't; higher where hardly a word is known. */
const kindSure = 0.7;
const kindCertain = 0.9;
/** A flow is started only when what was learnt and the names agree. */
const flowLearnt = 0.5;
const flowAlike = 0.5;
/** Less of the message's characters known than this, and nothing similar: not a sentence we can read. */
const readable = 0.34;
/** A question that names nothing this well speaks of what the conversation is about. */
const namedItself = 0.45;
/** So few characters beside the element say who or when (那小孩呢), not which matter. */
const longestAside = 4;
const ownMatter = /[证照卡书费税金户]$|许可|登记|补贴|津贴|备案|资格|公司|执照/;
const levels = ['非常不满意', '不满意', '基本满意', '满意', '非常满意'];

export class LocalRecogniser implements Recogniser {
  readonly #lexicon: Lexicon;
  readonly #chat: ChatMatcher;
  readonly #kinds: Kinds | undefined;

  constructor(options: { lexicon: Lexicon; chat: ChatMatcher; kinds?: Kinds }) {
    this.#lexicon = options.lexicon;
    this.#chat = options.chat;
    this.#kinds = options.kinds;
  }

  async recognise(input: RecogniserInput): Promise<Understanding> {
    const plain = this.#lexicon.plain(input.said);
    const result = this.#steering(plain, input) ?? this.#inFlow(plain, input) ?? this.#fresh(plain, input);
    return { ...result, recogniser: 'local' };
  }

  answersOpen(input: AnswerInput): Understanding | undefined {
    const { activeFlow, state, text, today } = input;
    const asking = state.flow?.asking;
    const slot = asking ? activeFlow?.slots[asking] : undefined;
    if (!asking || !slot) return undefined;
    const plain = this.#lexicon.plain(input.said);
    if (isQuestion(plain) || corrects(plain) || this.#steering(plain, input)) return undefined;
    return parseSlot(slot, text, { today }).ok
      ? { ...sure({ type: 'set_slot', slot: asking, value: text }), recogniser: 'local' }
      : undefined;
  }

  /** Small talk, other matters and steering are never about what was said before. */
  standsAlone(text: string): boolean {
    const plain = this.#lexicon.plain(text);
    if (asksForHuman(plain) || asksToRepeat(plain) || cancels(plain) || skips(plain)) return true;
    const chat = this.#chat.match(text);
    if (chat !== undefined && chat.similarity >= (chat.label === 'out_of_scope' ? outOfScopeSure : chatSure)) return true;
    const guess = this.#guess(plain);
    return guess?.kind === 'chat' && guess.probability >= kindSure;
  }

  /** The examples are Chinese, so other languages are left to the rules. */
  #guess(plain: string): ReturnType<Kinds['guess']> | undefined {
    return /\p{Script=Han}.*\p{Script=Han}/u.test(plain) ? this.#kinds?.guess(plain) : undefined;
  }

  #steering(plain: string, input: Pick<RecogniserInput, 'state' | 'activeFlow'>): Omit<Understanding, 'recogniser'> | undefined {
    const { state, activeFlow } = input;
    if (asksForHuman(plain)) return sure({ type: 'hand_over', reason: 'asked' });
    if (asksToRepeat(plain)) return sure({ type: 'repeat' });
    if (cancels(plain) && !(dropsIt(plain) && isTheNo(plain, input))) return sure({ type: 'cancel_flow' });
    if (activeFlow && skips(plain)) return sure({ type: 'skip' });
    if (state.ratingAsked && !activeFlow) {
      const bare = plain.replace(/[\p{P}\s星分]+/gu, '');
      const level = levels.indexOf(bare);
      if (level >= 0) return sure({ type: 'rate', score: level + 1 });
      if (/^[1-5]$/.test(bare) && state.options.length === 0) return sure({ type: 'rate', score: Number(bare) });
    }
    return undefined;
  }

  #inFlow(plain: string, input: RecogniserInput): Omit<Understanding, 'recogniser'> | undefined {
    const { activeFlow: flow, state, text, today } = input;
    if (!flow || !state.flow) return undefined;
    const corrected = corrects(plain) ? corrections(flow, state.flow.slots, state.flow.asking, text, today) : [];
    if (corrected.length > 0) return { commands: corrected, confidence: 0.9 };
    const asking = state.flow.asking;
    const slot = asking ? flow.slots[asking] : undefined;
    if (!asking || !slot) return undefined;
    const [best] = input.found.candidates;
    const aboutTheFlow = flow.guide !== undefined && speaksOfContext(plain, best);
    const namesAnother = askedElements(plain).length > 0 && (best?.nameSimilarity ?? 0) >= namedItself && hasOwnMatter(plain);
    const asksSomethingElse = isQuestion(plain) && (aboutTheFlow || asksOnlyElements(plain) || isSure(input.found) || namesAnother);
    const parsed = parseSlot(slot, text, { today });
    if (parsed.ok && !(asksSomethingElse && (slot.type === 'text' || plain.length > 8)))
      return sure({ type: 'set_slot', slot: asking, value: text });
    if (asksSomethingElse)
      return { commands: [{ type: 'answer', query: text, ...(aboutTheFlow ? { itemId: flow.guide } : {}) }], confidence: 0.7 };
    const otherFlow = input.flows[0];
    if (otherFlow && otherFlow.id !== flow.id && otherFlow.similarity >= (asksOneFact(plain) ? named : flowSure))
      return { commands: [{ type: 'start_flow', flow: otherFlow.id, slots: {} }], confidence: otherFlow.similarity };
    const chat = this.#chat.match(text);
    if (chat && chat.similarity >= 0.9 && !denies(plain) && !(chat.label === 'goodbye' && refuses(plain)))
      return chatCommand(chat.label, chat.similarity);
    return { commands: [{ type: 'set_slot', slot: asking, value: text }], confidence: 0.5 };
  }

  #fresh(plain: string, input: RecogniserInput): Omit<Understanding, 'recogniser'> {
    const { said, text, state, found, asSaid } = input;
    const [best] = found.candidates;
    const [likest] = input.flows;
    const flow = likest && (likest.similarity >= named || !asksOneFact(plain)) ? likest : undefined;
    const chat = this.#chat.match(said);
    const aboutLast = speaksOfContext(plain, asSaid.candidates[0]);
    const known = best ? Math.max(best.nameSimilarity, isSure(found) ? Math.min(mostByWords, best.passages[0]?.share ?? 0) : 0) : 0;
    if (chat && chat.similarity >= 0.98) return chatCommand(chat.label, chat.similarity);
    if (flow && flow.similarity >= flowSure && flow.similarity >= known + flowLead) {
      return { commands: [{ type: 'start_flow', flow: flow.id, slots: {} }], confidence: flow.similarity };
    }
    if (state.lastItemId !== null && aboutLast && !(chat && chat.similarity >= chatSure)) {
      return { commands: [{ type: 'answer', query: text, itemId: state.lastItemId }], confidence: 0.7 };
    }
    if (chat && chat.label !== 'out_of_scope' && chat.similarity >= chatSure && chat.similarity > known)
      return chatCommand(chat.label, chat.similarity);
    if (chat && chat.label === 'out_of_scope' && chat.similarity >= outOfScopeSure && chat.similarity > known)
      return chatCommand(chat.label, chat.similarity);
    const wordless = !/\p{L}{2}|\d{3}/u.test(plain);
    if (isSure(found) && !wordless) return { commands: [{ type: 'answer', query: text }], confidence: found.confidence };
    const unreadable = found.known < readable || wordless;
    const guess = wordless ? undefined : this.#guess(plain);
    if (guess?.kind === 'chat' && guess.probability >= (unreadable ? kindCertain : kindSure))
      return chatCommand(guess.label, guess.probability);
    if (guess?.kind === 'flow' && guess.probability >= flowLearnt && flow?.id === guess.id && flow.similarity >= flowAlike)
      return { commands: [{ type: 'start_flow', flow: guess.id, slots: {} }], confidence: guess.probability };
    if (unreadable) return { commands: [{ type: 'cannot_handle' }], confidence: 1 - found.known };
    return { commands: [{ type: 'answer', query: text }], confidence: Math.min(1, best?.score ?? 0) };
  }
}

/** 算了，不取了 to 要取吗: the no of the open question. */
function isTheNo(plain: string, { activeFlow, state }: Pick<RecogniserInput, 'state' | 'activeFlow'>): boolean {
  const slot = state.flow?.asking ? activeFlow?.slots[state.flow.asking] : undefined;
  return slot?.type === 'yes_no' && plain.split(/[，,。.\s]+/).some((clause) => inOwnWords(slot, clause.replace(/^算了/, '')) === false);
}

/** 那要多少钱？: asks for an element without naming a matter, or names one so badly that it is no question of its own. */
function speaksOfContext(plain: string, best: Candidate | undefined): boolean {
  if (asksOnlyElements(plain)) return true;
  const matter = matterOf(plain);
  if (
    askedElements(plain).length === 0 ||
    matter.length > longestAside ||
    ownMatter.test(matter) ||
    hasOwnMatter(plain.replace(/^那么?/, ''))
  )
    return false;
  return best === undefined || best.nameSimilarity < namedItself;
}

function sure(command: Command): Omit<Understanding, 'recogniser'> {
  return { commands: [command], confidence: 1 };
}

function chatCommand(label: NonNullable<ReturnType<ChatMatcher['match']>>['label'], similarity: number): Omit<Understanding, 'recogniser'> {
  return { commands: [label === 'out_of_scope' ? { type: 'out_of_scope' } : { type: 'small_talk', topic: label }], confidence: similarity };
}
