/** A flow step by step, in words an editor reads: what each step does and where it leads. */
import { guidesOf } from './flow.ts';
import { fallsThrough, stepIndex } from './graph.ts';
import type { Condition, FlowSource, SlotSource, StepSource } from './schema.ts';
import { wordingsOf } from './wording.ts';

export type StepKind = 'collect' | 'say' | 'branch' | 'goto' | 'call' | 'notice' | 'answer' | 'flow' | 'handoff' | 'end';

export interface StepView {
  readonly id: string | null;
  readonly kind: StepKind;
  readonly words: string;
  /** `to`: the place in the list, null for the end; `label`: when. */
  readonly next: readonly { readonly to: number | null; readonly label: string | null }[];
}

/** Every step of a flow as written; jumps to nowhere are left out. */
export function outlineOf(flow: FlowSource): StepView[] {
  return flow.steps.map((step, index) => ({ id: step.id ?? null, ...told(flow, step), next: links(flow, step, index) }));
}

function told(flow: FlowSource, step: StepSource): Pick<StepView, 'kind' | 'words'> {
  if ('collect' in step) return { kind: 'collect', words: `问：${slotLabel(flow, step.collect)}` };
  if ('say' in step) return { kind: 'say', words: `说：${wordingsOf(step.say)[0] ?? ''}` };
  if ('branch' in step) return { kind: 'branch', words: '分支' };
  if ('goto' in step) return { kind: 'goto', words: '接着' };
  if ('call' in step) return { kind: 'call', words: `查：${step.call}` };
  if ('notice' in step) {
    const title = 'guides' in step.notice ? step.notice.title : '';
    const guides = guidesOf(step.notice).map(({ guide }) => guide);
    return { kind: 'notice', words: `告知：${[title, ...guides].filter(Boolean).join('，')}` };
  }
  if ('answer' in step) return { kind: 'answer', words: `答：${'item' in step.answer ? step.answer.item : step.answer.question}` };
  if ('flow' in step) return { kind: 'flow', words: `流程：${step.flow.flow}` };
  if ('handoff' in step) return { kind: 'handoff', words: `转人工：${step.handoff.reason}` };
  return { kind: 'end', words: '结束' };
}

function links(flow: FlowSource, step: StepSource, index: number): StepView['next'] {
  const at = (id: string, label: string | null) => {
    const to = stepIndex(flow, id);
    return to === undefined ? [] : [{ to, label }];
  };
  if ('goto' in step) return at(step.goto, null);
  const below = index + 1 < flow.steps.length ? index + 1 : null;
  const next = (label: string | null) => (fallsThrough(step) ? [{ to: below, label }] : []);
  if (!('branch' in step)) return next(null);
  const branches = step.branch.flatMap((one) => at(one.to, conditionWords(flow, one.when)));
  return [...branches, ...(step.else === undefined ? next('其他') : at(step.else, '其他'))];
}

function conditionWords(flow: FlowSource, condition: Condition): string {
  if ('all' in condition) return condition.all.map((one) => conditionWords(flow, one)).join(' 且 ');
  if ('any' in condition) return condition.any.map((one) => conditionWords(flow, one)).join(' 或 ');
  if ('not' in condition) return `不是（${conditionWords(flow, condition.not)}）`;
  const name = slotLabel(flow, condition.slot);
  const value = (one: string | number | boolean) => valueLabel(flow.slots[condition.slot], one);
  if ('is' in condition) return `${name} 是 ${value(condition.is)}`;
  if ('in' in condition) return `${name} 是 ${condition.in.map(value).join('、')}`;
  if ('known' in condition) return `${name} ${condition.known ? '知道' : '不知道'}`;
  const bounds = [
    ['≥', condition.gte],
    ['≤', condition.lte],
    ['＞', condition.gt],
    ['＜', condition.lt],
  ] as const;
  return `${name} ${bounds.flatMap(([sign, limit]) => (limit === undefined ? [] : [`${sign} ${limit}`])).join(' 且 ')}`;
}

function slotLabel(flow: FlowSource, id: string): string {
  return Object.hasOwn(flow.slots, id) ? (flow.slots[id]?.label ?? id) : id;
}

function valueLabel(slot: SlotSource | undefined, value: string | number | boolean): string {
  if (slot?.type === 'choice') return slot.options.find((option) => option.value === value)?.label ?? String(value);
  if (slot?.type === 'yes_no') return value === true ? slot.yesLabel : slot.noLabel;
  return String(value);
}
