/** Checks what the schema can't: that a flow's names fit together and that every path ends. */
import { fallsThrough, jumps, reachableFrom, stepIndex, successors } from './graph.ts';
import type { Condition, Flow, Slot, Step } from './schema.ts';
import { placeholders } from './text.ts';

export interface FlowProblem {
  /** Where in the file: `steps[3].branch[0].to`. */
  readonly path: string;
  readonly message: string;
}

/** The part of a guide that flows refer to. */
export interface KnownGuide {
  readonly id: string;
  readonly scenarios: readonly { readonly id: string }[];
}

/**
 * Problems of a flow, empty when it is sound: slots, steps, guides and scenarios that don't exist or are never used, steps nobody
 * reaches, paths that end nowhere or lead back, choices whose options collide. Without `guides` references to guides pass.
 */
export function checkFlow(flow: Flow, options: { guides?: readonly KnownGuide[] } = {}): FlowProblem[] {
  const check = new Checker(flow, options.guides);
  return [...check.slots(), ...check.stepIds(), ...flow.steps.flatMap((step, index) => check.step(step, index)), ...check.shape()];
}

class Checker {
  readonly #flow: Flow;
  readonly #guides: readonly KnownGuide[] | undefined;
  /** By step: what may be known when it is reached. */
  readonly #before: readonly Set<string>[];
  readonly #prefixes: ReadonlySet<string>;

  constructor(flow: Flow, guides: readonly KnownGuide[] | undefined) {
    this.#flow = flow;
    this.#guides = guides;
    this.#before = knownBefore(flow);
    this.#prefixes = new Set(flow.steps.flatMap((step) => ('call' in step ? [step.into] : [])));
  }

  slots(): FlowProblem[] {
    const { slots, steps, guide } = this.#flow;
    const problems: FlowProblem[] = guide === undefined ? [] : this.#guide(guide, [], 'guide');
    const collected = new Set(steps.flatMap((step) => ('collect' in step ? [step.collect] : [])));
    for (const [id, slot] of Object.entries(slots)) {
      if (!collected.has(id)) problems.push({ path: `slots.${id}`, message: `slot ${id} is never asked` });
      if (this.#prefixes.has(id)) problems.push({ path: `slots.${id}`, message: `${id} is also the "into" of a call` });
      problems.push(...optionProblems(id, slot), ...boundProblems(id, slot));
    }
    return problems;
  }

  stepIds(): FlowProblem[] {
    return this.#flow.steps.flatMap((step, index) =>
      step.id !== undefined && stepIndex(this.#flow, step.id) !== index
        ? [{ path: `steps[${index}].id`, message: `step id ${step.id} is used twice` }]
        : [],
    );
  }

  step(step: Step, index: number): FlowProblem[] {
    const at = `steps[${index}]`;
    const problems: FlowProblem[] = [];
    for (const target of jumps(step)) {
      const to = stepIndex(this.#flow, target);
      const path = 'goto' in step ? `${at}.goto` : `${at}.branch`;
      if (to === undefined) problems.push({ path, message: `there is no step ${target}` });
      // Answers don't change while a flow runs, so whoever is led back would be led back for ever.
      else if (to <= index) problems.push({ path, message: `step ${target} stands above: a jump may only lead on` });
    }
    if ('collect' in step && !Object.hasOwn(this.#flow.slots, step.collect))
      problems.push({ path: `${at}.collect`, message: `there is no slot ${step.collect}` });
    if ('say' in step) problems.push(...this.#texts(step.say, index, `${at}.say`));
    if ('handoff' in step) problems.push(...this.#texts(step.handoff.reason, index, `${at}.handoff.reason`));
    if ('call' in step)
      for (const [name, text] of Object.entries(step.with)) problems.push(...this.#texts(text, index, `${at}.with.${name}`));
    if ('notice' in step) problems.push(...this.#notice(step, index));
    if ('branch' in step)
      for (const [nth, one] of step.branch.entries()) problems.push(...this.#condition(one.when, index, `${at}.branch[${nth}].when`));
    return problems;
  }

  shape(): FlowProblem[] {
    const reached = reachableFrom(this.#flow, 0);
    return this.#flow.steps.flatMap((step, index) => {
      if (!reached.has(index)) return [{ path: `steps[${index}]`, message: 'no path leads to this step' }];
      const isLast = index === this.#flow.steps.length - 1;
      return isLast && fallsThrough(step)
        ? [{ path: `steps[${index}]`, message: 'dead end: the last step must be end, handoff, goto or a branch with else' }]
        : [];
    });
  }

  #texts(text: string, index: number, path: string): FlowProblem[] {
    return placeholders(text).flatMap((name) => this.#reference(name, index, path));
  }

  #reference(name: string, index: number, path: string): FlowProblem[] {
    const [prefix = '', field] = name.split('.');
    const exists = field === undefined ? Object.hasOwn(this.#flow.slots, name) : this.#prefixes.has(prefix);
    if (!exists) return [{ path, message: field === undefined ? `there is no slot ${name}` : `no call puts its result into ${prefix}` }];
    return this.#before[index]?.has(prefix) ? [] : [{ path, message: `${prefix} is not asked on any path to this step` }];
  }

  #notice(step: Extract<Step, { notice: unknown }>, index: number): FlowProblem[] {
    const { guide, scenarios } = step.notice;
    const path = `steps[${index}].notice`;
    if (Array.isArray(scenarios)) return this.#guide(guide, scenarios, path);
    const slot = Object.hasOwn(this.#flow.slots, scenarios.fromSlot) ? this.#flow.slots[scenarios.fromSlot] : undefined;
    const wrongType = slot && slot.type !== 'choice' ? [{ path, message: `${scenarios.fromSlot} is no choice` }] : [];
    const values = slot?.type === 'choice' ? slot.options.map((option) => option.value) : [];
    return [...this.#reference(scenarios.fromSlot, index, path), ...wrongType, ...this.#guide(guide, values, path)];
  }

  #guide(id: string, scenarios: readonly string[], path: string): FlowProblem[] {
    if (!this.#guides) return [];
    const guide = this.#guides.find((one) => one.id === id);
    if (!guide) return [{ path, message: `there is no guide ${id}` }];
    return scenarios
      .filter((scenario) => !guide.scenarios.some((one) => one.id === scenario))
      .map((scenario) => ({ path, message: `guide ${id} has no scenario ${scenario}` }));
  }

  #condition(condition: Condition, index: number, path: string): FlowProblem[] {
    if ('all' in condition) return condition.all.flatMap((one, nth) => this.#condition(one, index, `${path}.all[${nth}]`));
    if ('any' in condition) return condition.any.flatMap((one, nth) => this.#condition(one, index, `${path}.any[${nth}]`));
    if ('not' in condition) return this.#condition(condition.not, index, `${path}.not`);
    const problems = this.#reference(condition.slot, index, path);
    const slot = Object.hasOwn(this.#flow.slots, condition.slot) ? this.#flow.slots[condition.slot] : undefined;
    if (!slot || 'known' in condition) return problems;
    const values = 'is' in condition ? [condition.is] : 'in' in condition ? condition.in : undefined;
    if (!values) return slot.type === 'number' ? problems : [...problems, { path, message: `${condition.slot} is no number` }];
    return [
      ...problems,
      ...values
        .filter((value) => !canBe(slot, value))
        .map((value) => ({ path, message: `${condition.slot} can never be ${JSON.stringify(value)}` })),
    ];
  }
}

function canBe(slot: Slot, value: string | number | boolean): boolean {
  if (slot.type === 'choice') return slot.options.some((option) => option.value === value);
  return typeof value === { yes_no: 'boolean', number: 'number', text: 'string', phone: 'string', date: 'string' }[slot.type];
}

function optionProblems(id: string, slot: Slot): FlowProblem[] {
  if (slot.type !== 'choice') return [];
  const owners = new Map<string, number>();
  return slot.options.flatMap((option, index) =>
    [...new Set([option.value, option.label, ...option.synonyms])].flatMap((term) => {
      const owner = owners.get(term.toLowerCase());
      owners.set(term.toLowerCase(), owner ?? index);
      return owner === undefined || owner === index
        ? []
        : [{ path: `slots.${id}.options[${index}]`, message: `"${term}" also stands for another option` }];
    }),
  );
}

function boundProblems(id: string, slot: Slot): FlowProblem[] {
  if (!('min' in slot) || slot.min === undefined || slot.max === undefined || slot.min === 'today' || slot.max === 'today') return [];
  return slot.min > slot.max ? [{ path: `slots.${id}`, message: 'min is above max' }] : [];
}

/** What may be known before each step, over all paths to it (jumps lead on, so one pass in order is enough). */
function knownBefore(flow: Flow): Set<string>[] {
  const before = Array.from({ length: flow.steps.length + 1 }, () => new Set<string>());
  for (const [index, step] of flow.steps.entries()) {
    const after = new Set(before[index]);
    if ('collect' in step) after.add(step.collect);
    if ('call' in step) after.add(step.into);
    for (const next of successors(flow, index)) for (const name of after) before[next]?.add(name);
  }
  return before;
}
