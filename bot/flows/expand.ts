/** Turns a flow as written into one that runs: sub-flows put in place, districts and departments filled in, a wording chosen. */
import type { Flow, Slot, Step } from './flow.ts';
import { type ChannelKind, type Condition, channelKinds, type FlowSource, type SlotSource, type StepSource } from './schema.ts';
import { renamePlaceholders } from './text.ts';
import { worded } from './wording.ts';

/** Sub-flows inside sub-flows beyond this are refused by the checker. */
export const MAX_DEPTH = 3;

export interface FlowSurroundings {
  readonly flows?: readonly FlowSource[];
  /** Districts of the city, by name. */
  readonly districts?: readonly string[];
  readonly departments?: readonly { readonly id: string; readonly name: string }[];
}

/** The runnable flow, with its other wordings. The source must have passed `checkFlow`: unknown sub-flows are left out. */
export function expandFlow(source: FlowSource, around: FlowSurroundings = {}): Flow {
  const flow = expanded(source, around, undefined, 0);
  const texts = JSON.stringify(flow);
  const wordings = channelKinds.flatMap((kind) => {
    const own = expanded(source, around, kind, 0);
    return JSON.stringify(own) === texts ? [] : [[kind, own] as const];
  });
  return wordings.length === 0 ? flow : { ...flow, wordings: Object.fromEntries(wordings) };
}

function expanded(source: FlowSource, around: FlowSurroundings, channel: ChannelKind | undefined, depth: number): Flow {
  const slots: Record<string, Slot> = {};
  for (const [id, slot] of Object.entries(source.slots)) slots[id] = runnableSlot(slot, around.districts ?? [], channel);
  const steps: Step[] = [];
  let { version } = source;
  for (const [index, step] of source.steps.entries()) {
    if (!('flow' in step)) {
      steps.push(runnableStep(step, around, channel));
      continue;
    }
    const sub = around.flows?.find((one) => one.id === step.flow.flow);
    if (step.id !== undefined) steps.push(anchor(step.id));
    if (!sub || depth >= MAX_DEPTH) continue;
    const inner = expanded(sub, around, channel, depth + 1);
    // Raised with every change of a sub-flow too, so that conversations under way are carried over.
    version += inner.version;
    for (const [id, slot] of Object.entries(inner.slots)) slots[`${sub.id}.${id}`] = slot;
    for (const [id, text] of Object.entries(step.flow.with)) steps.push({ give: `${sub.id}.${id}`, text });
    const after = `${index}/after`;
    steps.push(...inner.steps.map((one) => moved(one, sub.id, `${index}/`, after)), anchor(after));
  }
  return { ...source, version, slots, steps };
}

/** A place to jump to that does nothing. */
const anchor = (id: string): Step => ({ id, branch: [] });

/** A step of a sub-flow inside its caller: names get the sub-flow's id in front, its end leads on in the caller. */
function moved(step: Step, flow: string, place: string, after: string): Step {
  const at = (id: string) => `${place}${id}`;
  const slot = (id: string) => `${flow}.${id}`;
  const text = (words: string) => renamePlaceholders(words, slot);
  const id = step.id === undefined ? {} : { id: at(step.id) };
  if ('end' in step) return { ...id, goto: after };
  if ('goto' in step) return { ...id, goto: at(step.goto) };
  if ('collect' in step) return { ...id, collect: slot(step.collect) };
  if ('say' in step) return { ...id, say: text(step.say) };
  if ('give' in step) return { ...id, give: slot(step.give), text: text(step.text) };
  if ('handoff' in step) return { ...id, handoff: { ...step.handoff, reason: text(step.handoff.reason) } };
  if ('answer' in step) return { ...id, answer: 'item' in step.answer ? step.answer : { question: text(step.answer.question) } };
  if ('call' in step) {
    const args = Object.fromEntries(Object.entries(step.with).map(([name, words]) => [name, text(words)]));
    return { ...id, call: step.call, with: args, into: slot(step.into) };
  }
  if ('branch' in step) {
    const branch = step.branch.map((one) => ({ when: movedCondition(one.when, slot), to: at(one.to) }));
    return { ...id, branch, ...(step.else === undefined ? {} : { else: at(step.else) }) };
  }
  const scenarios = (one: string[] | { fromSlot: string }) => (Array.isArray(one) ? one : { fromSlot: slot(one.fromSlot) });
  if (!('guides' in step.notice)) return { ...id, notice: { ...step.notice, scenarios: scenarios(step.notice.scenarios) } };
  const guides = step.notice.guides.map((one) => ({
    ...one,
    scenarios: scenarios(one.scenarios),
    ...(one.when === undefined ? {} : { when: movedCondition(one.when, slot) }),
  }));
  return { ...id, notice: { ...step.notice, title: text(step.notice.title), guides } };
}

function movedCondition(condition: Condition, slot: (id: string) => string): Condition {
  if ('all' in condition) return { all: condition.all.map((one) => movedCondition(one, slot)) };
  if ('any' in condition) return { any: condition.any.map((one) => movedCondition(one, slot)) };
  if ('not' in condition) return { not: movedCondition(condition.not, slot) };
  return { ...condition, slot: slot(condition.slot) };
}

/** A question as it is asked in a city with these districts. */
export function runnableSlot(slot: SlotSource, districts: readonly string[], channel?: ChannelKind): Slot {
  const { ask, help, purpose, ...rest } = slot;
  const words = {
    ask: worded(ask, channel),
    ...(help === undefined ? {} : { help: worded(help, channel) }),
    ...(purpose === undefined ? {} : { purpose: worded(purpose, channel) }),
  };
  if (rest.type !== 'district') return { ...rest, ...words };
  const options = districts.map((name) => ({ value: name, label: name, synonyms: shortNames(name) }));
  return { ...rest, ...words, type: 'choice', options, district: true };
}

/** 东澜区 is also called 东澜. */
function shortNames(district: string): string[] {
  const short = district.replace(/(?:新区|区|县|市|旗)$/u, '');
  return short.length >= 2 && short !== district ? [short] : [];
}

function runnableStep(step: Exclude<StepSource, { flow: unknown }>, around: FlowSurroundings, channel: ChannelKind | undefined): Step {
  if ('say' in step) return { ...step, say: worded(step.say, channel) };
  if (!('notice' in step) || !('guides' in step.notice) || step.notice.lead === undefined) return step;
  const { lead } = step.notice;
  return { ...step, notice: { ...step.notice, lead: around.departments?.find((one) => one.id === lead)?.name ?? lead } };
}
