/** Durable turns through the core, in this process: a plain answer, a step of a flow, a message to a person. No model. */
import { pino } from 'pino';
import type { LoggedActivity } from '../../bot/activity.ts';
import { fullCapabilities, humanWords } from '../../bot/render.ts';
import { buildHouse, type House } from '../house.ts';
import { newId } from '../ids.ts';
import { questionsFrom } from './questions.ts';
import { measureLoad, type Row } from './sample.ts';
import { benchConfig, inFolder, learnt } from './throw-away.ts';

/** A citizen asks so many questions; then somebody else comes, with a conversation and a greeting of their own. */
const turnsPerCitizen = 8;
const channel = 'bench';
const agent = 'bench-agent';

export interface CoreOptions {
  readonly concurrent: number;
  readonly seconds: number;
}

type Talk = (worker: number) => Promise<void>;

/** Measures what `only` names: answer, flow, handoff. */
export async function benchCore(only: (id: string) => boolean, { concurrent, seconds }: CoreOptions): Promise<Row[]> {
  return inFolder(async (dataDir) => {
    const house = await buildHouse({
      config: benchConfig(dataDir),
      logger: pino({ level: 'silent' }),
      channels: [{ name: channel, capabilities: fullCapabilities }],
      refreshEveryMs: 60_000,
    });
    try {
      await learnt(dataDir);
      const rows: Row[] = [];
      const kinds: [string, string, () => Talk][] = [
        ['answer', 'answer', () => answers(house)],
        ['flow', 'step of a flow', () => flowSteps(house)],
        ['handoff', 'message to a person', () => messagesToPeople(house)],
      ];
      for (const [id, name, talk] of kinds)
        if (only(id)) rows.push(await measureLoad({ id, name: `${name}, durable turn through the core`, concurrent, seconds }, talk()));
      return rows;
    } finally {
      await house.close();
    }
  });
}

async function opened(house: House): Promise<string> {
  const { conversation } = await house.core.openConversation({ channel, userId: newId() });
  await house.core.settled(conversation.id);
  return conversation.id;
}

/** From handing in a message to its committed answer. */
async function said(house: House, conversationId: string, text: string): Promise<void> {
  await house.core.receive({ conversationId, messageId: newId(), activity: { type: 'message', from: { id: 'bench' }, text } });
  await house.core.settled(conversationId);
}

function answers(house: House): Talk {
  const questions = questionsFrom(house.index.items());
  const citizens = new Map<number, { id: string; left: number }>();
  let next = 0;
  return async (worker) => {
    const known = citizens.get(worker);
    const citizen = known && known.left > 0 ? known : { id: await opened(house), left: turnsPerCitizen };
    citizen.left--;
    citizens.set(worker, citizen);
    await said(house, citizen.id, questions[next++ % questions.length] as string);
  };
}

/** Goes through one flow after the other by pressing the first button that answers, skipping what has none. */
function flowSteps(house: House): Talk {
  const names = house.engine.flows.flatMap((flow) => flow.examples.slice(0, 1));
  const citizens = new Map<number, { id: string; step: number }>();
  let next = 0;
  return async (worker) => {
    const known = citizens.get(worker);
    const citizen = known && known.step < turnsPerCitizen ? known : { id: await opened(house), step: 0 };
    citizens.set(worker, citizen);
    const text = citizen.step === 0 ? (names[next++ % names.length] as string) : await nextAnswer(house, citizen.id);
    citizen.step++;
    await said(house, citizen.id, text);
  };
}

async function nextAnswer(house: House, conversationId: string): Promise<string> {
  const seq = (await house.log.read(conversationId, 0, 200)).at(-1);
  return seq ? firstButton(seq) : '跳过';
}

function firstButton({ suggestedActions }: LoggedActivity): string {
  const said = suggestedActions?.actions.find(({ type, value }) => type === 'imBack' && value !== humanWords);
  return typeof said?.value === 'string' ? said.value : '跳过';
}

/** Somebody from the desk has taken the conversation: what the citizen writes is logged, and nobody answers for the person. */
function messagesToPeople(house: House): Talk {
  const conversations = new Map<number, Promise<string>>();
  const taken = async () => {
    const id = await opened(house);
    await said(house, id, humanWords);
    await house.desk.claim(id, agent);
    return id;
  };
  let next = 0;
  return async (worker) => {
    const id = conversations.get(worker) ?? taken();
    conversations.set(worker, id);
    await said(house, await id, `我的材料已经交了，编号是第 ${next++} 号，麻烦帮我看看`);
  };
}
