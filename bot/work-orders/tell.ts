/** How a citizen hears of their order: words in their conversation, which every channel delivers its own way. */
import type { ChannelAccount } from '../activity.ts';
import { notice } from '../handoff/events.ts';
import type { ConversationLog } from '../log.ts';
import type { Db } from '../store/database.ts';

export interface Addressee {
  readonly conversationId: string;
  readonly channel: string;
}

/** answer: what the citizen asked for · unasked: progress and follow-up, which a channel may hold back or send by day only. */
export type Occasion = 'answer' | 'unasked';

/** Writes `text` to a citizen inside `tx`; the returned function is called after the commit. */
export type Tell = (tx: Db, to: Addressee, text: string, occasion: Occasion) => Promise<() => void>;

/** Tells through the conversation's log; push channels get it from the outbox. */
export function tellThroughLog(log: ConversationLog, assistant: ChannelAccount): Tell {
  return async (tx, to, text, occasion) => {
    const said = notice(assistant, text);
    const marked = occasion === 'answer' ? said : { ...said, channelData: { ...said.channelData, unasked: true } };
    const logged = await log.append(tx, { id: to.conversationId, channel: to.channel }, [marked]);
    return () => log.announce(to.conversationId, logged.at(-1)?.seq ?? 0);
  };
}
