/** The understanding step: resolve what was chosen, look up candidates, ask the recogniser. */
import type { NameMatcher } from '../../knowledge/index/names.ts';
import type { SearchFilter } from '../../knowledge/index/types.ts';
import { titleOf } from '../../knowledge/item.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import { normalise } from '../../knowledge/text/normalise.ts';
import { remembered } from '../../knowledge/text/remembered.ts';
import { MAX_TEXT_LENGTH } from '../activity.ts';
import { type Answerer, isSure } from '../answer/answer.ts';
import type { ListWish } from '../answer/directory.ts';
import { asksOnlyElements, matterOf } from '../answer/elements.ts';
import { nothingFound, type Retrieved } from '../answer/retrieve.ts';
import type { RewriteContext, Rewriter, Rewritten } from '../answer/rewrite.ts';
import type { DialogueState } from '../dialogue-state.ts';
import type { Flow } from '../flows/schema.ts';
import { parseSlot } from '../flows/slots.ts';
import { type Observe, unobserved } from '../observe.ts';
import { steering } from '../patterns/steer.ts';
import { type Command, commandSchema } from './commands.ts';
import { withWishedFlow } from './flow-wish.ts';
import { listWish, wantsMore } from './listing.ts';
import { startedByNumber } from './numbered.ts';
import { isQuestion, withoutInterruption } from './phrases.ts';
import type { AnswerInput, Recogniser, Understanding } from './recogniser.ts';
import { partsOf } from './several.ts';
import { withoutIdentifiers } from './without-identifiers.ts';
import { type Introduced, introduced } from './without-self.ts';

export interface UnderstandTools {
  readonly lexicon: Lexicon;
  readonly answerer: Answerer;
  readonly flowNames: NameMatcher;
  readonly recogniser: Recogniser;
  /** Completes follow-up questions; without one every message is read by itself. */
  readonly rewriter?: Rewriter | undefined;
  /** Sees the look-ups; absent: nobody looks. */
  readonly observe?: Observe | undefined;
}

/** The guided flows, where there are any. */
interface WithFlows {
  readonly engine?: { readonly flows: readonly Flow[] };
}

export interface Understood extends Understanding {
  /** The message made complete, or the words of the option it chose. */
  readonly text: string;
  readonly found: Retrieved;
}

const flowCandidates = 8;
const commandsSchema = commandSchema.array();
const noFlows: readonly Flow[] = [];

export interface UnderstandInput {
  readonly text: string;
  readonly state: DialogueState;
  readonly activeFlow: Flow | undefined;
  readonly filter: SearchFilter;
  readonly today: Date;
  /** The last few turns, oldest first: for a model. */
  readonly turns?: RewriteContext['turns'];
}

/** Turns a citizen's words into commands. The recogniser's output is parsed again here: whoever wrote it, only the closed set passes. */
export async function understand(tools: UnderstandTools & WithFlows, input: UnderstandInput): Promise<Understood> {
  const { lexicon, answerer, flowNames, recogniser, observe = unobserved } = tools;
  const lookUp = (words: string) => observe('retrieve', {}, () => answerer.find(words, filter));
  const { state, activeFlow, filter, today, turns = [] } = input;
  const chosen = state.flow ? undefined : chosenOption(lexicon.plain(input.text), state, lexicon);
  const steered = steering(normalise(chosen?.value ?? input.text), state);
  if (steered) return { commands: [steered], confidence: 1, recogniser: 'local', text: input.text, found: nothingFound };
  const numbered = state.flow || chosen ? undefined : startedByNumber(input.text, tools.engine?.flows ?? noFlows);
  if (numbered) return { commands: [numbered], confidence: 1, recogniser: 'local', text: input.text, found: nothingFound };
  // 还有哪些 and a theme are offered among the options, and ask for a list all the same.
  const list = chosen?.itemId ? undefined : listAsked(lexicon.plain(chosen?.value ?? input.text), state);
  if (list && answerer.listing(list, filter))
    return { commands: [{ type: 'list_items', ...list }], confidence: 1, recogniser: 'local', text: input.text, found: nothingFound };
  // Who adds a name and number to a question asks the same; only a flow has use for them.
  const typed = withoutInterruption(input.text);
  const words = chosen?.value ?? (state.flow ? typed : withoutIdentifiers(typed));
  const answer = chosen ? undefined : plainAnswer(recogniser, { said: words, text: words, state, activeFlow, today, turns });
  if (answer) return { ...answer, commands: commandsSchema.parse(answer.commands), text: words, found: nothingFound };
  const { said, asSaid } = await heardAs(words, chosen || state.flow ? undefined : introduced(words), lookUp);
  const line = chosen || state.flow ? undefined : lineAsked(tools, input, asSaid);
  if (line) return line;
  const several = chosen ? undefined : await severalCommands(tools, input, said);
  if (several) return { commands: several, confidence: 0.8, recogniser: 'local', text: said, found: asSaid };
  const rewritten: Rewritten = chosen ? { question: said, by: 'none' } : await completed(tools, input, said);
  let text = rewritten.question;
  let found = text === said ? asSaid : await lookUp(text);
  // 那护照呢？ after a question that the new matter has no answer to: the matter itself is better than nothing.
  if (!isSure(found) && isSure(asSaid)) [text, found] = [said, asSaid];
  if (chosen?.itemId) {
    return { commands: [{ type: 'answer', query: text, itemId: chosen.itemId }], confidence: 1, recogniser: 'local', text, found };
  }
  const flows = withWishedFlow(text, { flows: tools.engine?.flows ?? noFlows, lexicon }, flowNames.match(text, flowCandidates), found);
  const understanding = await recogniser.recognise({
    said,
    text,
    state,
    activeFlow,
    flows,
    found,
    asSaid,
    today,
    turns,
    modelAsked: rewritten.modelAsked,
  });
  return { ...understanding, commands: commandsSchema.parse(understanding.commands), text, found };
}

/** Candidates this near the best one may be about the same matter; so near, about the same field. */
const sameMatter = 3;
const sameField = 5;
/** Of confidence; nobody can tell two such apart. */
const hardlyLess = 0.02;

/**
 * What is looked up, and what was found. Who people say they are changes nothing, unless the knowledge itself does: the whole
 * message surely finds what the bare question finds too, or at least as surely something near it that is named after who they are.
 */
async function heardAs(
  said: string,
  self: Introduced | undefined,
  lookUp: (words: string) => Promise<Retrieved>,
): Promise<{ said: string; asSaid: Retrieved }> {
  if (!self) return { said, asSaid: await lookUp(said) };
  const [whole, bare] = [await lookUp(said), await lookUp(self.question)];
  // 我是上班族，周末能办吗: without them nobody knows what it is about.
  if (self.byForm && !isSure(bare)) return { said, asSaid: whole };
  const [best] = whole.candidates;
  const near = bare.candidates.slice(0, self.byForm ? sameField : sameMatter).some(({ item }) => item.id === best?.item.id);
  const named = best !== undefined && self.about.some((word) => titleOf(best.item).includes(word) || best.bestName?.includes(word));
  // 我老公是香港人: what is named after the very words is as good as the matter in general.
  if (near && named && isSure(whole) && whole.confidence > bare.confidence - (self.byForm ? hardlyLess : 0)) return { said, asSaid: whole };
  // A case of the same matter may be theirs: 70 岁以上.
  const same = self.mayMatter && best !== undefined && best.item.id === bare.candidates[0]?.item.id;
  return { said: same ? said : self.question, asSaid: bare };
}

/** One answer to a flow's open question and nothing else: no knowledge is needed to see that. */
function plainAnswer(recogniser: Recogniser, input: AnswerInput): Understanding | undefined {
  return input.state.flow && partsOf(input.said).length < 2 ? recogniser.answersOpen?.(input) : undefined;
}

/** 停电了打什么电话, 12333是什么电话: a line that no errand stands for. A number nobody has is not found, whatever is near it. */
function lineAsked({ answerer, lexicon }: UnderstandTools, { text, filter }: UnderstandInput, found: Retrieved): Understood | undefined {
  const plain = lexicon.plain(text);
  const numbered = answerer.lineByNumber(plain, filter);
  const line = numbered ? numbered.item : isSure(found) ? undefined : answerer.lineFor(plain, filter);
  if (!numbered && !line) return undefined;
  const answer: Command = { type: 'answer', query: text, ...(line ? { itemId: line.id } : {}) };
  return { commands: [answer], confidence: 1, recogniser: 'local', text, found: nothingFound };
}

/** A list by its facet, or the rest of the one shown last. */
function listAsked(plain: string, { list }: DialogueState): (ListWish & { from: number }) | undefined {
  if (list && wantsMore(plain)) return { by: list.by, words: list.words, from: list.next };
  const wish = listWish(plain);
  return wish && { ...wish, from: 0 };
}

/** Fewer characters beside the asked element name nothing. */
const shortestMatter = 2;

/** Parts of a message that the knowledge base surely answers from different items; the first may answer a flow's open question. */
async function severalCommands(
  { answerer, recogniser, lexicon }: UnderstandTools,
  { state, activeFlow, filter, today }: UnderstandInput,
  text: string,
): Promise<Command[] | undefined> {
  const parts = partsOf(text);
  if (parts.length < 2) return undefined;
  const asking = state.flow?.asking;
  const slot = asking && activeFlow ? activeFlow.slots[asking] : undefined;
  const commands: Command[] = [];
  const items = new Set<string>();
  for (const [i, part] of parts.entries()) {
    if (i === 0 && asking && slot && slot.type !== 'text' && !isQuestion(part) && parseSlot(slot, part, { today }).ok) {
      commands.push({ type: 'set_slot', slot: asking, value: part });
      continue;
    }
    if (i > 0 && activeFlow?.guide !== undefined && asksOnlyElements(lexicon.plain(part))) {
      commands.push({ type: 'answer', query: part, itemId: activeFlow.guide });
      continue;
    }
    // 要什么材料？多少钱？ asks one matter for several elements.
    if (matterOf(lexicon.plain(part)).length < shortestMatter) return undefined;
    const found = await answerer.find(part, filter);
    const item = found.candidates[0]?.item.id;
    if (!isSure(found) || item === undefined || items.has(item) || recogniser.standsAlone?.(part)) return undefined;
    items.add(item);
    commands.push({ type: 'answer', query: part });
  }
  return commands;
}

/** 那要多少钱？ becomes a whole question. The open question of a flow is answered in its own words. */
async function completed(
  { rewriter, recogniser, answerer }: UnderstandTools,
  { state, turns }: UnderstandInput,
  text: string,
): Promise<Rewritten> {
  const unchanged: Rewritten = { question: text, by: 'none' };
  const nothingBefore = state.lastItemId === null && state.lastQuestion === null;
  if (!rewriter || state.flow || nothingBefore) return unchanged;
  const item = state.lastItemId === null ? undefined : answerer.item(state.lastItemId);
  const context: RewriteContext = {
    ...(state.lastQuestion === null ? {} : { lastQuestion: state.lastQuestion }),
    ...(item
      ? {
          lastItem: {
            id: item.id,
            title: titleOf(item),
            scenarios: item.kind === 'guide' ? item.scenarios.map((scenario) => scenario.name) : [],
          },
        }
      : {}),
    options: state.options.map((option) => option.title),
    turns: turns ?? [],
  };
  // Its form is looked at first: that costs less than asking what was learnt.
  if (rewriter.leaves?.(text, context) || recogniser.standsAlone?.(text)) return unchanged;
  const { question, ...rest } = await rewriter.rewrite(text, context);
  return { ...rest, question: question.slice(0, MAX_TEXT_LENGTH) };
}

const numerals = '一二三四五六七八九';

/** Options are offered again and again. */
const withoutMarks = remembered((text) => text.replace(/[\p{P}\s]+/gu, ''));

/** The offered option a message picks by its number (2, 第二个, 选2) or by its words. */
function chosenOption(plain: string, state: DialogueState, lexicon: Lexicon): DialogueState['options'][number] | undefined {
  const bare = (text: string) => withoutMarks(lexicon.plain(text));
  const wanted = bare(plain);
  const ordinal = /^(?:第|选|选择)?([1-9]\d?|[一二三四五六七八九])(?:个|项|号)?$/u.exec(wanted)?.[1];
  if (ordinal) {
    const position = numerals.includes(ordinal) ? numerals.indexOf(ordinal) : Number(ordinal) - 1;
    if (state.options[position]) return state.options[position];
  }
  return state.options.find((option) => bare(option.title) === wanted || bare(option.value) === wanted);
}
