/** How a citizen hears of their order: words in their conversation, which every channel delivers its own way. */
import type { ChannelAccount } from '../activity.ts';
import { notice } from '../handoff/events.ts';
import type { ConversationLog } from '../log.ts';
import type { Db } from '../store/database.ts';

export interface Addressee {
  readonly conversationId: string;
  readonly channel: string;
}

/** Writes `text` to a citizen inside `tx`; the returned function is called after the commit. */
export type Tell = (tx: Db, to: Addressee, text: string) => Promise<() => void>;

/** Tells through the conversation's log; push channels get it from the outbox. */
export function tellThroughLog(log: ConversationLog, assistant: ChannelAccount): Tell {
  return async (tx, to, text) => {
    const logged = await log.append(tx, { id: to.conversationId, channel: to.channel }, [notice(assistant, text)]);
    return () => log.announce(to.conversationId, logged.at(-1)?.seq ?? 0);
  };
}
