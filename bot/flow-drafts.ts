/** Runs the commands that belong to guided flows and puts what the engine says into drafts. */
import type { SearchFilter } from '../knowledge/index/types.ts';
import { titleOf } from '../knowledge/item.ts';
import type { Acted, ActTools, Effect } from './act.ts';
import { type Draft, type QuickReply, say } from './answer/draft.ts';
import { noticeDraft } from './answer/notice-draft.ts';
import type { DialogueState } from './dialogue-state.ts';
import type { FlowCommand, FlowContext, FlowResult, FlowState } from './flows/engine.ts';
import type { FlowMessage } from './flows/messages.ts';
import type { Matter, NoticeMessage } from './flows/notices.ts';
import type { Outcome } from './outcome.ts';
import type { Texts } from './texts.ts';
import type { Command } from './understand/commands.ts';
import { windowWords } from './window/wish.ts';

/** What of a turn flows need. */
export interface FlowTurn {
  readonly tools: Pick<ActTools, 'answerer' | 'engine' | 'hotline' | 'noticeLink'>;
  readonly texts: Texts;
  readonly filter: SearchFilter;
  /** Where the citizen writes: some texts of a flow differ by channel. */
  readonly channel?: string | undefined;
  /** What the channel knows of the citizen (`conversations.profile`). */
  readonly profile?: Readonly<Record<string, unknown>> | undefined;
}

/** What is said around notices and answers. */
const words = {
  printable: '可打印的清单',
  nothingToDo: '按您说的情况，没有要办的事了。',
  beingUpdated: (hotline: string) => `还有一项的办事指南正在更新，我先不说，免得说错。请打 **${hotline}** 问，或者点“转人工”。`,
};

/** Begins a flow. */
export async function flowStarted(turn: FlowTurn, command: Extract<Command, { type: 'start_flow' }>, state: DialogueState): Promise<Acted> {
  const { engine } = turn.tools;
  const begun = engine.flows.find(({ id }) => id === command.flow);
  const result = await engine.start(command.flow, { ...command.slots }, contextOf(turn, state));
  // Another flow begins: what was open before is not what ended.
  return flowReply(turn, result, state, begun && { flow: begun.id, version: begun.version, startedAt: 0 });
}

/** Goes on with the open flow. */
export async function flowContinued(
  turn: FlowTurn,
  commands: readonly FlowCommand[],
  flow: FlowState,
  state: DialogueState,
): Promise<Acted> {
  return flowReply(turn, await turn.tools.engine.input(flow, commands, contextOf(turn, state)), state);
}

/** What earlier flows learnt counts more than what the channel knows: the citizen said it here. */
function contextOf({ channel, profile }: FlowTurn, state: DialogueState): FlowContext {
  return { channel, profile: { ...profile, ...state.facts } };
}

/** The open question of a flow as a draft; `lead` comes before it. */
export function questionDraft(message: Extract<FlowMessage, { kind: 'ask' }>, lead = ''): Draft {
  return {
    text: `${lead}${message.text}`,
    citations: [],
    quickReplies: message.options.map((option) => ({ kind: 'say' as const, ...option })),
    origin: 'template',
    expectsInput: true,
    ...(message.form ? { form: message.form } : {}),
  };
}

const outcomes: Record<FlowResult['status'], Outcome> = {
  asking: 'in_flow',
  completed: 'flow_completed',
  handed_over: 'handed_over',
  failed: 'failed_internal',
};

async function flowReply(
  turn: FlowTurn,
  result: FlowResult,
  state: DialogueState,
  flow?: Pick<FlowState, 'flow' | 'version' | 'startedAt'>,
): Promise<Acted> {
  const drafts: Draft[] = [];
  const effects: Effect[] = [];
  const matters: Matter[] = [];
  let about: Pick<DialogueState, 'lastItemId' | 'lastScenarioIds'> = state;
  for (const message of result.messages) {
    switch (message.kind) {
      case 'say':
        drafts.push(say(message.text));
        break;
      case 'ask':
        drafts.push(questionDraft(message));
        break;
      case 'notice': {
        const [first] = message.matters;
        matters.push(...message.matters);
        drafts.push(...noticeDrafts(turn, message));
        // A question that follows (那要多久) is about the matter just told; of several told as one it would be a guess.
        if (first && message.matters.length === 1) about = { lastItemId: first.guide, lastScenarioIds: [...first.scenarios] };
        break;
      }
      case 'answer':
        drafts.push(await answerDraft(turn, message.ask, result.status === 'asking'));
        break;
      case 'handoff':
        effects.push({ type: 'hand_over', reason: message.reason, skill: message.skill, urgency: message.urgency });
        break;
    }
  }
  const { lastItemId, lastScenarioIds } = about;
  const ended = endedBy(result, state, matters, flow);
  return {
    drafts: ended === null || matters.length === 0 ? linksLast(drafts) : withWindowCode(linksLast(drafts), turn.texts),
    outcome: outcomes[result.status],
    reason: state.flow?.flow ?? result.state?.flow ?? null,
    confidence: 1,
    effects,
    state: {
      ...state,
      flow: result.state,
      ended: ended ?? state.ended,
      lastItemId,
      lastScenarioIds,
      facts: { ...state.facts, ...result.facts },
    },
  };
}

/** A flow that was gone through, as it stood at its end. */
function endedBy(
  { status, answers }: FlowResult,
  { flow: before }: DialogueState,
  matters: readonly Matter[],
  begun: Pick<FlowState, 'flow' | 'version' | 'startedAt'> | undefined,
): DialogueState['ended'] {
  const flow = begun ?? before;
  if (status !== 'completed' || !flow || !answers) return null;
  const { flow: id, version, startedAt } = flow;
  const kept = matters.map(({ guide, scenarios }) => ({ guide, scenarios: [...scenarios] }));
  return { flow: { flow: id, version, startedAt, step: 0, slots: answers, asking: null, attempts: 0 }, matters: kept };
}

/** What was told may be taken along to a window. */
const withWindowCode = (drafts: readonly Draft[], { windowCode }: Texts): Draft[] =>
  drafts.map((draft, i) =>
    i === drafts.length - 1
      ? { ...draft, quickReplies: [...draft.quickReplies, { kind: 'say' as const, title: windowCode, value: windowWords }] }
      : draft,
  );

/** Clients show the buttons of the last message only: links of those before it go there too. */
function linksLast(drafts: readonly Draft[]): Draft[] {
  const last = drafts.length - 1;
  const isLink = (reply: QuickReply) => reply.kind === 'open';
  const earlier = drafts.slice(0, last).flatMap((draft) => draft.quickReplies.filter(isLink));
  return drafts.map((draft, i) => {
    if (i === last) return { ...draft, quickReplies: [...draft.quickReplies, ...earlier] };
    return { ...draft, quickReplies: draft.quickReplies.filter((reply) => !isLink(reply)) };
  });
}

/** 一次性告知, with the address of its printable page where there is one. */
function noticeDrafts({ tools, texts, filter }: FlowTurn, message: NoticeMessage): Draft[] {
  const { matters, title, reference, district } = message;
  const url = tools.noticeLink?.(reference);
  const printable = url === undefined ? [] : [{ kind: 'open' as const, title: words.printable, url }];
  const linked = (draft: Draft): Draft => ({ ...draft, quickReplies: [...printable, ...draft.quickReplies] });
  const [only] = matters;
  if (title === undefined) {
    const draft = only && tools.answerer.noticeOf(only.guide, only.scenarios, texts, filter, district);
    return [draft ? linked(draft) : say(texts.notFound(undefined, tools.hotline))];
  }
  if (!only) return [say(words.nothingToDo)];
  const notice = tools.answerer.notice(message, filter);
  if (!notice) return [say(texts.notFound(undefined, tools.hotline))];
  const told = new Set(notice.matters.map(({ guide }) => guide.id));
  const missing = matters.some(({ guide }) => !told.has(guide));
  return [say(`**${title}**`), linked(noticeDraft(notice, texts)), ...(missing ? [say(words.beingUpdated(tools.hotline))] : [])];
}

/** What the knowledge base says; inside an open flow only its links can be pressed, the other buttons belong to the question. */
async function answerDraft(
  { tools, texts, filter }: FlowTurn,
  ask: { item: string } | { question: string },
  goesOn: boolean,
): Promise<Draft> {
  const item = 'item' in ask ? tools.answerer.item(ask.item) : undefined;
  const query = 'question' in ask ? ask.question : item ? titleOf(item) : '';
  const found = await tools.answerer.find(query, filter);
  const answer = item
    ? tools.answerer.answerFrom(item.id, query, found, texts, filter)
    : tools.answerer.answer(query, await tools.answerer.ordered(query, found), texts, filter);
  if (answer.kind !== 'answered') return say(texts.notFound(undefined, tools.hotline));
  const { draft } = answer;
  return goesOn ? { ...draft, quickReplies: draft.quickReplies.filter((reply) => reply.kind === 'open') } : draft;
}
