/** A whole Wenban on a temporary folder with a clock of its own, and citizens who talk to it: a test reads like a chat. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Activity, CitationClaim, LoggedActivity, MessageEntity } from '../../bot/activity.ts';
import { type ChannelCapabilities, fullCapabilities } from '../../bot/render.ts';
import { type Conversation, findConversation } from '../../bot/store/conversations.ts';
import { listTurns, type TurnRecord } from '../../bot/store/turns.ts';
import { parseConfig } from '../../server/config.ts';
import { buildHouse, type House } from '../../server/house.ts';

/** The channel citizens of tests speak on. */
const channel = 'test';

export interface TestHouse {
  readonly house: House;
  /** What the house takes for the time; move it at will. */
  readonly clock: { now: number };
  /** Everything logged as an error or a warning: a good test ends with none. */
  readonly complaints: readonly string[];
  /** Somebody opens a conversation and has read the greeting. */
  citizen(options?: { locale?: string }): Promise<Citizen>;
  close(): Promise<void>;
}

export interface Citizen {
  readonly conversationId: string;
  readonly greeting: Reply;
  /** Says something and waits for the turn to end. */
  says(text: string, extra?: Partial<Activity>): Promise<Reply>;
  /** Presses a quick reply of the last answer by its title. */
  presses(title: string): Promise<Reply>;
  /** Submits the form of the last answer. */
  fills(values: Record<string, unknown>): Promise<Reply>;
  /** Sends an event, e.g. `rating.submit`. */
  sends(name: string, value: unknown): Promise<Reply>;
  log(): Promise<LoggedActivity[]>;
  turns(): Promise<TurnRecord[]>;
  conversation(): Promise<Conversation>;
}

/** What came back for one message. */
export interface Reply {
  /** All messages of the reply, one after another. */
  readonly text: string;
  readonly messages: readonly LoggedActivity[];
  readonly events: readonly LoggedActivity[];
  readonly citations: readonly CitationClaim[];
  /** Titles of what can be pressed. */
  readonly buttons: readonly string[];
  /** Inputs of the form, if there is one. */
  readonly formFields: readonly string[];
  /** The one turn this message had. */
  readonly turn: TurnRecord;
}

/** Opens a house on the sample pack. `now` is a time in China such as 2026-03-02T10:00. */
export async function openHouse({
  now = '2026-03-02T10:00',
  capabilities = fullCapabilities,
  pack = 'anlan',
  environment = {},
}: {
  now?: string;
  capabilities?: ChannelCapabilities;
  pack?: string;
  /** More configuration, such as a language model's address. */
  environment?: NodeJS.ProcessEnv;
} = {}): Promise<TestHouse> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wenban-house-'));
  const parsed = parseConfig({ ...environment, DATA_DIR: dataDir, KNOWLEDGE_PACK: pack });
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  const clock = { now: Date.parse(`${now}+08:00`) };
  const complaints: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void complaints.push(line) });
  const house = await buildHouse({
    config: parsed.config,
    logger,
    channels: [{ name: channel, capabilities, mayRemind: async () => true }],
    now: () => clock.now,
    refreshEveryMs: 0,
  });
  let people = 0;
  return {
    house,
    clock,
    complaints,
    citizen: ({ locale = 'zh-CN' } = {}) => arrive(house, `citizen-${++people}`, locale),
    close: async () => {
      await house.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function arrive(house: House, userId: string, locale: string): Promise<Citizen> {
  const { conversation } = await house.core.openConversation({ channel, userId, locale });
  const conversationId = conversation.id;
  let messages = 0;
  let read = 0;
  let last: Reply;
  const turns = () => listTurns(house.database.db, conversationId);

  /** Everything the house wrote since we last looked. */
  const hear = async (): Promise<Reply> => {
    await house.core.settled(conversationId);
    const heard = await house.log.read(conversationId, read);
    read = heard.at(-1)?.seq ?? read;
    const turn = (await turns()).at(-1);
    if (!turn) throw new Error('the message had no turn');
    last = asReply(heard, turn);
    return last;
  };
  const send = async (activity: Partial<Activity> & Pick<Activity, 'type'>): Promise<Reply> => {
    const before = (await turns()).length;
    const receipt = await house.core.receive({
      conversationId,
      messageId: `${userId}:${++messages}`,
      activity: { from: { id: userId, role: 'user' }, locale, ...activity } as Parameters<typeof house.core.receive>[0]['activity'],
    });
    if ('error' in receipt) throw new Error(receipt.error);
    const reply = await hear();
    const more = (await turns()).length - before;
    if (more !== 1) throw new Error(`one message had ${more} turns`);
    return reply;
  };
  const greeting = await hear();
  return {
    conversationId,
    greeting,
    says: (text, extra = {}) => send({ type: 'message', text, ...extra }),
    presses: (title) => {
      const action = last.messages.flatMap((message) => message.suggestedActions?.actions ?? []).find((one) => one.title === title);
      if (action?.type !== 'imBack') throw new Error(`there is no button ${title} among ${last.buttons.join(', ')}`);
      return send({ type: 'message', text: String(action.value) });
    },
    fills: (values) => send({ type: 'message', text: Object.values(values).join('，'), value: { wenbanForm: 'form', ...values } }),
    sends: (name, value) => send({ type: 'event', name, value }),
    log: () => house.log.read(conversationId, 0, 10_000),
    turns,
    conversation: async () => {
      const found = await findConversation(house.database.db, conversationId);
      if (!found) throw new Error('the conversation is gone');
      return found;
    },
  };
}

function asReply(heard: readonly LoggedActivity[], turn: TurnRecord): Reply {
  const said = heard.filter((activity) => activity.from.role === 'bot');
  const messages = said.filter((activity) => activity.type === 'message');
  const forms = messages.flatMap((message) => message.attachments ?? []).map((attachment) => attachment.content);
  return {
    text: messages.map((message) => message.text ?? '').join('\n'),
    messages,
    events: said.filter((activity) => activity.type === 'event'),
    citations: messages.flatMap((message) => ((message.entities ?? []) as MessageEntity[]).flatMap((entity) => entity.citation)),
    buttons: messages.flatMap((message) => message.suggestedActions?.actions ?? []).map((action) => action.title),
    formFields: forms.flatMap((form) =>
      ((form as { body?: { id?: string }[] } | undefined)?.body ?? []).flatMap((field) => (field.id ? [field.id] : [])),
    ),
    turn,
  };
}
