/** Which of a model's commands count: known ids, values that were said, steering that was asked for. Everything else is dropped. */
import { titleOf } from '../../knowledge/item.ts';
import { normalise } from '../../knowledge/text/normalise.ts';
import type { CommandsOutput } from '../../prompts/commands.ts';
import { isSure } from '../answer/answer.ts';
import { inventedWords } from '../answer/rewrite-model.ts';
import type { Flow } from '../flows/schema.ts';
import { parseSlot } from '../flows/slots.ts';
import { type Command, commandSchema } from './commands.ts';
import { asksForHuman, declinesHuman } from './phrases.ts';
import type { RecogniserInput } from './recogniser.ts';

/** What must stand in the message before these count. */
const evidence = {
  cancel_flow: /不办|不弄|不查|不填|不要了|不想|算了|取消|停|退出|终止|结束|cancel|stop|quit|never ?mind/i,
  skip: /跳过|不填|不想|没有|不知道|下一|略过|skip|pass/i,
  repeat: /再说|再讲|重复|没听|没看清|什么意思|刚才|你问|repeat|again/i,
  hand_over: /人工|真人|客服|工作人员|转接|找个?人|person|human|agent|someone/i,
};
const topics = ['greeting', 'thanks', 'goodbye', 'identity', 'scope', 'praise', 'complaint_about_bot'] as const;

/** The commands that hold, in order, each once; empty when none does. `flows` are all flows of the house. */
export function admitted({ commands }: CommandsOutput, input: RecogniserInput, flows: readonly Flow[]): Command[] {
  const options = clarifying(commands, input);
  const kept: Command[] = options ? [options] : [];
  for (const proposed of commands) {
    const command = one(proposed, input, flows);
    const parsed = command === undefined ? undefined : commandSchema.safeParse(command);
    if (parsed?.success && !kept.some((known) => JSON.stringify(known) === JSON.stringify(parsed.data))) kept.push(parsed.data);
  }
  return kept;
}

type Proposed = CommandsOutput['commands'][number];

function one({ type, id, value }: Proposed, input: RecogniserInput, flows: readonly Flow[]): Command | undefined {
  const { said, text, found, activeFlow } = input;
  const plain = normalise(said);
  switch (type) {
    case 'start_flow':
      return input.flows.some((flow) => flow.id === id) && flows.some((flow) => flow.id === id) && activeFlow?.id !== id
        ? { type, flow: id, slots: {} }
        : undefined;
    case 'set_slot':
    case 'correct_slot': {
      const slot = activeFlow?.slots[id];
      const wasSaid = value.trim() !== '' && plain.includes(normalise(value).trim());
      if (!slot || !wasSaid || !parseSlot(slot, value, { today: input.today }).ok) return undefined;
      return { type, slot: id, value };
    }
    case 'cancel_flow':
    case 'skip':
      return activeFlow && evidence[type].test(plain) ? { type } : undefined;
    case 'repeat':
      return evidence.repeat.test(plain) ? { type } : undefined;
    case 'hand_over':
      return (asksForHuman(plain) || evidence.hand_over.test(plain)) && !declinesHuman(plain) ? { type, reason: 'asked' } : undefined;
    case 'answer': {
      const query = value.trim();
      const item = found.candidates.find((candidate) => candidate.item.id === id)?.item;
      const holds = query !== '' && inventedWords(query, said, contextOf(input)).length === 0;
      return { type, query: holds ? query : text, ...(item ? { itemId: item.id } : {}) };
    }
    case 'small_talk': {
      const topic = topics.find((known) => known === value);
      return topic ? { type, topic } : undefined;
    }
    case 'out_of_scope':
      // What the knowledge base clearly answers is in scope, whatever a model thinks.
      return isSure(found) ? undefined : { type };
    case 'cannot_handle':
    case 'clarify':
      return undefined;
  }
}

/** The items it can't decide between become one question with two or three options. */
function clarifying(commands: readonly Proposed[], { found }: RecogniserInput): Command | undefined {
  const ids = new Set(commands.filter((command) => command.type === 'clarify').map((command) => command.id));
  const items = found.candidates.map(({ item }) => item).filter((item) => ids.has(item.id));
  if (items.length < 2) return undefined;
  return { type: 'clarify', options: items.slice(0, 3).map((item) => ({ title: titleOf(item).slice(0, 100), value: titleOf(item) })) };
}

/** What was said or named: a completed question may use these words only. */
function contextOf({ state, found, turns, text }: RecogniserInput): Parameters<typeof inventedWords>[2] {
  return {
    lastQuestion: state.lastQuestion ?? undefined,
    options: [text, ...state.options.map((option) => option.title), ...found.candidates.map(({ item }) => titleOf(item))],
    turns,
  };
}
