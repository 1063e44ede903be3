/** One deterministic walk through a flow with the answers given so far. Every turn walks from the first step. */
import type { FlowBackends } from './backends.ts';
import { holds } from './conditions.ts';
import type { Flow, Step } from './flow.ts';
import { reachableFrom, stepIndex } from './graph.ts';
import { type FlowMessage, flowTexts } from './messages.ts';
import { noticeMessage } from './notices.ts';
import { fillArgument, fillText } from './text.ts';
import { SKIPPED, type SlotValue } from './values.ts';

/** The field of a call's result that remembers which call gave it: the same call is never made twice in a conversation. */
const CALL_MARK = '$call';
/** The mark of an answer that was taken over, not asked. */
const PREFILLED = '.$prefilled';

/** The key under which an answer is marked as taken over from elsewhere. */
export const prefillMark = (slot: string): string => `${slot}${PREFILLED}`;

export interface Walk {
  /** Why the walk stopped. */
  readonly stop: 'asking' | 'completed' | 'handed_over' | 'failed';
  /** The step it stopped at. */
  readonly step: number;
  readonly messages: FlowMessage[];
  /** Slots asked on this path and results of its calls. A slot off the path has no influence. */
  readonly known: Record<string, SlotValue>;
  /** Answers and call results of this path, and answers that may still be asked for further on; everything else no longer applies. */
  readonly kept: Record<string, SlotValue>;
  /** Values given to a sub-flow on this path: they follow the caller's answers, so every walk works them out anew. */
  readonly given: Record<string, SlotValue>;
}

export interface WalkTools {
  readonly call: FlowBackends['call'];
  /** Reads text as a slot's value; undefined when it can't be read. */
  readonly read: (slot: string, raw: string) => SlotValue | undefined;
}

type Values = Record<string, SlotValue>;

/**
 * Walks until a question is open or the flow is over. A collect step whose answer is in `answers` is passed; a call whose result
 * is in `answers` is not made again. Back-end failures end the flow with an honest message; never throws. Jumps lead down only, so
 * more steps than the flow has is a loop and fails.
 */
export async function walk(flow: Flow, answers: Readonly<Values>, tools: WalkTools): Promise<Walk> {
  const known: Values = {};
  const kept: Values = {};
  const given: Values = {};
  const messages: FlowMessage[] = [];
  const stopAt = (stop: Walk['stop'], step: number): Walk => ({
    stop,
    step,
    messages,
    known,
    given,
    kept: keep(flow, answers, kept, step),
  });
  let index = 0;
  for (let executed = 0; executed <= flow.steps.length; executed += 1) {
    const step = flow.steps[index];
    if (step === undefined || 'end' in step) return stopAt('completed', index);
    if ('collect' in step) {
      const id = step.collect;
      const value = own(answers, id) ?? own(given, id);
      if (value === undefined) return stopAt('asking', index);
      const slot = own(flow.slots, id);
      known[id] = value === SKIPPED ? (slot?.default ?? SKIPPED) : value;
      const prefilled = own(answers, prefillMark(id)) !== undefined && own(kept, id) === undefined;
      if (prefilled && slot) messages.push({ kind: 'say', text: flowTexts.prefilled(slot, value) });
      Object.assign(kept, keptOf(answers, id));
    } else if ('give' in step) {
      const raw = fillArgument(step.text, known);
      const value = raw === '' ? undefined : tools.read(step.give, raw);
      if (value !== undefined) given[step.give] = value;
    } else if ('say' in step) messages.push({ kind: 'say', text: fillText(flow, step.say, known) });
    else if ('notice' in step) messages.push(noticeMessage(flow, step, known));
    else if ('answer' in step) {
      const { answer } = step;
      messages.push({ kind: 'answer', ask: 'item' in answer ? answer : { question: fillText(flow, answer.question, known) } });
    } else if ('handoff' in step) {
      const { reason, skill, urgency } = step.handoff;
      messages.push({ kind: 'handoff', reason: fillText(flow, reason, known), skill, urgency });
      return stopAt('handed_over', index);
    } else if ('call' in step) {
      const result = await resultOf(step, answers, known, tools.call);
      if (!result.ok) {
        messages.push({ kind: 'say', text: flowTexts.backendFailed(result.message) });
        return stopAt('completed', index);
      }
      Object.assign(known, result.values);
      Object.assign(kept, result.values);
    }
    const next = nextOf(flow, step, index, known);
    if (next === undefined) return stopAt('failed', index);
    index = next;
  }
  return stopAt('failed', index);
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Index of the next step; undefined when it names a step that is not there. */
function nextOf(flow: Flow, step: Step, index: number, known: Readonly<Values>): number | undefined {
  const target =
    'goto' in step ? step.goto : 'branch' in step ? (step.branch.find((one) => holds(one.when, known))?.to ?? step.else) : undefined;
  return target === undefined ? index + 1 : stepIndex(flow, target);
}

/** Makes the call, or takes its earlier result; a refusal's message is for the citizen. */
async function resultOf(
  step: Extract<Step, { call: string }>,
  answers: Readonly<Values>,
  known: Readonly<Values>,
  call: FlowBackends['call'],
): Promise<{ ok: true; values: Values } | { ok: false; message: string }> {
  const args = Object.fromEntries(Object.entries(step.with).map(([name, text]) => [name, fillArgument(text, known)]));
  const prefix = `${step.into}.`;
  const mark = `${prefix}${CALL_MARK}`;
  const signature = JSON.stringify([step.call, args]);
  if (own(answers, mark) === signature)
    return { ok: true, values: Object.fromEntries(Object.entries(answers).filter(([name]) => name.startsWith(prefix))) };
  const result = await call(step.call, args).catch(() => ({ ok: false as const, message: flowTexts.backendSilent }));
  if (!result.ok) return result;
  const fields = Object.entries(result.values).map(([name, value]) => [`${prefix}${name}`, value] as const);
  return { ok: true, values: { [mark]: signature, ...Object.fromEntries(fields) } };
}

/** An answer and its mark. */
function keptOf(answers: Readonly<Values>, slot: string): Values {
  const found = [slot, prefillMark(slot)].flatMap((name) => {
    const value = own(answers, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

function keep(flow: Flow, answers: Readonly<Values>, kept: Readonly<Values>, from: number): Values {
  const all = { ...kept };
  for (const index of reachableFrom(flow, from)) {
    const step = flow.steps[index];
    if (step && 'collect' in step) Object.assign(all, keptOf(answers, step.collect));
  }
  return all;
}
