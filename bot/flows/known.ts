/** What may be known before each step of a flow: answers, results of calls, answers of sub-flows. */
import { successors } from './graph.ts';
import type { FlowSource } from './schema.ts';

/**
 * Names by step index, over all paths to the step; `steps.length` stands for the end. A call's result counts under its `into`, a
 * sub-flow's answers as `<flow id>.<slot>`. Jumps lead on, so one pass in order is enough.
 */
export function knownBefore(flow: FlowSource, flows: readonly FlowSource[]): Set<string>[] {
  const before = Array.from({ length: flow.steps.length + 1 }, () => new Set<string>());
  for (const [index, step] of flow.steps.entries()) {
    const after = new Set(before[index]);
    if ('collect' in step) after.add(step.collect);
    if ('call' in step) after.add(step.into);
    if ('flow' in step) {
      const sub = flows.find((one) => one.id === step.flow.flow);
      for (const slot of Object.keys(sub?.slots ?? {})) after.add(`${step.flow.flow}.${slot}`);
    }
    for (const next of successors(flow, index)) for (const name of after) before[next]?.add(name);
  }
  return before;
}

/** The flows a flow runs inside itself. */
export function subFlows(flow: FlowSource): string[] {
  return flow.steps.flatMap((step) => ('flow' in step ? [step.flow.flow] : []));
}

/**
 * The way back to itself (a → b → a) when a flow runs itself through others; else how many levels of sub-flows it has, 0 for none.
 */
export function nesting(
  flow: FlowSource,
  flows: readonly FlowSource[],
  path: readonly string[] = [],
): { loop: string[] } | { depth: number } {
  const here = [...path, flow.id];
  if (path.includes(flow.id)) return { loop: here.slice(here.indexOf(flow.id)) };
  let depth = 0;
  for (const id of new Set(subFlows(flow))) {
    const sub = flows.find((one) => one.id === id);
    const below = sub ? nesting(sub, flows, here) : { depth: 0 };
    if ('loop' in below) return below;
    depth = Math.max(depth, below.depth + 1);
  }
  return { depth };
}
