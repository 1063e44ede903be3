/** A flow as a Mermaid flowchart. Source of the syntax: mermaid.js.org, "Flowcharts - Basic Syntax". */
import { guidesOf } from './flow.ts';
import { fallsThrough, stepIndex } from './graph.ts';
import type { Condition, FlowSource, SlotSource, StepSource } from './schema.ts';
import { wordingsOf } from './wording.ts';

/** Longer labels make boxes nobody can look at. */
const longestLabel = 60;

/** The chart of a flow as written; steps are `s0`, `s1` …, jumps to nowhere are left out. */
export function mermaid(flow: FlowSource): string {
  const nodes = flow.steps.map((step, index) => `  s${index}${shape(flow, step)}`);
  const edges = flow.steps.flatMap((step, index) => links(flow, step, index).map(({ to, label }) => edge(index, to, label)));
  return [
    'flowchart TD',
    `  start(["${escaped(flow.name)}"])`,
    ...nodes,
    '  start --> s0',
    ...edges,
    ...(runsOff(flow) ? ['  stop(["结束"])'] : []),
    '',
  ].join('\n');
}

function edge(from: number, to: string, label: string | undefined): string {
  return label === undefined ? `  s${from} --> ${to}` : `  s${from} -->|"${escaped(label)}"| ${to}`;
}

function links(flow: FlowSource, step: StepSource, index: number): { to: string; label?: string }[] {
  const at = (id: string, label?: string) => {
    const to = stepIndex(flow, id);
    return to === undefined ? [] : [{ to: `s${to}`, ...(label === undefined ? {} : { label }) }];
  };
  if ('goto' in step) return at(step.goto);
  const next = fallsThrough(step) ? [{ to: nextNode(flow, index) }] : [];
  if (!('branch' in step)) return next;
  const branches = step.branch.flatMap((one) => at(one.to, words(flow, one.when)));
  return [...branches, ...(step.else === undefined ? next.map((one) => ({ ...one, label: '其他' })) : at(step.else, '其他'))];
}

const nextNode = (flow: FlowSource, index: number): string => (index + 1 < flow.steps.length ? `s${index + 1}` : 'stop');

function runsOff(flow: FlowSource): boolean {
  const last = flow.steps.at(-1);
  return last !== undefined && fallsThrough(last);
}

/** The box: question as a slanted one, branch as a diamond, sub-flow and notice as a subroutine, ends rounded. */
function shape(flow: FlowSource, step: StepSource): string {
  if ('collect' in step)
    return `[/"问：${escaped(Object.hasOwn(flow.slots, step.collect) ? slotLabel(flow, step.collect) : step.collect)}"/]`;
  if ('say' in step) return `["说：${escaped(wordingsOf(step.say)[0] ?? '')}"]`;
  if ('branch' in step) return '{"分支"}';
  if ('goto' in step) return '["接着"]';
  if ('call' in step) return `[("查：${escaped(step.call)}")]`;
  if ('notice' in step) {
    const title = 'guides' in step.notice ? step.notice.title : '';
    return `[["告知：${escaped([title, ...guidesOf(step.notice).map(({ guide }) => guide)].filter(Boolean).join('，'))}"]]`;
  }
  if ('answer' in step) return `["答：${escaped('item' in step.answer ? step.answer.item : step.answer.question)}"]`;
  if ('flow' in step) return `[["流程：${escaped(step.flow.flow)}"]]`;
  if ('handoff' in step) return `(["转人工：${escaped(step.handoff.reason)}"])`;
  return '(["结束"])';
}

function words(flow: FlowSource, condition: Condition): string {
  if ('all' in condition) return condition.all.map((one) => words(flow, one)).join(' 且 ');
  if ('any' in condition) return condition.any.map((one) => words(flow, one)).join(' 或 ');
  if ('not' in condition) return `不是（${words(flow, condition.not)}）`;
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

/** Quoted labels may hold anything but quotes and line ends; `#` begins an entity, `<` a tag. */
function escaped(text: string): string {
  const letters = [...text.replace(/\s+/g, ' ').trim()];
  const short = letters.length > longestLabel ? `${letters.slice(0, longestLabel - 1).join('')}…` : letters.join('');
  const entities: Record<string, string> = { '#': '#35;', '"': '#quot;', '<': '#lt;', '>': '#gt;', '`': '#96;', '\\': '#92;' };
  return short.replace(/[#"<>`\\]/g, (sign) => entities[sign] ?? sign);
}
