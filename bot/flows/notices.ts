/** What a notice step comes to for what is known: which guides, in which situation, in which district. */
import { holds } from './conditions.ts';
import { type Flow, guidesOf, type NoticeStep } from './flow.ts';
import type { Condition } from './schema.ts';
import { fillText, placeholders } from './text.ts';
import { SKIPPED, type SlotValue } from './values.ts';

export interface Matter {
  readonly guide: string;
  readonly scenarios: readonly string[];
}

/** 一次性告知. `title` is there when several guides are told as one. */
export interface NoticeMessage {
  readonly kind: 'notice';
  readonly title?: string;
  /** Name of the 牵头部门. */
  readonly lead?: string;
  readonly matters: readonly Matter[];
  /** Where the citizen is: its hall comes first. */
  readonly district?: string;
  readonly reference: NoticeReference;
}

/** From this the same notice can be made again later. Holds answers to choices, yes/no, numbers and dates only: nothing typed freely. */
export interface NoticeReference {
  readonly flow: string;
  /** Which notice step of the flow, from 0. */
  readonly nth: number;
  readonly answers: Readonly<Record<string, SlotValue>>;
}

type Known = Readonly<Record<string, SlotValue>>;

/** The notice of a step; guides whose condition does not hold are left out. */
export function noticeMessage(flow: Flow, step: NoticeStep, known: Known): NoticeMessage {
  const { notice } = step;
  const district = districtIn(flow, known);
  const merged = 'guides' in notice;
  return {
    kind: 'notice',
    ...(merged ? { title: fillText(flow, notice.title, known) } : {}),
    ...(merged && notice.lead !== undefined ? { lead: notice.lead } : {}),
    matters: guidesOf(notice)
      .filter((one) => one.when === undefined || holds(one.when, known))
      .map((one) => ({ guide: one.guide, scenarios: scenariosFor(one.scenarios, known) })),
    ...(district === undefined ? {} : { district }),
    reference: { flow: flow.id, nth: noticeSteps(flow).indexOf(step), answers: neededBy(flow, step, known) },
  };
}

/** The notice a reference means; undefined when the flow has no such notice any more. */
export function noticeAgain(flow: Flow, reference: NoticeReference): NoticeMessage | undefined {
  const step = noticeSteps(flow)[reference.nth];
  return step && noticeMessage(flow, step, reference.answers);
}

function noticeSteps(flow: Flow): NoticeStep[] {
  return flow.steps.filter((step): step is NoticeStep => 'notice' in step);
}

function scenariosFor(scenarios: string[] | { fromSlot: string }, known: Known): string[] {
  if (Array.isArray(scenarios)) return [...scenarios];
  const value = known[scenarios.fromSlot];
  return typeof value === 'string' && value !== SKIPPED ? [value] : [];
}

function districtIn(flow: Flow, known: Known): string | undefined {
  const [value] = Object.entries(flow.slots).flatMap(([id, slot]) =>
    slot.type === 'choice' && slot.district && typeof known[id] === 'string' && known[id] !== SKIPPED ? [known[id]] : [],
  );
  return value;
}

/** The answers the notice depends on. */
function neededBy(flow: Flow, { notice }: NoticeStep, known: Known): Record<string, SlotValue> {
  const guides = guidesOf(notice);
  const names = new Set([
    ...guides.flatMap(({ scenarios, when }) => [
      ...(Array.isArray(scenarios) ? [] : [scenarios.fromSlot]),
      ...(when === undefined ? [] : slotsIn(when)),
    ]),
    ...('guides' in notice ? placeholders(notice.title) : []),
    ...Object.entries(flow.slots).flatMap(([id, slot]) => (slot.type === 'choice' && slot.district ? [id] : [])),
  ]);
  return Object.fromEntries(
    [...names].sort().flatMap((name) => {
      const value = Object.hasOwn(known, name) ? known[name] : undefined;
      const slot = Object.hasOwn(flow.slots, name) ? flow.slots[name] : undefined;
      const free = slot !== undefined && (slot.sensitive || slot.type === 'text' || slot.type === 'phone');
      return value === undefined || free ? [] : [[name, value] as const];
    }),
  );
}

/** The slots a condition looks at. */
export function slotsIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(slotsIn);
  if ('any' in condition) return condition.any.flatMap(slotsIn);
  if ('not' in condition) return slotsIn(condition.not);
  return [condition.slot];
}
