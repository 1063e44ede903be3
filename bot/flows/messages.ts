/** What the engine says, before the turn renders it for a channel. */

import type { Flow, Slot } from './flow.ts';
import { type AdaptiveCardForm, MAX_FORM_INPUTS, slotForm } from './form.ts';
import type { NoticeMessage } from './notices.ts';
import { displayValue, type SlotValue } from './values.ts';

export type FlowMessage =
  | { kind: 'say'; text: string }
  /** `options` are quick replies: pressing one sends `value` as the citizen's own words. */
  | { kind: 'ask'; slot: string; text: string; options: { title: string; value: string }[]; form: AdaptiveCardForm | null }
  | NoticeMessage
  /** To be answered from the knowledge base. */
  | { kind: 'answer'; ask: { item: string } | { question: string } }
  | { kind: 'handoff'; reason: string; skill: string; urgency: 'urgent' | 'sub_urgent' | 'general' };

/** National hotline for every non-emergency matter. Source: 国办发〔2020〕53号. */
const HOTLINE = '12345';

/** After this many answers that could not be used, a person and the way out are offered. */
const OFFER_AFTER = 3;

export const flowTexts = {
  corrected: (values: readonly string[]) => `好的，已改为${values.join('、')}。`,
  /** Said when a known value is taken over; the citizen may correct it. */
  prefilled: (slot: Slot, value: SlotValue) => `${slot.label}就按您之前说的“${displayValue(slot, value)}”，不对的话直接告诉我。`,
  optional: (slot: Slot) =>
    slot.default === undefined ? '这一项可以不填，说“跳过”就行。' : `这一项可以不填，说“跳过”就按“${displayValue(slot, slot.default)}”算。`,
  updated: '这项指引刚刚更新过，您之前的回答我都留着，我们接着来。',
  backendFailed: (reason: string) => `${reason}\n您可以过一会儿再试；着急的话请打 **${HOTLINE}**（24 小时），或者说“转人工”。`,
  backendSilent: '抱歉，系统暂时连不上，刚才没有查到结果。',
  broken: `抱歉，这项指引出了点问题，没法继续。您可以说“转人工”，或打 **${HOTLINE}**（24 小时）。`,
  gone: '抱歉，这项指引已经下线或更新了，刚才的进度没法接着用。请再说一次您想办的事，或者说“转人工”。',
  cannotSkip: (slot: Slot) => (slot.purpose === undefined ? '这一项跳不过去，办这件事要用到。' : `这一项跳不过去：${slot.purpose}`),
};

/**
 * The question for the collect step at `step`. `reason` (why the last answer did not do) comes first; a repeated question brings
 * the slot's help; after three failures it offers a person and the way out.
 */
export function askMessage(
  flow: Flow,
  step: number,
  context: { known: Readonly<Record<string, SlotValue>>; attempts: number; reason?: string | undefined; today: string },
): Extract<FlowMessage, { kind: 'ask' }> | undefined {
  const id = collectedAt(flow, step);
  const slot = id === undefined ? undefined : flow.slots[id];
  if (id === undefined || slot === undefined) return undefined;
  const lines = [context.reason, slot.ask, context.attempts === 0 ? slot.purpose : slot.help];
  if (slot.optional) lines.push(flowTexts.optional(slot));
  if (context.attempts >= OFFER_AFTER) lines.push('要是不好回答，可以说“转人工”，让工作人员帮您；也可以说“取消”，先不办。');
  const titles = [
    ...(slot.type === 'choice' ? slot.options.map((option) => option.label) : []),
    ...(slot.type === 'yes_no' ? [slot.yesLabel, slot.noLabel] : []),
    ...(slot.optional ? ['跳过'] : []),
    ...(context.attempts >= OFFER_AFTER ? ['转人工', '取消'] : []),
  ];
  return {
    kind: 'ask',
    slot: id,
    text: lines.filter((line) => line !== undefined).join('\n'),
    options: titles.map((title) => ({ title, value: title })),
    form: slotForm(formSlots(flow, step, context.known), context.today),
  };
}

/** The slot the step asks for. */
export function collectedAt(flow: Flow, step: number): string | undefined {
  const at = flow.steps[step];
  return at && 'collect' in at ? at.collect : undefined;
}

/** The open slot and those of the collect steps directly below it that are not known yet. */
function formSlots(flow: Flow, step: number, known: Readonly<Record<string, SlotValue>>): [string, Slot][] {
  const slots: [string, Slot][] = [];
  for (let index = step; slots.length < MAX_FORM_INPUTS; index += 1) {
    const id = collectedAt(flow, index);
    const slot = id === undefined ? undefined : flow.slots[id];
    if (id === undefined || slot === undefined) break;
    if (index === step || (!Object.hasOwn(known, id) && !slots.some(([other]) => other === id))) slots.push([id, slot]);
  }
  return slots;
}
