/** The flow engine: takes commands, answers with messages. Pure but for the back ends it is given; the state is plain data. */
import type { Command } from '../understand/commands.ts';
import type { FlowBackends } from './backends.ts';
import type { Flow } from './flow.ts';
import { askMessage, collectedAt, type FlowMessage, flowTexts } from './messages.ts';
import { isoOf } from './parse/date.ts';
import { parseSlot } from './slots.ts';
import { displayValue, SKIPPED, type SlotValue } from './values.ts';
import { prefillMark, type Walk, type WalkTools, walk } from './walk.ts';
import { channelKindOf } from './wording.ts';

export type { FlowBackends } from './backends.ts';
export type { FlowMessage } from './messages.ts';
export type { SlotValue } from './values.ts';

/** Where a conversation stands in a flow. `slots` holds answers by slot id and call results by `into.field`. */
export interface FlowState {
  flow: string;
  version: number;
  step: number;
  slots: Record<string, SlotValue>;
  asking: string | null;
  /** Answers to the open question that could not be used. */
  attempts: number;
  startedAt: number;
}

/** `state` is null when the flow is over. */
export interface FlowResult {
  status: 'asking' | 'completed' | 'handed_over' | 'failed';
  state: FlowState | null;
  messages: FlowMessage[];
  /** Answers that other flows may take over, by the field their `prefill` names. */
  facts: Record<string, SlotValue>;
  /** Of a flow that is over: every answer on its path, by slot. */
  answers?: Record<string, SlotValue>;
}

/** What of the conversation a flow makes use of. */
export interface FlowContext {
  /** The channel's name: some texts have a wording of its own. */
  readonly channel?: string | undefined;
  /** What is known of the citizen already, for slots with `prefill`. */
  readonly profile?: Readonly<Record<string, unknown>> | undefined;
}

export type FlowCommand = Extract<Command, { type: 'set_slot' | 'correct_slot' | 'skip' }>;

export interface FlowEngineOptions {
  readonly flows: readonly Flow[];
  readonly backends: FlowBackends;
  readonly now: () => number;
  /** A back end that is silent for longer has failed; default 10 s. */
  readonly backendTimeoutMs?: number;
}

/** What the commands of one turn did to the answers. */
interface Applied {
  answers: Record<string, SlotValue>;
  /** Slots whose earlier answer was changed, and what to confirm. */
  corrected: Map<string, string>;
  /** Why the open question is still open. */
  reason: string | undefined;
  /** Other answers that could not be used. */
  refused: string[];
}

/** Earlier forms of a flow that are remembered; conversations last hours, changes come by the day. */
const KEPT_EARLIER = 5;

export class FlowEngine {
  readonly #options: FlowEngineOptions;
  #byId: ReadonlyMap<string, Flow>;
  /** The same list until flows change: what is learnt about them is kept by it. */
  #flows: readonly Flow[];
  /** What flows were before they changed, newest first, for conversations that began with it. */
  readonly #earlier = new Map<string, readonly Flow[]>();

  constructor(options: FlowEngineOptions) {
    this.#options = options;
    this.#byId = new Map(options.flows.map((flow) => [flow.id, flow]));
    this.#flows = [...this.#byId.values()];
  }

  get flows(): readonly Flow[] {
    return this.#flows;
  }

  /**
   * Switches to other flows at once. Whoever is in the middle of a flow that changed goes on by the steps they began with; a flow that is
   * gone is gone for them too.
   */
  replace(flows: readonly Flow[]): void {
    const next = new Map(flows.map((flow) => [flow.id, flow]));
    for (const [id, before] of this.#byId) {
      const now = next.get(id);
      if (!now) this.#earlier.delete(id);
      else if (now.version !== before.version) this.#earlier.set(id, [before, ...(this.#earlier.get(id) ?? [])].slice(0, KEPT_EARLIER));
    }
    this.#byId = next;
    this.#flows = [...next.values()];
  }

  /** The flow a conversation is in: as it was when it began, where that is still known; undefined when there is none any more. */
  flowOf(state: Pick<FlowState, 'flow' | 'version'> | null | undefined): Flow | undefined {
    const now = state ? this.#byId.get(state.flow) : undefined;
    if (!state || now?.version === state.version) return now;
    return this.#earlier.get(state.flow)?.find((flow) => flow.version === state.version) ?? now;
  }

  /** Begins a flow. `given`: raw text by slot; what can't be read is simply asked. An unknown flow is `failed`. */
  async start(flowId: string, given: Readonly<Record<string, string>>, context: FlowContext = {}): Promise<FlowResult> {
    const flow = worded(this.#byId.get(flowId), context);
    if (!flow) return over('failed', [{ kind: 'say', text: flowTexts.gone }]);
    const answers: Record<string, SlotValue> = {};
    for (const [id, raw] of Object.entries(given)) {
      const value = this.#read(flow, id, raw);
      if (value !== undefined) answers[id] = value;
    }
    this.#prefill(flow, answers, context.profile ?? {});
    const walked = await this.#walk(flow, answers);
    return this.#settle(flow, walked, walked.messages, { attempts: 0, reason: undefined, startedAt: this.#options.now() });
  }

  /**
   * Applies the commands, then walks the flow again from its first step: branches follow changed answers, and answers that no
   * longer apply are dropped. Only what has not been said before is said. No commands: the open question again.
   */
  async input(state: FlowState, commands: readonly FlowCommand[], context: FlowContext = {}): Promise<FlowResult> {
    const flow = worded(this.flowOf(state), context);
    if (!flow) return over('failed', [{ kind: 'say', text: flowTexts.gone }]);
    const current = flow.version === state.version ? state.slots : this.#carryOver(flow, state.slots);
    const applied = this.#apply(flow, state.asking, current, commands);
    const said = flow.version === state.version ? await this.#said(flow, current) : new Set<string>();
    const walked = await this.#walk(flow, applied.answers);
    const fresh = walked.messages.filter((message) => !said.has(JSON.stringify(message)));
    const confirmed = [...applied.corrected].filter(([slot]) => Object.hasOwn(walked.kept, slot)).map(([, value]) => value);
    const first: string[] = [
      ...(flow.version === state.version ? [] : [flowTexts.updated]),
      ...(confirmed.length > 0 ? [flowTexts.corrected(confirmed)] : []),
      ...applied.refused,
    ];
    const sameQuestion = walked.stop === 'asking' && collectedAt(flow, walked.step) === state.asking;
    return this.#settle(flow, walked, [...first.map((text) => ({ kind: 'say' as const, text })), ...fresh], {
      attempts: sameQuestion ? state.attempts + (applied.reason === undefined ? 0 : 1) : 0,
      reason: sameQuestion ? applied.reason : undefined,
      startedAt: state.startedAt,
    });
  }

  /** Asks the open question again, as after a digression. */
  ask(state: FlowState, context: FlowContext = {}): FlowResult {
    const flow = worded(this.flowOf(state), context);
    const step = flow?.steps.findIndex((one) => 'collect' in one && one.collect === state.asking) ?? -1;
    const at = flow && collectedAt(flow, state.step) === state.asking ? state.step : step;
    const message = flow && askMessage(flow, at, { known: state.slots, attempts: state.attempts, today: this.#today() });
    if (!message) return over('failed', [{ kind: 'say', text: flowTexts.gone }]);
    return { status: 'asking', state, messages: [message], facts: {} };
  }

  /** Takes over what is known and not said otherwise; a mark makes the walk say so. */
  #prefill(flow: Flow, answers: Record<string, SlotValue>, profile: Readonly<Record<string, unknown>>): void {
    for (const [id, slot] of Object.entries(flow.slots)) {
      const field = slot.prefill?.profile;
      const raw = field !== undefined && Object.hasOwn(profile, field) ? profile[field] : undefined;
      if (Object.hasOwn(answers, id) || !['string', 'number', 'boolean'].includes(typeof raw)) continue;
      const value = this.#read(flow, id, String(raw));
      if (value !== undefined) Object.assign(answers, { [id]: value, [prefillMark(id)]: true });
    }
  }

  #apply(flow: Flow, asking: string | null, current: Readonly<Record<string, SlotValue>>, commands: readonly FlowCommand[]): Applied {
    const done: Applied = { answers: { ...current }, corrected: new Map(), reason: undefined, refused: [] };
    for (const command of commands) {
      const id = command.type === 'skip' ? asking : command.slot;
      const slot = id !== null && Object.hasOwn(flow.slots, id) ? flow.slots[id] : undefined;
      if (id === null || !slot) continue;
      const skips = command.type === 'skip' || (command.value.trim() === '' && slot.optional);
      if (skips && slot.optional) done.answers[id] = SKIPPED;
      else if (command.type === 'skip') done.reason = flowTexts.cannotSkip(slot);
      else {
        const parsed = parseSlot(slot, command.value, { today: new Date(this.#options.now()) });
        if (parsed.ok) {
          const changes = Object.hasOwn(current, id) && current[id] !== parsed.value;
          if (changes || (command.type === 'correct_slot' && id !== asking)) done.corrected.set(id, displayValue(slot, parsed.value));
          done.answers[id] = parsed.value;
          delete done.answers[prefillMark(id)];
          if (id === asking) done.reason = undefined;
        } else if (id === asking) done.reason = parsed.message;
        else done.refused.push(parsed.message);
      }
    }
    return done;
  }

  /** Answers given on an older version, as far as the new one still has such slots and takes such values. */
  #carryOver(flow: Flow, slots: Readonly<Record<string, SlotValue>>): Record<string, SlotValue> {
    const carried: Record<string, SlotValue> = {};
    for (const [id, value] of Object.entries(slots)) {
      const slot = Object.hasOwn(flow.slots, id) ? flow.slots[id] : undefined;
      const again = value === SKIPPED ? (slot?.optional ? SKIPPED : undefined) : this.#read(flow, id, String(value));
      if (again !== undefined) carried[id] = again;
    }
    return carried;
  }

  #read(flow: Flow, id: string, raw: string): SlotValue | undefined {
    const slot = Object.hasOwn(flow.slots, id) ? flow.slots[id] : undefined;
    const parsed = slot && parseSlot(slot, raw, { today: new Date(this.#options.now()) });
    return parsed?.ok ? parsed.value : undefined;
  }

  /** Everything said on the way to the open question; calls are answered from the state, never made. */
  async #said(flow: Flow, slots: Readonly<Record<string, SlotValue>>): Promise<Set<string>> {
    const before = await walk(flow, slots, { ...this.#tools(flow), call: async () => ({ ok: false, message: '' }) });
    return new Set(before.messages.map((message) => JSON.stringify(message)));
  }

  #walk(flow: Flow, answers: Readonly<Record<string, SlotValue>>): Promise<Walk> {
    return walk(flow, answers, this.#tools(flow));
  }

  #tools(flow: Flow): WalkTools {
    return { call: (name, args) => this.#call(name, args), read: (slot, raw) => this.#read(flow, slot, raw) };
  }

  /** Asks a back end, for no longer than the limit. Rejects when it fails or stays silent. */
  async #call(name: string, args: Readonly<Record<string, string>>): ReturnType<FlowBackends['call']> {
    const stopWaiting = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const silent = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        stopWaiting.abort();
        reject(new Error(`${name} did not answer in time`));
      }, this.#options.backendTimeoutMs ?? 10_000);
    });
    try {
      return await Promise.race([this.#options.backends.call(name, args, stopWaiting.signal), silent]);
    } finally {
      clearTimeout(timer);
    }
  }

  #settle(
    flow: Flow,
    walked: Walk,
    messages: FlowMessage[],
    asked: { attempts: number; reason: string | undefined; startedAt: number },
  ): FlowResult {
    if (walked.stop === 'failed') return over('failed', [{ kind: 'say', text: flowTexts.broken }]);
    const facts = factsOf(flow, walked);
    if (walked.stop !== 'asking') return { ...over(walked.stop, messages, facts), answers: answersOf(flow, walked) };
    const question = askMessage(flow, walked.step, {
      known: { ...walked.given, ...walked.kept },
      attempts: asked.attempts,
      reason: asked.reason,
      today: this.#today(),
    });
    if (!question) return over('failed', [{ kind: 'say', text: flowTexts.broken }]);
    const { attempts, startedAt } = asked;
    const state: FlowState = {
      flow: flow.id,
      version: flow.version,
      step: walked.step,
      slots: walked.kept,
      asking: question.slot,
      attempts,
      startedAt,
    };
    return { status: 'asking', state, messages: joined([...messages, question]), facts };
  }

  #today(): string {
    return isoOf(new Date(this.#options.now()));
  }
}

/** The flow in the words of the channel. */
function worded(flow: Flow | undefined, { channel }: FlowContext): Flow | undefined {
  const kind = channel === undefined ? undefined : channelKindOf(channel);
  return (kind && flow?.wordings?.[kind]) ?? flow;
}

function over(status: FlowResult['status'], messages: FlowMessage[], facts: FlowResult['facts'] = {}): FlowResult {
  return { status, state: null, messages: joined(messages), facts };
}

function answersOf(flow: Flow, { known }: Walk): Record<string, SlotValue> {
  return Object.fromEntries(Object.entries(known).filter(([id]) => Object.hasOwn(flow.slots, id)));
}

function factsOf(flow: Flow, { known }: Walk): FlowResult['facts'] {
  const found = Object.entries(flow.slots).flatMap(([id, slot]) => {
    const value = Object.hasOwn(known, id) ? known[id] : undefined;
    return slot.prefill === undefined || value === undefined || value === SKIPPED ? [] : [[slot.prefill.profile, value] as const];
  });
  return Object.fromEntries(found);
}

/** What is said in a row becomes one message: a citizen reads one bubble, or pays for one SMS, not five. */
function joined(messages: readonly FlowMessage[]): FlowMessage[] {
  const all: FlowMessage[] = [];
  for (const message of messages) {
    const last = all.at(-1);
    if (message.kind === 'say' && last?.kind === 'say') all[all.length - 1] = { kind: 'say', text: `${last.text}\n\n${message.text}` };
    else all.push(message);
  }
  return all;
}
