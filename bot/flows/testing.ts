/** A flow with every kind of step, and helpers, for tests. */
import type { FlowBackends } from './backends.ts';
import { FlowEngine, type FlowResult } from './engine.ts';
import { expandFlow, type FlowSurroundings } from './expand.ts';
import type { Flow, Slot } from './flow.ts';
import { readFlow } from './load.ts';
import type { FlowSource } from './schema.ts';

/** Reads a flow from YAML as written; throws with its problems. */
export function sourceOf(source: string): FlowSource {
  const read = readFlow(source);
  if (!read.flow) throw new Error(JSON.stringify(read.problems));
  return read.flow;
}

/** Reads a flow from YAML, ready to run among others. */
export function flowOf(source: string, around: FlowSurroundings = {}): Flow {
  return expandFlow(sourceOf(source), around);
}

export const head = (id = 'demo', version = 1): string =>
  `id: ${id}\nversion: ${version}\nname: 示例\ndescription: 示例流程\nowner: police\nkind: other\nexamples: [一, 二, 三, 四, 五]\n`;

export const demoSlots = `
slots:
  reason:
    type: choice
    label: 原因
    ask: 是哪种情况？
    help: 选最接近的。
    purpose: 材料不一样。
    options: [{value: lost, label: 丢了}, {value: expired, label: 到期了}]
  reported: {type: yes_no, label: 报失, ask: 报失了吗？}
  age: {type: number, label: 年龄, ask: 几岁？, min: 0, max: 120, purpose: 小孩要监护人陪着。}
  phone: {type: phone, label: 电话, ask: 电话多少？, sensitive: true}
  note: {type: text, label: 备注, ask: 还有什么要说的？, optional: true, max: 50}
`;

export const demo = `${head()}guide: id-card\n${demoSlots}
steps:
  - say: 开始。
  - collect: reason
  - say: "原因：{reason}。"
  - branch: [{when: {slot: reason, is: expired}, to: ages}]
  - collect: reported
  - id: ages
    collect: age
  - collect: phone
  - collect: note
  - branch: [{when: {slot: age, lt: 16}, to: child}]
    else: lookup
  - id: child
    handoff: {reason: "{age}岁的孩子", skill: 户籍, urgency: sub_urgent}
  - id: lookup
    call: office.find
    with: {phone: "{phone}", why: "{reason}"}
    into: case
  - branch: [{when: {slot: case.found, is: true}, to: found}]
  - say: 没找到。
  - goto: list
  - id: found
    say: "找到{case.name}，电话{phone}，备注{note}。"
  - id: list
    notice: {guide: id-card, scenarios: {fromSlot: reason}}
  - end: completed
`;

export const now = (): number => new Date(2026, 2, 5, 10).getTime();

/** An office that finds everything and remembers what it was asked. */
export function office(): FlowBackends & { calls: Record<string, string>[] } {
  const calls: Record<string, string>[] = [];
  return {
    calls,
    async call(_, args) {
      calls.push({ ...args });
      return { ok: true, values: { found: true, name: '张三的证' } };
    },
  };
}

export function engineOf(source: string | Flow, backends: FlowBackends = office()): FlowEngine {
  return new FlowEngine({ flows: [typeof source === 'string' ? flowOf(source) : source], backends, now, backendTimeoutMs: 50 });
}

/** The texts of a result, with notices and handoffs in brackets. */
export function words(result: FlowResult): string[] {
  return result.messages.map((message) =>
    message.kind === 'say' || message.kind === 'ask'
      ? message.text
      : message.kind === 'notice'
        ? `[${message.matters.map(({ guide, scenarios }) => `${guide}:${scenarios.join()}`).join(' ')}]`
        : message.kind === 'answer'
          ? `[${'item' in message.ask ? message.ask.item : message.ask.question}]`
          : `[${message.reason}]`,
  );
}

/** An answer that the question takes; `pick` (0 to 1) chooses among several. */
export function goodAnswer(slot: Slot, pick: number): string {
  const one = (all: readonly string[]): string => all[Math.min(all.length - 1, Math.floor(pick * all.length))] ?? '';
  switch (slot.type) {
    case 'choice':
      return one(slot.options.map((option) => option.label));
    case 'yes_no':
      return one([slot.yesLabel, slot.noLabel]);
    case 'number':
      return String(slot.min ?? slot.max ?? 1);
    case 'date':
      return slot.min === undefined || slot.min === 'today' ? '今天' : slot.min;
    case 'phone':
      return '13800138000';
    case 'text': {
      const fits = new RegExp(`^(?:${slot.pattern ?? '.*'})$`, 'u');
      return ['AL2026000101', '1101', 'AL2026000103', '随便写点'].find((text) => fits.test(text)) ?? '';
    }
  }
}
