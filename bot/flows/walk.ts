/** One deterministic walk through a flow with the answers given so far. Every turn walks from the first step. */
import type { FlowBackends } from './backends.ts';
import { holds } from './conditions.ts';
import { reachableFrom, stepIndex } from './graph.ts';
import { type FlowMessage, flowTexts } from './messages.ts';
import type { Flow, Step } from './schema.ts';
import { fillArgument, fillText } from './text.ts';
import type { SlotValue } from './values.ts';

/** More executed steps than this in one walk is a loop. */
export const MAX_STEPS = 100;

/** The field of a call's result that remembers which call gave it: the same call is never made twice in a conversation. */
const CALL_MARK = '$call';

export interface Walk {
  /** Why the walk stopped. */
  readonly stop: 'asking' | 'completed' | 'handed_over' | 'failed';
  /** The step it stopped at. */
  readonly step: number;
  readonly messages: FlowMessage[];
  /** Slots asked on this path and results of its calls. A slot off the path has no influence. */
  readonly known: Record<string, SlotValue>;
  /** `known` and the answers that may still be asked for further on; everything else no longer applies. */
  readonly kept: Record<string, SlotValue>;
}

type Call = FlowBackends['call'];

/**
 * Walks until a question is open or the flow is over. A collect step whose answer is in `answers` is passed; a call whose result
 * is in `answers` is not made again. Back-end failures end the flow with an honest message; never throws.
 */
export async function walk(flow: Flow, answers: Readonly<Record<string, SlotValue>>, call: Call): Promise<Walk> {
  const known: Record<string, SlotValue> = {};
  const messages: FlowMessage[] = [];
  const stopAt = (stop: Walk['stop'], step: number): Walk => ({ stop, step, messages, known, kept: keep(flow, answers, known, step) });
  let index = 0;
  for (let executed = 0; executed < MAX_STEPS; executed += 1) {
    const step = flow.steps[index];
    if (step === undefined || 'end' in step) return stopAt('completed', index);
    if ('collect' in step) {
      const value = Object.hasOwn(answers, step.collect) ? answers[step.collect] : undefined;
      if (value === undefined) return stopAt('asking', index);
      known[step.collect] = value;
    } else if ('say' in step) messages.push({ kind: 'say', text: fillText(flow, step.say, known) });
    else if ('notice' in step) messages.push(noticeOf(step, known));
    else if ('handoff' in step) {
      const { reason, skill, urgency } = step.handoff;
      messages.push({ kind: 'handoff', reason: fillText(flow, reason, known), skill, urgency });
      return stopAt('handed_over', index);
    } else if ('call' in step) {
      const failure = await runCall(step, answers, known, call);
      if (failure !== undefined) {
        messages.push({ kind: 'say', text: flowTexts.backendFailed(failure) });
        return stopAt('completed', index);
      }
    }
    const next = nextOf(flow, step, index, known);
    if (next === undefined) return stopAt('failed', index);
    index = next;
  }
  return stopAt('failed', index);
}

/** Index of the next step; undefined when it names a step that is not there. */
function nextOf(flow: Flow, step: Step, index: number, known: Readonly<Record<string, SlotValue>>): number | undefined {
  const target =
    'goto' in step ? step.goto : 'branch' in step ? (step.branch.find((one) => holds(one.when, known))?.to ?? step.else) : undefined;
  return target === undefined ? index + 1 : stepIndex(flow, target);
}

function noticeOf(step: Extract<Step, { notice: unknown }>, known: Readonly<Record<string, SlotValue>>): FlowMessage {
  const { guide, scenarios } = step.notice;
  if (Array.isArray(scenarios)) return { kind: 'notice', guide, scenarios: [...scenarios] };
  const value = known[scenarios.fromSlot];
  return { kind: 'notice', guide, scenarios: typeof value === 'string' && value !== '' ? [value] : [] };
}

/** Makes the call, or takes its earlier result, into `known`; returns what to tell the citizen when it failed. */
async function runCall(
  step: Extract<Step, { call: string }>,
  answers: Readonly<Record<string, SlotValue>>,
  known: Record<string, SlotValue>,
  call: Call,
): Promise<string | undefined> {
  const args = Object.fromEntries(Object.entries(step.with).map(([name, text]) => [name, fillArgument(text, known)]));
  const prefix = `${step.into}.`;
  const mark = `${prefix}${CALL_MARK}`;
  const signature = JSON.stringify([step.call, args]);
  if (answers[mark] === signature) {
    for (const [name, value] of Object.entries(answers)) if (name.startsWith(prefix)) known[name] = value;
    return undefined;
  }
  const result = await call(step.call, args).catch(() => ({ ok: false as const, message: flowTexts.backendSilent }));
  if (!result.ok) return result.message;
  known[mark] = signature;
  for (const [name, value] of Object.entries(result.values)) known[`${prefix}${name}`] = value;
  return undefined;
}

function keep(
  flow: Flow,
  answers: Readonly<Record<string, SlotValue>>,
  known: Record<string, SlotValue>,
  from: number,
): Record<string, SlotValue> {
  const kept = { ...known };
  for (const index of reachableFrom(flow, from)) {
    const step = flow.steps[index];
    const slot = step && 'collect' in step ? step.collect : undefined;
    const value = slot !== undefined && Object.hasOwn(answers, slot) ? answers[slot] : undefined;
    if (slot !== undefined && value !== undefined) kept[slot] = value;
  }
  return kept;
}
