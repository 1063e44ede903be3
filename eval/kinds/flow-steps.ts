/** Which steps of a flow a reply shows: what is asked, said, listed, handed over and ended. Branches and jumps are seen by what follows. */
import { type Flow, guidesOf } from '../../bot/flows/flow.ts';
import { plainText } from '../../bot/render.ts';
import type { Heard } from '../talk.ts';

type Step = Flow['steps'][number];

const stepId = (flow: Flow, i: number): string => `${flow.id}/${i + 1}`;

const observable = (step: Step): boolean => 'say' in step || 'collect' in step || 'notice' in step || 'handoff' in step || 'end' in step;

/** Ids of all steps that can be seen from outside. */
export function observableSteps(flows: readonly Flow[]): string[] {
  return flows.flatMap((flow) => flow.steps.flatMap((step, i) => (observable(step) ? [stepId(flow, i)] : [])));
}

/** What a step is about, for people who look for one that is never reached. */
export function stepWords(flows: readonly Flow[], id: string): string {
  const at = id.lastIndexOf('/');
  const step = flows.find((flow) => flow.id === id.slice(0, at))?.steps[Number(id.slice(at + 1)) - 1];
  if (!step) return id;
  if ('collect' in step) return `${id} collect ${step.collect}`;
  if ('say' in step) return `${id} say ${step.say.replace(/\s+/g, ' ').slice(0, 40)}`;
  if ('notice' in step)
    return `${id} notice ${guidesOf(step.notice)
      .map(({ guide }) => guide)
      .join(', ')}`;
  return `${id} ${'handoff' in step ? 'handoff' : 'end'}`;
}

/** Ids of the steps this turn went through. */
export function seenSteps(flows: readonly Flow[], heard: Heard, before: Heard['state'] | undefined): string[] {
  const id = heard.state.flow?.flow ?? before?.flow?.flow ?? startedBy(heard);
  const flow = flows.find((one) => one.id === id);
  return flow ? flow.steps.flatMap((step, i) => (isSeen(flow, step, heard) ? [stepId(flow, i)] : [])) : [];
}

function startedBy(heard: Heard): string | undefined {
  const command = (heard.turn.commands as Record<string, unknown>[]).find((one) => one.type === 'start_flow');
  return typeof command?.flow === 'string' ? command.flow : undefined;
}

function isSeen(flow: Flow, step: Step, { state, turn, text, events }: Heard): boolean {
  if ('collect' in step) return state.flow?.asking === step.collect || state.flow?.slots[step.collect] !== undefined;
  // A channel without Markdown shows the words without their marks.
  if ('say' in step) return literals(plainText(step.say)).every((part) => plainText(text).includes(part));
  if ('notice' in step) return guidesOf(step.notice).some(({ guide }) => turn.citations.some((id) => id.startsWith(`${guide}#`)));
  if ('handoff' in step) return turn.outcome === 'handed_over' || events.some((event) => event.name === 'handoff.initiate');
  return 'end' in step && turn.outcome === 'flow_completed' && turn.reason === flow.id;
}

/** What stands between the placeholders of a text. */
const literals = (text: string): string[] =>
  text
    .split(/\{[^}]*\}/)
    .map((part) => part.trim())
    .filter((part) => part.length > 1);
