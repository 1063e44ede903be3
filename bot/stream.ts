/** Shows an answer to whoever is connected while a model still writes it: checked sentences only, never logged. */
import type { Activity } from './activity.ts';
import type { Draft } from './answer/draft.ts';
import type { ConversationLog } from './log.ts';
import { type RenderOptions, render } from './render.ts';

export interface AnswerStream {
  /** Undefined when nobody is connected: the answer is then asked for as a whole. */
  readonly onChecked: ((draft: Draft) => void) | undefined;
  /** The replies of the turn; the one that was streamed says that it ends its stream. */
  ended(replies: readonly Activity[]): Activity[];
}

/** `streamId`: the id of the message that is answered; the informative activity of the turn carried it with sequence 1. */
export function answerStream(log: ConversationLog, conversationId: string, streamId: string, options: RenderOptions): AnswerStream {
  let sequence = 1;
  const onChecked = (draft: Draft) => {
    const [activity] = render([{ ...draft, quickReplies: [] }], options);
    if (!activity) return;
    const { from, text, textFormat, entities } = activity;
    log.transient(conversationId, {
      type: 'typing',
      from,
      ...(text === undefined ? {} : { text }),
      ...(textFormat ? { textFormat } : {}),
      ...(entities ? { entities } : {}),
      channelData: { streamType: 'streaming', streamId, streamSequence: ++sequence },
    });
  };
  return {
    onChecked: log.hasFollowers(conversationId) ? onChecked : undefined,
    ended(replies) {
      if (sequence === 1) return [...replies];
      const streamed = replies.findIndex(({ channelData }) => channelData?.origin !== 'template');
      return replies.map((reply, i) =>
        i === Math.max(0, streamed) ? { ...reply, channelData: { ...reply.channelData, streamType: 'final', streamId } } : reply,
      );
    },
  };
}
