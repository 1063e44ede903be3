/** Executes dialogue commands: flows, answers, steering. Deterministic; what touches the store is returned as effects. */
import type { SearchFilter } from '../knowledge/index/types.ts';
import { type Answer, type Answerer, choices } from './answer/answer.ts';
import { type Draft, say } from './answer/draft.ts';
import { type Writer, writeAnswer } from './answer/generate-draft.ts';
import type { DialogueState } from './dialogue-state.ts';
import { flowContinued, flowStarted } from './flow-drafts.ts';
import type { FlowEngine } from './flows/engine.ts';
import type { NoticeReference } from './flows/notices.ts';
import type { Consent } from './handoff/together.ts';
import type { Outcome } from './outcome.ts';
import { isSteering, openQuestion, resumeOffer, steered, withNone } from './patterns/act-steering.ts';
import { paused } from './patterns/pause.ts';
import { humanWords } from './render.ts';
import type { Demand } from './store/demands.ts';
import type { Texts } from './texts.ts';
import type { Command } from './understand/commands.ts';
import type { Understood } from './understand/understand.ts';

export type Effect =
  | { type: 'hand_over'; reason: string; skill: string; urgency: 'urgent' | 'sub_urgent' | 'general' }
  | { type: 'rate'; value: unknown }
  | { type: 'consent'; value: Consent }
  /** The errand goes on at a window: a code for it. */
  | { type: 'window_code' }
  /** Supervisors are asked to look at abuse. */
  | { type: 'review' }
  /** The citizen has left for good: nothing more is taken in. */
  | { type: 'end' }
  | { type: 'ask_rating' }
  | { type: 'repeat' };

export interface ActTools {
  readonly answerer: Answerer;
  readonly engine: FlowEngine;
  /** Puts answers into words; without one they are cited extracts. */
  readonly writer?: Writer | undefined;
  readonly assistant: string;
  readonly city: string;
  readonly hotline: string;
  /** Address of a notice's printable page; absent when the server's public address is not known. */
  readonly noticeLink?: ((reference: NoticeReference) => string) | undefined;
  /** Contact data and agents' skill of a department by its name. */
  readonly departmentOf: (name: string | undefined) => { name: string; phone?: string; skill: string } | undefined;
}

export interface Acted {
  readonly drafts: readonly Draft[];
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly confidence: number | null;
  readonly state: DialogueState;
  readonly effects: readonly Effect[];
}

interface Turn {
  readonly tools: ActTools;
  readonly texts: Texts;
  /** BCP 47. */
  readonly locale: string;
  readonly understood: Understood;
  readonly filter: SearchFilter;
  /** Where the citizen writes and what that channel knows of them: flows use both. */
  readonly channel?: string | undefined;
  readonly profile?: Readonly<Record<string, unknown>> | undefined;
  /** Hears an answer while a model writes it, checked sentences only. */
  readonly onChecked?: ((draft: Draft) => void) | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  /** What the message asks of the government and whose matter that is, where it asks something. */
  readonly demand?: Demand | undefined;
  /** Agents' skill for the matter of the whole conversation, where the last item says nothing. */
  readonly skill?: string | undefined;
}

const longestQuestion = 300;
/** A flow that was left just now is begun anew when it is asked for; one left longer ago is offered to go on with. */
const offerAfterMs = 600_000;

/**
 * Runs the commands in order. The outcome is that of the last command; drafts and effects of all are kept. Whatever came in between, the
 * open question of a flow is asked once, at the end (随办随问, R-014).
 */
export async function act(turn: Turn, before: DialogueState): Promise<Acted> {
  let acted: Acted = {
    drafts: [],
    outcome: 'ignored',
    reason: null,
    confidence: null,
    state: { ...before, options: [], list: null },
    effects: [],
  };
  let asideLast = false;
  for (const group of grouped(turn.understood.commands)) {
    const next = await one(turn, group, acted.state, before);
    const aside = isAside(group[0]);
    const said = aside && next.state.flow ? acted.drafts.filter((draft) => !draft.expectsInput) : acted.drafts;
    const drafts = aside && next.state.flow && next.outcome === 'answered' ? next.drafts.map(onlyLinks) : next.drafts;
    acted = { ...next, drafts: [...said, ...drafts], effects: [...acted.effects, ...next.effects] };
    asideLast = aside;
  }
  if (asideLast) acted = resumed(turn, acted);
  const understoodNothing = acted.outcome === 'unanswerable_not_understood';
  const misses = understoodNothing ? before.misses + 1 : 0;
  return { ...acted, state: { ...acted.state, options: offeredBy(acted), misses, telling: false } };
}

/** What the last reply offers, so that its number or words choose it next; a flow's open question takes numbers itself. */
function offeredBy({ state, drafts }: Acted): DialogueState['options'] {
  if (state.flow?.asking || state.options.length > 0) return state.options;
  const last = drafts.at(-1);
  return last ? optionsOf(last) : [];
}

/** Slot commands that follow one another reach the flow together, so that a form is one step. */
function grouped(commands: readonly Command[]): Command[][] {
  const groups: Command[][] = [];
  for (const command of commands) {
    const last = groups.at(-1);
    if (last?.[0] && isSlotCommand(last[0]) && isSlotCommand(command)) last.push(command);
    else groups.push([command]);
  }
  return groups;
}

type SlotCommand = Extract<Command, { type: 'set_slot' | 'correct_slot' | 'skip' }>;
const isSlotCommand = (command: Command): command is SlotCommand =>
  command.type === 'set_slot' || command.type === 'correct_slot' || command.type === 'skip';

/** What a flow's open question waits through. */
const asides: ReadonlySet<string> = new Set<Command['type']>(['answer', 'list_items', 'small_talk', 'out_of_scope', 'cannot_handle']);
const isAside = (command: Command | undefined): boolean => command !== undefined && asides.has(command.type);

async function one(turn: Turn, group: readonly Command[], state: DialogueState, before: DialogueState): Promise<Acted> {
  const { tools, texts } = turn;
  const [command] = group as [Command];
  const base = { drafts: [], reason: null, confidence: turn.understood.confidence, state, effects: [] };
  if (isSteering(command)) return steered(turn, command, state, before);
  switch (command.type) {
    case 'start_flow': {
      const unfinished = state.paused?.flow.flow === command.flow && longLeft(turn, state) ? resumeOffer(turn, state) : undefined;
      if (unfinished) return { ...base, drafts: [unfinished], outcome: 'clarified', reason: 'resume_offer' };
      const started = await flowStarted(turn, command, state);
      return texts.flowLanguage === '' ? started : { ...started, drafts: [say(texts.flowLanguage), ...started.drafts] };
    }
    case 'set_slot':
    case 'correct_slot':
    case 'skip':
      if (!state.flow) return { ...base, drafts: [say(texts.notUnderstood)], outcome: 'unanswerable_not_understood' };
      return flowContinued(turn, group.filter(isSlotCommand), state.flow, state);
    case 'cancel_flow':
      if (!state.flow) return { ...base, drafts: [say(texts.nothingToCancel)], outcome: 'small_talk', reason: 'nothing_to_cancel' };
      return {
        ...base,
        drafts: [say(texts.flowCancelled)],
        outcome: 'flow_cancelled',
        reason: state.flow.flow,
        // 算了 works at once; what was answered is kept a while for 继续.
        state: paused(state, turn.now),
      };
    case 'answer':
      return answered(turn, command, state);
    case 'list_items':
      return listed(turn, command, state);
    case 'clarify': {
      const options = withNone(command.options, texts);
      return { ...base, drafts: [say(texts.clarify, asReplies(options), true)], outcome: 'clarified', state: { ...state, options } };
    }
    case 'hand_over': {
      const skill = tools.departmentOf(itemDepartment(turn, state))?.skill ?? turn.skill ?? 'general';
      return {
        ...base,
        outcome: 'handed_over',
        reason: command.reason,
        effects: [{ type: 'hand_over', reason: command.reason, skill, urgency: 'general' }],
      };
    }
    case 'rate':
      return {
        ...base,
        outcome: 'rated',
        effects: command.score === undefined ? [{ type: 'ask_rating' }] : [{ type: 'rate', value: { score: command.score } }],
      };
    case 'repeat':
      return { ...base, outcome: 'repeated', effects: [{ type: 'repeat' }], state: { ...state, options: before.options } };
    case 'small_talk':
      // Who says goodbye is done with the flow too.
      if (command.topic === 'goodbye') return { ...base, ...smallTalk(turn, command.topic), state: paused(state, turn.now) };
      if (command.topic === 'greeting' && longLeft(turn, state)) {
        const offer = resumeOffer(turn, state);
        if (offer) return { ...base, drafts: [say(texts.smallTalk.greeting), offer], outcome: 'clarified', reason: 'resume_offer' };
      }
      return { ...base, ...smallTalk(turn, command.topic) };
    case 'out_of_scope':
      return { ...base, drafts: [say(texts.outOfScope)], outcome: 'declined_out_of_scope' };
    case 'cannot_handle': {
      // Words that no entry knows but a department does: 物业乱收停车费.
      if (!before.flow && (before.telling || whoseMatter(turn) !== undefined)) return { ...base, ...notKnown(turn, undefined, before) };
      const again = before.misses > 0;
      const replies = again ? [{ kind: 'say' as const, title: texts.human, value: humanWords }] : [];
      return {
        ...base,
        drafts: [say(again ? texts.notUnderstoodAgain : texts.notUnderstood, replies)],
        outcome: 'unanswerable_not_understood',
      };
    }
  }
}

function smallTalk(
  { tools, texts }: Turn,
  topic: Extract<Command, { type: 'small_talk' }>['topic'],
): Pick<Acted, 'drafts' | 'outcome' | 'reason' | 'effects'> {
  const talk = texts.smallTalk;
  const text = topic === 'identity' ? talk.identity(tools.assistant) : topic === 'scope' ? talk.scope(tools.city) : talk[topic];
  const human = { kind: 'say' as const, title: texts.human, value: humanWords };
  return {
    drafts: [say(text, topic === 'complaint_about_bot' ? [human] : [])],
    outcome: 'small_talk',
    reason: topic,
    effects: topic === 'goodbye' ? [{ type: 'ask_rating' }] : [],
  };
}

async function answered(turn: Turn, command: Extract<Command, { type: 'answer' }>, before: DialogueState): Promise<Acted> {
  const { tools, texts, locale, understood, filter, onChecked } = turn;
  const state = { ...before, lastQuestion: command.query.slice(0, longestQuestion) };
  // One of several questions in a message is looked up on its own.
  const asFound = command.query === understood.text ? understood.found : await tools.answerer.find(command.query, filter);
  const found = command.itemId ? asFound : await tools.answerer.ordered(command.query, asFound);
  const sameItem = command.itemId !== undefined && command.itemId === state.lastItemId;
  const answer: Answer = command.itemId
    ? tools.answerer.answerFrom(command.itemId, command.query, found, texts, filter, sameItem ? state.lastScenarioIds : [])
    : tools.answerer.answer(command.query, found, texts, filter);
  const base = { reason: null, confidence: answer.confidence, effects: [] };
  switch (answer.kind) {
    case 'answered': {
      const { draft: extract, item } = answer;
      const draft = tools.writer
        ? await writeAnswer(tools.writer, { extract, item, question: command.query, found, locale, onChecked })
        : extract;
      return {
        ...base,
        drafts: [draft],
        outcome: 'answered',
        reason: answer.item.id,
        state: {
          ...state,
          lastItemId: answer.item.id,
          lastScenarioIds: [...answer.scenarioIds],
          ended: stillAbout(state.ended, answer.item.id),
        },
      };
    }
    case 'clarify': {
      const options = withNone(choices(answer.items), texts);
      const replies = asReplies(options);
      const draft = answer.unsure
        ? say(texts.clarifyUnsure, [...replies, { kind: 'say', title: texts.human, value: humanWords }], true)
        : say(texts.clarify, replies, true);
      return { ...base, drafts: [draft], outcome: 'clarified', state: { ...state, options } };
    }
    case 'not_found': {
      return { ...base, ...notKnown(turn, answer.department, before), state: before };
    }
  }
}

/** A flow that ended is over once another errand is asked about. */
const stillAbout = (ended: DialogueState['ended'], item: string): DialogueState['ended'] =>
  ended?.matters.some(({ guide }) => guide === item) ? ended : null;

/** Below this the words name no department clearly enough to send somebody there. */
const clearlyTheirs = 0.35;

/** The department whose matter the message is, by its words; undefined when none stands out. */
const whoseMatter = ({ demand }: Turn): string | undefined =>
  demand?.department && demand.confidence >= clearlyTheirs ? demand.department : undefined;

/** An honest I don't know with whose matter it is; what wants doing rather than knowing is taken in by people. */
function notKnown(turn: Turn, guessed: string | undefined, { flow, telling }: DialogueState): Pick<Acted, 'drafts' | 'outcome' | 'reason'> {
  const { tools, texts, demand } = turn;
  const name = whoseMatter(turn) ?? guessed;
  const department = tools.departmentOf(name);
  const forPeople = telling || (demand && demand.type !== 'consult' && demand.type !== 'online_guidance');
  const text = forPeople ? texts.forPeople(department) : texts.notFound(department, flow ? tools.hotline : undefined);
  const human = { kind: 'say' as const, title: texts.human, value: humanWords };
  return { drafts: [say(text, [human])], outcome: 'unanswerable_not_found', reason: name ?? null };
}

/** The first errands of a list can be chosen by number or name. */
function listed(
  { tools, texts, filter, understood }: Turn,
  command: Extract<Command, { type: 'list_items' }>,
  before: DialogueState,
): Acted {
  const state = { ...before, lastQuestion: understood.text.slice(0, longestQuestion) };
  const listing = tools.answerer.listing(command, filter);
  const base = { confidence: 1, effects: [], state };
  if (!listing) return { ...base, drafts: [say(texts.notUnderstood)], outcome: 'unanswerable_not_understood', reason: null };
  const { draft, options, next } = tools.answerer.listed(listing, command.from, texts);
  return {
    ...base,
    drafts: [draft],
    outcome: 'answered',
    reason: `list:${listing.facet}`,
    state: { ...state, options: [...options], list: next === undefined ? null : { by: command.by, words: command.words, next } },
  };
}

/** After a digression the open question of the flow is asked again. */
function resumed(turn: Turn, acted: Acted): Acted {
  const again = openQuestion(turn, acted.state, turn.texts.flowResumes);
  return again ? { ...acted, drafts: [...acted.drafts, again], state: { ...acted.state, options: [] } } : acted;
}

const longLeft = ({ now }: Turn, { paused: left }: DialogueState): boolean => left !== null && now - left.at >= offerAfterMs;

/** Inside a flow the numbers and buttons belong to its question. */
const onlyLinks = (draft: Draft): Draft => ({ ...draft, quickReplies: draft.quickReplies.filter((reply) => reply.kind === 'open') });

const asReplies = (options: readonly { title: string; value: string }[]) =>
  options.map(({ title, value }) => ({ kind: 'say' as const, title, value }));
const optionsOf = (draft: Draft) =>
  draft.quickReplies.flatMap((reply) => (reply.kind === 'say' ? [{ title: reply.title, value: reply.value }] : []));

function itemDepartment(turn: Turn, state: DialogueState): string | undefined {
  if (state.lastItemId === null) return undefined;
  return turn.tools.answerer.item(state.lastItemId)?.department;
}
