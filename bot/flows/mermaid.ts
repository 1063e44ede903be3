/** A flow as a Mermaid flowchart. Source of the syntax: mermaid.js.org, "Flowcharts - Basic Syntax". */
import { outlineOf, type StepKind, type StepView } from './outline.ts';
import type { FlowSource } from './schema.ts';

/** Longer labels make boxes nobody can look at. */
const longestLabel = 60;

/** The chart of a flow as written; steps are `s0`, `s1` …, jumps to nowhere are left out. */
export function mermaid(flow: FlowSource): string {
  const steps = outlineOf(flow);
  const edges = steps.flatMap(({ next }, index) => next.map(({ to, label }) => edge(index, to === null ? 'stop' : `s${to}`, label)));
  return [
    'flowchart TD',
    `  start(["${escaped(flow.name)}"])`,
    ...steps.map((step, index) => `  s${index}${shape(step)}`),
    '  start --> s0',
    ...edges,
    ...(steps.at(-1)?.next.some(({ to }) => to === null) ? ['  stop(["结束"])'] : []),
    '',
  ].join('\n');
}

function edge(from: number, to: string, label: string | null): string {
  return label === null ? `  s${from} --> ${to}` : `  s${from} -->|"${escaped(label)}"| ${to}`;
}

/** The box: question as a slanted one, branch as a diamond, sub-flow and notice as a subroutine, ends rounded. */
const boxes: Record<StepKind, readonly [string, string]> = {
  collect: ['[/"', '"/]'],
  say: ['["', '"]'],
  branch: ['{"', '"}'],
  goto: ['["', '"]'],
  call: ['[("', '")]'],
  notice: ['[["', '"]]'],
  answer: ['["', '"]'],
  flow: ['[["', '"]]'],
  handoff: ['(["', '"])'],
  end: ['(["', '"])'],
};

function shape({ kind, words }: StepView): string {
  const [open, close] = boxes[kind];
  return `${open}${escaped(words)}${close}`;
}

/** Quoted labels may hold anything but quotes and line ends; `#` begins an entity, `<` a tag. */
function escaped(text: string): string {
  const letters = [...text.replace(/\s+/g, ' ').trim()];
  const short = letters.length > longestLabel ? `${letters.slice(0, longestLabel - 1).join('')}…` : letters.join('');
  const entities: Record<string, string> = { '#': '#35;', '"': '#quot;', '<': '#lt;', '>': '#gt;', '`': '#96;', '\\': '#92;' };
  return short.replace(/[#"<>`\\]/g, (sign) => entities[sign] ?? sign);
}
