/** Executes dialogue commands: flows, answers, steering. Deterministic; what touches the store is returned as effects. */
import type { SearchFilter } from '../knowledge/index/types.ts';
import { type Answer, type Answerer, choices } from './answer/answer.ts';
import { type Draft, say } from './answer/draft.ts';
import { type Writer, writeAnswer } from './answer/generate-draft.ts';
import type { DialogueState } from './dialogue-state.ts';
import type { FlowEngine, FlowResult } from './flows/engine.ts';
import type { Outcome } from './outcome.ts';
import { humanWords } from './render.ts';
import type { Texts } from './texts.ts';
import type { Command } from './understand/commands.ts';
import type { Understood } from './understand/understand.ts';

export type Effect =
  | { type: 'hand_over'; reason: string; skill: string; urgency: 'urgent' | 'sub_urgent' | 'general' }
  | { type: 'rate'; value: unknown }
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
  /** Hears an answer while a model writes it, checked sentences only. */
  readonly onChecked?: ((draft: Draft) => void) | undefined;
}

const longestQuestion = 300;

/** Runs the commands in order. The outcome is that of the last command; drafts and effects of all are kept. */
export async function act(turn: Turn, before: DialogueState): Promise<Acted> {
  let acted: Acted = { drafts: [], outcome: 'ignored', reason: null, confidence: null, state: { ...before, options: [] }, effects: [] };
  for (const group of grouped(turn.understood.commands)) {
    const next = await one(turn, group, acted.state, before);
    acted = { ...next, drafts: [...acted.drafts, ...next.drafts], effects: [...acted.effects, ...next.effects] };
  }
  const understoodNothing = acted.outcome === 'unanswerable_not_understood';
  return { ...acted, state: { ...acted.state, options: offeredBy(acted), misses: understoodNothing ? before.misses + 1 : 0 } };
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

async function one(turn: Turn, group: readonly Command[], state: DialogueState, before: DialogueState): Promise<Acted> {
  const { tools, texts } = turn;
  const [command] = group as [Command];
  const base = { drafts: [], reason: null, confidence: turn.understood.confidence, state, effects: [] };
  switch (command.type) {
    case 'start_flow':
      return fromFlow(turn, await tools.engine.start(command.flow, { ...command.slots }), state);
    case 'set_slot':
    case 'correct_slot':
    case 'skip':
      if (!state.flow) return { ...base, drafts: [say(texts.notUnderstood)], outcome: 'unanswerable_not_understood' };
      return fromFlow(turn, await tools.engine.input(state.flow, group.filter(isSlotCommand)), state);
    case 'cancel_flow':
      if (!state.flow) return { ...base, drafts: [say(texts.nothingToCancel)], outcome: 'small_talk', reason: 'nothing_to_cancel' };
      return {
        ...base,
        drafts: [say(texts.flowCancelled)],
        outcome: 'flow_cancelled',
        reason: state.flow.flow,
        state: { ...state, flow: null },
      };
    case 'answer':
      return resumed(turn, await answered(turn, command, state));
    case 'clarify':
      return {
        ...base,
        drafts: [say(texts.clarify, asReplies(command.options), true)],
        outcome: 'clarified',
        state: { ...state, options: [...command.options] },
      };
    case 'hand_over': {
      const skill = tools.departmentOf(itemDepartment(turn, state))?.skill ?? 'general';
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
      if (command.topic === 'goodbye') return { ...base, ...smallTalk(turn, command.topic), state: { ...state, flow: null } };
      return resumed(turn, { ...base, ...smallTalk(turn, command.topic) });
    case 'out_of_scope':
      return resumed(turn, { ...base, drafts: [say(texts.outOfScope)], outcome: 'declined_out_of_scope' });
    case 'cannot_handle': {
      const again = before.misses > 0;
      const replies = again ? [{ kind: 'say' as const, title: texts.human, value: humanWords }] : [];
      return resumed(turn, {
        ...base,
        drafts: [say(again ? texts.notUnderstoodAgain : texts.notUnderstood, replies)],
        outcome: 'unanswerable_not_understood',
      });
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
        state: { ...state, lastItemId: answer.item.id, lastScenarioIds: [...answer.scenarioIds] },
      };
    }
    case 'clarify': {
      const options = choices(answer.items);
      const replies = asReplies(options);
      const draft = answer.unsure
        ? say(texts.clarifyUnsure, [...replies, { kind: 'say', title: texts.human, value: humanWords }], true)
        : say(texts.clarify, replies, true);
      return { ...base, drafts: [draft], outcome: 'clarified', state: { ...state, options } };
    }
    case 'not_found': {
      const human = { kind: 'say' as const, title: texts.human, value: humanWords };
      const text = texts.notFound(tools.departmentOf(answer.department), tools.hotline);
      return { ...base, drafts: [say(text, [human])], outcome: 'unanswerable_not_found', reason: answer.department ?? null, state: before };
    }
  }
}

function fromFlow({ tools, texts, filter }: Turn, result: FlowResult, state: DialogueState): Acted {
  const drafts: Draft[] = [];
  const effects: Effect[] = [];
  let lastItemId = state.lastItemId;
  let lastScenarioIds = state.lastScenarioIds;
  for (const message of result.messages) {
    switch (message.kind) {
      case 'say':
        drafts.push(say(message.text));
        break;
      case 'ask': {
        const quickReplies = message.options.map((option) => ({ kind: 'say' as const, ...option }));
        drafts.push({
          text: message.text,
          citations: [],
          quickReplies,
          origin: 'template',
          expectsInput: true,
          ...(message.form ? { form: message.form } : {}),
        });
        break;
      }
      case 'notice': {
        const answer = tools.answerer.noticeOf(message.guide, message.scenarios, texts, filter);
        if (answer) {
          drafts.push(answer);
          lastItemId = message.guide;
          lastScenarioIds = message.scenarios;
        } else drafts.push(say(texts.notFound(undefined, tools.hotline)));
        break;
      }
      case 'handoff':
        effects.push({ type: 'hand_over', reason: message.reason, skill: message.skill, urgency: message.urgency });
        break;
    }
  }
  const outcome: Outcome =
    result.status === 'asking'
      ? 'in_flow'
      : result.status === 'completed'
        ? 'flow_completed'
        : result.status === 'handed_over'
          ? 'handed_over'
          : 'failed_internal';
  return {
    drafts,
    outcome,
    reason: state.flow?.flow ?? result.state?.flow ?? null,
    confidence: 1,
    effects,
    state: { ...state, flow: result.state, lastItemId, lastScenarioIds },
  };
}

/** After a digression the open question of the flow is asked again (随办随问, R-014). */
function resumed({ tools, texts }: Turn, acted: Acted): Acted {
  if (!acted.state.flow?.asking) return acted;
  const asked = tools.engine.ask(acted.state.flow);
  const again = asked.messages.flatMap((message): Draft[] =>
    message.kind === 'ask'
      ? [
          {
            text: `${texts.flowResumes}${message.text}`,
            citations: [],
            quickReplies: message.options.map((option) => ({ kind: 'say' as const, ...option })),
            origin: 'template',
            expectsInput: true,
            ...(message.form ? { form: message.form } : {}),
          },
        ]
      : [],
  );
  return { ...acted, drafts: [...acted.drafts, ...again], state: { ...acted.state, flow: asked.state ?? acted.state.flow, options: [] } };
}

const asReplies = (options: readonly { title: string; value: string }[]) =>
  options.map(({ title, value }) => ({ kind: 'say' as const, title, value }));
const optionsOf = (draft: Draft) =>
  draft.quickReplies.flatMap((reply) => (reply.kind === 'say' ? [{ title: reply.title, value: reply.value }] : []));

function itemDepartment(turn: Turn, state: DialogueState): string | undefined {
  if (state.lastItemId === null) return undefined;
  return turn.tools.answerer.item(state.lastItemId)?.department;
}
