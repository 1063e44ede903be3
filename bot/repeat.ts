/** "Say that again": the last reply word for word while what it quotes is unchanged, else the same question answered afresh. */
import type { SearchFilter } from '../knowledge/index/types.ts';
import { titleOf } from '../knowledge/item.ts';
import type { Activity, LoggedActivity } from './activity.ts';
import type { Answerer } from './answer/answer.ts';
import { type Draft, say } from './answer/draft.ts';
import { nothingFound } from './answer/retrieve.ts';
import type { DialogueState } from './dialogue-state.ts';
import type { Texts } from './texts.ts';

export interface RepeatOptions {
  /** The log before the message that asks for it, oldest first. */
  readonly before: readonly LoggedActivity[];
  readonly answerer: Answerer;
  /** What is published now, as kept beside the item of every reply; see `knowledgeMark`. */
  readonly mark: string;
  readonly state: DialogueState;
  readonly texts: Texts;
  readonly filter: SearchFilter;
  readonly render: (drafts: readonly Draft[]) => Activity[];
  readonly hotline: string;
  readonly replyToId: string;
}

/** Names the published knowledge on a day: replies made under the same mark quote what is in force. */
export function knowledgeMark(revision: string, filter: SearchFilter): string {
  return `${revision}@${filter.on}`;
}

/** Replies with an item carry the mark of the knowledge they were made from. */
export function withMark(replies: readonly Activity[], mark: string): Activity[] {
  return replies.map((reply) => (reply.channelData?.item ? { ...reply, channelData: { ...reply.channelData, knowledge: mark } } : reply));
}

/** The bot's messages since the citizen spoke before this, once more. */
export function repetition(options: RepeatOptions): Activity[] {
  const messages = options.before.filter((activity) => activity.type === 'message');
  const start = messages.findLastIndex((activity) => activity.from.role !== 'bot') + 1;
  const said = messages.slice(start);
  if (said.length === 0) return options.render([say(options.texts.nothingToRepeat)]);
  return said.flatMap((activity) => again(activity, options));
}

function again(activity: LoggedActivity, options: RepeatOptions): Activity[] {
  const { answerer, mark, state, texts, filter, render, hotline } = options;
  const item = activity.channelData?.item as { id: string } | undefined;
  if (!item || activity.channelData?.knowledge === mark) {
    const { id: _id, timestamp: _timestamp, seq: _seq, conversation: _conversation, channelData, ...rest } = activity;
    const { streamId: _stream, streamType: _type, ...data } = channelData ?? {};
    return [{ ...rest, replyToId: options.replyToId, ...(channelData ? { channelData: data } : {}) }];
  }
  const now = answerer.item(item.id);
  const query = (state.lastItemId === item.id ? state.lastQuestion : null) ?? (now ? titleOf(now) : '');
  const answer = answerer.answerFrom(item.id, query, nothingFound, texts, filter, state.lastScenarioIds);
  // A new day alone changes nothing.
  if (answer.kind === 'answered') {
    const fresh = render([answer.draft]);
    if (fresh.length === 1 && fresh[0]?.text === activity.text) return withMark(fresh, mark);
  }
  return answer.kind === 'answered'
    ? withMark(render([say(texts.changedSince), answer.draft]), mark)
    : render([say(`${texts.withdrawnSince}\n${texts.notFound(undefined, hotline)}`)]);
}
