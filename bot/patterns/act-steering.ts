/** Executes the steering commands: what was asked, go on, start over, no more messages, none of these. */
import type { Acted } from '../act.ts';
import { type Draft, say } from '../answer/draft.ts';
import type { DialogueState } from '../dialogue-state.ts';
import { type FlowTurn, flowStarted, questionDraft } from '../flow-drafts.ts';
import { humanWords } from '../render.ts';
import type { Texts } from '../texts.ts';
import type { Command } from '../understand/commands.ts';
import { reopened } from './pause.ts';

export type SteeringCommand = Extract<
  Command,
  { type: 'recall_question' | 'resume_flow' | 'restart_flow' | 'stop_messages' | 'none_of_these' }
>;
const steeringTypes: ReadonlySet<string> = new Set<SteeringCommand['type']>([
  'recall_question',
  'resume_flow',
  'restart_flow',
  'stop_messages',
  'none_of_these',
]);
export const isSteering = (command: Command): command is SteeringCommand => steeringTypes.has(command.type);

/** What is said and where the conversation stands after it. `before`: the state before the turn, with what was offered. */
export async function steered(turn: FlowTurn, command: SteeringCommand, state: DialogueState, before: DialogueState): Promise<Acted> {
  const { texts } = turn;
  const base = { drafts: [], reason: command.type, confidence: 1, state, effects: [] };
  switch (command.type) {
    case 'recall_question': {
      const question = openQuestion(turn, state, texts.questionWas);
      if (question) return { ...base, drafts: [question], outcome: 'in_flow' };
      if (before.options.length === 0) return { ...base, drafts: [say(texts.nothingAsked)], outcome: 'small_talk' };
      const replies = before.options.map(({ title, value }) => ({ kind: 'say' as const, title, value }));
      return {
        ...base,
        drafts: [say(`${texts.questionWas}${texts.clarify}`, replies, true)],
        outcome: 'clarified',
        state: { ...state, options: before.options },
      };
    }
    case 'resume_flow': {
      const open = reopened(state);
      const question = openQuestion(turn, open, `${texts.resumes(flowName(turn, open))}\n`);
      if (question) return { ...base, drafts: [question], outcome: 'in_flow', state: open };
      return { ...base, drafts: [say(texts.nothingToResume)], outcome: 'small_talk', state: { ...state, paused: null } };
    }
    case 'restart_flow': {
      const { flow } = reopened(state);
      if (!flow) return { ...base, drafts: [say(texts.nothingToResume)], outcome: 'small_talk' };
      return flowStarted(turn, { type: 'start_flow', flow: flow.flow, slots: {} }, { ...state, flow: null, paused: null });
    }
    case 'stop_messages':
      return { ...base, drafts: [say(texts.stopped)], outcome: 'small_talk', state: { ...state, quiet: true } };
    case 'none_of_these': {
      const human = { kind: 'say' as const, title: texts.human, value: humanWords };
      return { ...base, drafts: [say(texts.noneChosen, [human], true)], outcome: 'clarified' };
    }
  }
}

/** 昨天办到一半: where the flow stands that was put aside, with go on and start over; undefined when it can't be taken up any more. */
export function resumeOffer(turn: FlowTurn, state: DialogueState): Draft | undefined {
  if (state.flow || !state.paused) return undefined;
  const open = reopened(state);
  const question = openQuestion(turn, open, '');
  if (!question) return undefined;
  const { texts } = turn;
  const reply = (title: string) => ({ kind: 'say' as const, title, value: title });
  return say(
    texts.resumeOffer(flowName(turn, open), question.text.split('\n')[0] ?? ''),
    [reply(texts.resumeGo), reply(texts.resumeRestart)],
    true,
  );
}

/** The open question of the flow the state is in, after `lead`. */
export function openQuestion({ tools, channel }: FlowTurn, state: DialogueState, lead: string): Draft | undefined {
  if (!state.flow?.asking) return undefined;
  const asked = tools.engine.ask(state.flow, { channel });
  const message = asked.messages.find((one) => one.kind === 'ask');
  return message?.kind === 'ask' ? questionDraft(message, lead) : undefined;
}

function flowName({ tools }: FlowTurn, { flow }: DialogueState): string {
  return tools.engine.flowOf(flow)?.name ?? '';
}

/** The choices of a question which one is meant, with “none of these” as the last. */
export function withNone<T extends { title: string; value: string }>(
  options: readonly T[],
  { noneOfThese }: Texts,
): (T | { title: string; value: string })[] {
  return noneOfThese === '' ? [...options] : [...options, { title: noneOfThese, value: noneOfThese }];
}
