/** Citizens of an evaluation: they speak to a house in process and read its log, its turns and its state. */
import { randomUUID } from 'node:crypto';
import type { MessageEntity } from '../bot/activity.ts';
import type { Core } from '../bot/core.ts';
import { dialogueStateSchema, freshState, stateKey } from '../bot/dialogue-state.ts';
import type { Flow } from '../bot/flows/schema.ts';
import type { ConversationLog } from '../bot/log.ts';
import type { OpenDatabase } from '../bot/store/database.ts';
import { StateStorage } from '../bot/store/state.ts';
import { listTurns } from '../bot/store/turns.ts';
import type { KnowledgeIndex, Passage } from '../knowledge/index/types.ts';
import type { Citizen, Heard, Talk } from './talk.ts';

/** The parts of a house that are talked to. */
export interface HouseParts {
  readonly core: Core;
  readonly log: ConversationLog;
  readonly database: OpenDatabase;
  readonly index: KnowledgeIndex;
  readonly engine: { readonly flows: readonly Flow[] };
}

/** `channels`: the names under which the house was given channels for the evaluation, by what they can show. */
export function talkTo(house: HouseParts, channels: { readonly full: string; readonly plain: string }): Talk {
  return {
    flows: house.engine.flows,
    citizen: ({ locale = 'zh-CN', channel = 'full' } = {}) => arrive(house, channels[channel], `citizen-${randomUUID()}`, locale),
  };
}

async function arrive(house: HouseParts, channel: string, userId: string, locale: string): Promise<Citizen> {
  const { conversation } = await house.core.openConversation({ channel, userId, locale });
  const conversationId = conversation.id;
  await house.core.settled(conversationId);
  let read = (await house.log.read(conversationId, 0)).at(-1)?.seq ?? 0;
  let messages = 0;
  return {
    conversationId,
    says: async (text) => {
      const start = performance.now();
      const activity = { type: 'message' as const, from: { id: userId, role: 'user' as const }, locale, text };
      const receipt = await house.core.receive({ conversationId, messageId: `${conversationId}:${++messages}`, activity });
      if ('error' in receipt) throw new Error(receipt.error);
      await house.core.settled(conversationId);
      const latencyMs = performance.now() - start;
      const logged = await house.log.read(conversationId, read);
      read = logged.at(-1)?.seq ?? read;
      return { ...(await heardFrom(house, conversationId, channel, logged)), latencyMs };
    },
  };
}

async function heardFrom(
  house: HouseParts,
  conversationId: string,
  channel: string,
  logged: Awaited<ReturnType<ConversationLog['read']>>,
): Promise<Omit<Heard, 'latencyMs'>> {
  const said = logged.filter((activity) => activity.from.role === 'bot');
  const messages = said.filter((activity) => activity.type === 'message');
  const turn = (await listTurns(house.database.db, conversationId)).at(-1);
  if (!turn) throw new Error('the message had no turn');
  const key = stateKey(channel, conversationId);
  const stored = (await new StateStorage(house.database.db).read([key]))[key];
  const claims = messages.flatMap((message) => ((message.entities ?? []) as MessageEntity[]).flatMap((entity) => entity.citation ?? []));
  return {
    text: messages.map((message) => message.text ?? '').join('\n'),
    messages,
    events: said.filter((activity) => activity.type === 'event'),
    buttons: messages.flatMap((message) => message.suggestedActions?.actions ?? []).map((action) => action.title),
    citations: turn.citations.flatMap((id) => passageOf(house.index, id) ?? []),
    sources: claims.map((claim) => claim.appearance.name),
    turn,
    state: stored ? dialogueStateSchema.parse(stored) : freshState(),
  };
}

function passageOf(index: KnowledgeIndex, id: string): Passage | undefined {
  return index.passagesOf(id.split('#')[0] ?? '').find((passage) => passage.id === id);
}
