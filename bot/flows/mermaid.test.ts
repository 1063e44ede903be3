import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fallsThrough, successors } from './graph.ts';
import { readFlows } from './load.ts';
import { mermaid } from './mermaid.ts';
import type { FlowSource } from './schema.ts';
import { demo, sourceOf } from './testing.ts';

const label = '"[^"\\n<>`\\\\]*"';
const shapes = [
  `\\[${label}\\]`,
  `\\(\\[${label}\\]\\)`,
  `\\[/${label}/\\]`,
  `\\{${label}\\}`,
  `\\[\\(${label}\\)\\]`,
  `\\[\\[${label}\\]\\]`,
];
const node = new RegExp(`^ {2}(\\w+)(?:${shapes.join('|')})$`);
const edge = new RegExp(`^ {2}(\\w+) -->(?:\\|${label}\\|)? (\\w+)$`);

/** Reads a flowchart by the grammar it uses; throws on any other line. */
function parsed(chart: string): { nodes: string[]; edges: [string, string][] } {
  const [first, ...lines] = chart.trimEnd().split('\n');
  if (first !== 'flowchart TD') throw new Error(`no flowchart: ${first}`);
  const nodes: string[] = [];
  const edges: [string, string][] = [];
  for (const line of lines) {
    const link = edge.exec(line);
    const box = node.exec(line);
    if (link?.[1] && link[2]) edges.push([link[1], link[2]]);
    else if (box?.[1]) nodes.push(box[1]);
    else throw new Error(`not Mermaid: ${line}`);
  }
  return { nodes, edges };
}

function holds(flow: FlowSource): void {
  const { nodes, edges } = parsed(mermaid(flow));
  expect(new Set(nodes).size).toBe(nodes.length);
  for (const [from, to] of edges) expect(nodes).toEqual(expect.arrayContaining([from, to]));
  const drawn = new Set(edges.filter(([from]) => from !== 'start').map((one) => one.join()));
  const real = flow.steps.flatMap((_, i) => successors(flow, i).map((to) => `s${i},${to < flow.steps.length ? `s${to}` : 'stop'}`));
  expect(drawn).toEqual(new Set(real));
}

describe('[R-062] drawing a flow', () => {
  it('every step and every way on of the sample pack’s flows, in valid Mermaid', async () => {
    const { sources } = await readFlows(new URL('../../knowledge/packs/anlan/flows', import.meta.url).pathname);
    expect(sources.length).toBeGreaterThan(2);
    for (const { flow } of sources) holds(flow);
  });

  it('a flow of every kind of step', () => {
    holds(sourceOf(demo));
    expect(mermaid(sourceOf(demo))).toContain('-->|"原因 是 到期了"|');
  });

  it('whatever stands in the words', () => {
    const flow = sourceOf(demo);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (words) => {
        const steps = flow.steps.map((step) => ('say' in step ? { ...step, say: `${words}"]; click x "javascript:` } : step));
        holds({ ...flow, name: words, steps });
      }),
    );
  });

  it('a flow that runs off its end leads to the end', () => {
    const flow = sourceOf(demo);
    const cut = { ...flow, steps: flow.steps.slice(0, 1) };
    expect(cut.steps.every(fallsThrough)).toBe(true);
    holds(cut);
  });
});
