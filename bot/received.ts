/** The first step of a turn: what the conversation is at, and who is writing how. */
import type { SearchFilter } from '../knowledge/index/types.ts';
import { audienceSchema } from '../knowledge/item.ts';
import { dayInChina } from '../knowledge/life/rules.ts';
import type { Activity } from './activity.ts';
import { type DialogueState, dialogueStateSchema, freshState, stateKey } from './dialogue-state.ts';
import { afterSilence } from './patterns/pause.ts';
import { met, type Reception } from './patterns/reception.ts';
import { wordedTexts } from './patterns/texts.ts';
import type { RenderOptions } from './render.ts';
import type { Conversation } from './store/conversations.ts';
import { OutOfTurnError } from './store/errors.ts';
import type { InboxRow } from './store/inbox.ts';
import { type TurnStart, turnStart } from './store/turn-start.ts';
import { type AnswerStream, answerStream } from './stream.ts';
import type { Texts } from './texts.ts';
import type { TurnTools } from './turn.ts';

/** What a turn works on: loaded once at its start. */
export interface Received {
  readonly row: InboxRow;
  readonly conversation: Conversation;
  readonly state: DialogueState;
  readonly before: TurnStart;
  /** eTag of the stored state; undefined for a conversation that has none yet. */
  readonly eTag: string | undefined;
  /** BCP 47. */
  readonly locale: string;
  readonly texts: Texts;
  readonly reception: Reception;
  readonly filter: SearchFilter;
  readonly render: RenderOptions;
  readonly stream: AnswerStream;
}

/** Loads it. Errors: the store's; OutOfTurnError when another message of the conversation comes first. */
export async function receive(tools: TurnTools, row: InboxRow): Promise<Received> {
  const before = await turnStart(tools.database.db, row.conversationId, stateKey(row.channel, row.conversationId));
  if (!before) throw new Error(`inbox row ${row.id} names conversation ${row.conversationId}, which does not exist`);
  if (before.next !== row.id) throw new OutOfTurnError(`inbox row ${row.id} is not the next one`);
  const { conversation, stored } = before;
  const known = stored ? dialogueStateSchema.parse(stored) : freshState();
  const at = tools.now();
  const asked = row.activity.locale ?? conversation.locale;
  const reception = met(row.activity, afterSilence(known, at, tools.patterns.resume), asked, at);
  // With nobody from the desk there, an invitation to fill in together has lapsed.
  const state = conversation.mode === 'agent' ? reception.state : { ...reception.state, together: null };
  const filter = { on: dayInChina(tools.now()), ...audienceOf(row.activity) };
  const texts = wordedTexts(tools.patterns, reception.locale);
  const replyToId = row.activity.type === 'message' ? row.activity.id : undefined;
  const render = { capabilities: tools.capabilitiesOf(conversation.channel), bot: tools.bot, texts, replyToId };
  const stream = answerStream(tools.log, conversation.id, row.activity.id, render);
  return { row, conversation, before, state, eTag: stored?.eTag, locale: reception.locale, texts, reception, filter, render, stream };
}

/** An entry for one kind of applicant says so with every message (`channelData.audience`): the other kind's errands are left out there. */
function audienceOf({ channelData }: Activity): Pick<SearchFilter, 'audience'> {
  const { data } = audienceSchema.safeParse(channelData?.audience);
  return data === undefined ? {} : { audience: data };
}
