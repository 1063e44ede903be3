/** A flow as a graph of steps: where each step may go next. */
import type { Step } from './flow.ts';
import type { StepSource } from './schema.ts';

type AnyStep = Step | StepSource;
interface Steps {
  readonly steps: readonly AnyStep[];
}

/** Index of the step with this id; undefined when there is none. */
export function stepIndex(flow: Steps, id: string): number | undefined {
  const index = flow.steps.findIndex((step) => step.id === id);
  return index < 0 ? undefined : index;
}

/** Whether the step finishes the flow. */
export function isFinal(step: AnyStep): boolean {
  return 'end' in step || 'handoff' in step;
}

/** Ids the step jumps to. */
export function jumps(step: AnyStep): string[] {
  if ('goto' in step) return [step.goto];
  if ('branch' in step) return [...step.branch.map((one) => one.to), ...(step.else === undefined ? [] : [step.else])];
  return [];
}

/** Whether the step may go on to the one below it. */
export function fallsThrough(step: AnyStep): boolean {
  return !isFinal(step) && !('goto' in step) && !('branch' in step && step.else !== undefined);
}

/** Indexes of the steps that may follow step `index`; `steps.length` stands for running off the end. Unknown ids are left out. */
export function successors(flow: Steps, index: number): number[] {
  const step = flow.steps[index];
  if (!step) return [];
  const targets = jumps(step).flatMap((id) => stepIndex(flow, id) ?? []);
  return fallsThrough(step) ? [...targets, index + 1] : targets;
}

/** By steps of a flow, which never change while it is loaded. */
const reachedBySteps = new WeakMap<Steps['steps'], Map<number, ReadonlySet<number>>>();

/** All steps that can be reached from `start`, itself included; `steps.length` when it can run off the end. */
export function reachableFrom(flow: Steps, start: number): ReadonlySet<number> {
  const known = reachedBySteps.get(flow.steps) ?? new Map<number, ReadonlySet<number>>();
  reachedBySteps.set(flow.steps, known);
  const found = known.get(start);
  if (found) return found;
  const reached = new Set<number>();
  const open = [start];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    open.push(...successors(flow, index));
  }
  known.set(start, reached);
  return reached;
}
