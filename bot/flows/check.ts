/** Checks what the schema can't: that a flow's names fit together and that every path ends. */
import { canBe, slotProblems } from './check-slots.ts';
import { MAX_DEPTH } from './expand.ts';
import { guidesOf } from './flow.ts';
import { fallsThrough, jumps, reachableFrom, stepIndex } from './graph.ts';
import { knownBefore, nesting } from './known.ts';
import type { Condition, FlowSource, SlotSource, StepSource } from './schema.ts';
import { placeholders } from './text.ts';
import { wordingsOf } from './wording.ts';

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

export interface CheckOptions {
  /** Without them references to guides pass. */
  readonly guides?: readonly KnownGuide[] | undefined;
  /** Ids of all items of the pack; without them `answer: {item}` passes. */
  readonly items?: readonly string[] | undefined;
  /** Departments of the pack; without them `owner` and `lead` pass. */
  readonly departments?: readonly { readonly id: string }[] | undefined;
  /** Districts of the pack; without them district questions pass. */
  readonly districts?: readonly string[] | undefined;
  /** All flows that may run inside others; without them none may. */
  readonly flows?: readonly FlowSource[] | undefined;
}

type Of<K extends string> = Extract<StepSource, Record<K, unknown>>;

/**
 * Problems of a flow, empty when it is sound: slots, steps, guides, scenarios, departments and sub-flows that don't exist or are never
 * used, steps nobody reaches, paths that end nowhere or lead back, choices whose options collide, flows that run themselves.
 */
export function checkFlow(flow: FlowSource, options: CheckOptions = {}): FlowProblem[] {
  const check = new Checker(flow, options);
  return [
    ...check.head(),
    ...check.slots(),
    ...check.stepIds(),
    ...flow.steps.flatMap((step, index) => check.step(step, index)),
    ...check.shape(),
  ];
}

class Checker {
  readonly #flow: FlowSource;
  readonly #options: CheckOptions;
  readonly #flows: readonly FlowSource[];
  /** By step: what may be known when it is reached. */
  readonly #before: readonly Set<string>[];
  /** First parts of dotted names: results of calls, answers of sub-flows. */
  readonly #calls: ReadonlySet<string>;

  constructor(flow: FlowSource, options: CheckOptions) {
    this.#flow = flow;
    this.#options = options;
    this.#flows = options.flows ?? [];
    this.#before = knownBefore(flow, this.#flows);
    this.#calls = new Set(flow.steps.flatMap((step) => ('call' in step ? [step.into] : [])));
  }

  head(): FlowProblem[] {
    const { guide, owner } = this.#flow;
    const levels = nesting(this.#flow, this.#flows);
    const tooDeep = 'depth' in levels && levels.depth > MAX_DEPTH;
    return [
      ...(guide === undefined ? [] : this.#guide(guide, [], 'guide')),
      ...this.#department(owner, 'owner'),
      ...('loop' in levels ? [{ path: 'steps', message: `the flow runs inside itself: ${levels.loop.join(' → ')}` }] : []),
      ...(tooDeep ? [{ path: 'steps', message: `more than ${MAX_DEPTH} levels of sub-flows` }] : []),
    ];
  }

  slots(): FlowProblem[] {
    const { slots, steps } = this.#flow;
    const collected = new Set(steps.flatMap((step) => ('collect' in step ? [step.collect] : [])));
    return Object.entries(slots).flatMap(([id, slot]) => [
      ...(collected.has(id) ? [] : [{ path: `slots.${id}`, message: `slot ${id} is never asked` }]),
      ...(this.#calls.has(id) ? [{ path: `slots.${id}`, message: `${id} is also the "into" of a call` }] : []),
      ...(slot.type === 'district' && this.#options.districts?.length === 0
        ? [{ path: `slots.${id}`, message: 'pack.yaml names no districts' }]
        : []),
      ...slotProblems(id, slot),
    ]);
  }

  stepIds(): FlowProblem[] {
    return this.#flow.steps.flatMap((step, index) =>
      step.id !== undefined && stepIndex(this.#flow, step.id) !== index
        ? [{ path: `steps[${index}].id`, message: `step id ${step.id} is used twice` }]
        : [],
    );
  }

  step(step: StepSource, index: number): FlowProblem[] {
    const at = `steps[${index}]`;
    const problems = this.#jumps(step, index);
    if ('collect' in step && !Object.hasOwn(this.#flow.slots, step.collect))
      problems.push({ path: `${at}.collect`, message: `there is no slot ${step.collect}` });
    if ('say' in step) problems.push(...wordingsOf(step.say).flatMap((words) => this.#texts(words, index, `${at}.say`)));
    if ('handoff' in step) problems.push(...this.#texts(step.handoff.reason, index, `${at}.handoff.reason`));
    if ('call' in step)
      for (const [name, text] of Object.entries(step.with)) problems.push(...this.#texts(text, index, `${at}.with.${name}`));
    if ('notice' in step) problems.push(...this.#notice(step, index));
    if ('answer' in step) problems.push(...this.#answer(step, index));
    if ('flow' in step) problems.push(...this.#subFlow(step, index));
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

  #jumps(step: StepSource, index: number): FlowProblem[] {
    const path = `steps[${index}].${'goto' in step ? 'goto' : 'branch'}`;
    return jumps(step).flatMap((target) => {
      const to = stepIndex(this.#flow, target);
      if (to === undefined) return [{ path, message: `there is no step ${target}` }];
      // Answers don't change while a flow runs, so whoever is led back would be led back for ever.
      return to <= index ? [{ path, message: `step ${target} stands above: a jump may only lead on` }] : [];
    });
  }

  #texts(text: string, index: number, path: string): FlowProblem[] {
    return placeholders(text).flatMap((name) => this.#reference(name, index, path));
  }

  #reference(name: string, index: number, path: string): FlowProblem[] {
    const [prefix = '', field] = name.split('.');
    const before = this.#before[index];
    if (field === undefined || this.#calls.has(prefix)) {
      const exists = field === undefined ? Object.hasOwn(this.#flow.slots, name) : true;
      if (!exists) return [{ path, message: `there is no slot ${name}` }];
      return before?.has(prefix) ? [] : [{ path, message: `${prefix} is not asked on any path to this step` }];
    }
    const sub = this.#flows.find((one) => one.id === prefix);
    if (!sub) return [{ path, message: `no call puts its result into ${prefix}` }];
    if (!Object.hasOwn(sub.slots, field)) return [{ path, message: `flow ${prefix} has no slot ${field}` }];
    return before?.has(name) ? [] : [{ path, message: `flow ${prefix} is not run on any path to this step` }];
  }

  /** A slot of this flow, or of a sub-flow by its dotted name. */
  #slot(name: string): SlotSource | undefined {
    if (Object.hasOwn(this.#flow.slots, name)) return this.#flow.slots[name];
    const [prefix, field = ''] = name.split('.');
    const sub = this.#flows.find((one) => one.id === prefix);
    return sub && Object.hasOwn(sub.slots, field) ? sub.slots[field] : undefined;
  }

  #notice({ notice }: Of<'notice'>, index: number): FlowProblem[] {
    const path = `steps[${index}].notice`;
    const merged = 'guides' in notice;
    const problems = merged ? [...this.#title(notice.title, index, `${path}.title`), ...this.#department(notice.lead, `${path}.lead`)] : [];
    const guides = guidesOf(notice);
    for (const [nth, { guide, scenarios, when }] of guides.entries()) {
      const at = merged ? `${path}.guides[${nth}]` : path;
      if (when !== undefined) problems.push(...this.#condition(when, index, `${at}.when`));
      problems.push(
        ...(Array.isArray(scenarios) ? this.#guide(guide, scenarios, at) : this.#fromSlot(guide, scenarios.fromSlot, index, at)),
      );
    }
    if (merged && guides.every(({ when }) => when !== undefined) && guides.length === 1)
      problems.push({ path: `${path}.guides`, message: 'the only guide has a condition: the notice could be empty' });
    return problems;
  }

  #fromSlot(guide: string, name: string, index: number, path: string): FlowProblem[] {
    const slot = this.#slot(name);
    const wrongType = slot && slot.type !== 'choice' ? [{ path, message: `${name} is no choice` }] : [];
    const values = slot?.type === 'choice' ? slot.options.map((option) => option.value) : [];
    return [...this.#reference(name, index, path), ...wrongType, ...this.#guide(guide, values, path)];
  }

  /** A title stands in the printable page's address: nothing personal may get in. */
  #title(title: string, index: number, path: string): FlowProblem[] {
    const personal = placeholders(title).filter((name) => {
      const slot = this.#slot(name);
      return slot === undefined || slot.sensitive || slot.type === 'text' || slot.type === 'phone';
    });
    return [
      ...this.#texts(title, index, path),
      ...personal.map((name) => ({ path, message: `a title may only name choices, yes/no, numbers, dates and districts, not ${name}` })),
    ];
  }

  #answer({ answer }: Of<'answer'>, index: number): FlowProblem[] {
    const path = `steps[${index}].answer`;
    if ('question' in answer) return this.#texts(answer.question, index, `${path}.question`);
    const { items } = this.#options;
    return !items || items.includes(answer.item) ? [] : [{ path: `${path}.item`, message: `there is no item ${answer.item}` }];
  }

  #subFlow({ flow: { flow: id, with: given } }: Of<'flow'>, index: number): FlowProblem[] {
    const path = `steps[${index}].flow`;
    const sub = this.#flows.find((one) => one.id === id);
    if (!sub) return [{ path, message: `there is no flow ${id}` }];
    const clash = this.#calls.has(id) ? [{ path, message: `${id} is also the "into" of a call` }] : [];
    return [
      ...clash,
      ...Object.entries(given).flatMap(([slot, text]) => [
        ...(Object.hasOwn(sub.slots, slot) ? [] : [{ path: `${path}.with.${slot}`, message: `flow ${id} has no slot ${slot}` }]),
        ...this.#texts(text, index, `${path}.with.${slot}`),
      ]),
    ];
  }

  #department(id: string | undefined, path: string): FlowProblem[] {
    const { departments } = this.#options;
    if (id === undefined || !departments || departments.some((one) => one.id === id)) return [];
    return [{ path, message: `pack.yaml has no department ${id}` }];
  }

  #guide(id: string, scenarios: readonly string[], path: string): FlowProblem[] {
    const { guides } = this.#options;
    if (!guides) return [];
    const guide = guides.find((one) => one.id === id);
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
    const slot = this.#slot(condition.slot);
    if (!slot || 'known' in condition) return problems;
    const values = 'is' in condition ? [condition.is] : 'in' in condition ? condition.in : undefined;
    if (!values) return slot.type === 'number' ? problems : [...problems, { path, message: `${condition.slot} is no number` }];
    const possible = (value: string | number | boolean) =>
      canBe(slot, value) && (slot.type !== 'district' || this.#options.districts?.includes(String(value)) !== false);
    return [
      ...problems,
      ...values
        .filter((value) => !possible(value))
        .map((value) => ({ path, message: `${condition.slot} can never be ${JSON.stringify(value)}` })),
    ];
  }
}
