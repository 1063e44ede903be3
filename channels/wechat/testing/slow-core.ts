/** A core for the two-process test: the real inbox, log and outbox, and an answer that takes its time. It answers `答复 <text>`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Activity } from '../../../bot/activity.ts';
import type { ConversationLog } from '../../../bot/log.ts';
import { createConversation, findConversation } from '../../../bot/store/conversations.ts';
import type { OpenDatabase } from '../../../bot/store/database.ts';
import { acceptMessage, finishInbox, type InboxRow, pendingInbox } from '../../../bot/store/inbox.ts';
import type { WechatCore } from '../options.ts';

const bot = { id: 'wenban', name: '小澜', role: 'bot' as const };

export function slowCore(database: OpenDatabase, log: ConversationLog, thinkMs: number): WechatCore {
  const queues = new Map<string, Promise<void>>();

  /** As in the real core: turns of one conversation follow one another; a row that is done already is answered by nobody. */
  async function turn(row: InboxRow): Promise<void> {
    if (row.activity.type === 'message') await sleep(thinkMs);
    const text = row.activity.type === 'message' ? `答复 ${row.activity.text}。` : '您好。';
    const reply: Activity = { type: 'message', from: bot, text, textFormat: 'plain', replyToId: row.activity.id };
    const seq = await database.transaction(async (tx) => {
      if (!(await finishInbox(tx, row.id, Date.now()))) return undefined;
      return (await log.append(tx, { id: row.conversationId, channel: row.channel }, [reply])).at(-1)?.seq;
    });
    if (seq !== undefined) log.announce(row.conversationId, seq);
  }
  async function drain(conversationId: string): Promise<void> {
    try {
      for (const row of await pendingInbox(database.db, conversationId)) await turn(row);
    } catch (error) {
      console.error('a turn failed', error);
      await sleep(1000);
      await drain(conversationId);
    }
  }
  function kick(conversationId: string): void {
    const drained = (queues.get(conversationId) ?? Promise.resolve()).then(() => drain(conversationId));
    queues.set(conversationId, drained);
  }

  return {
    log,
    async openConversation({ id, channel, userId, locale = 'zh-CN', profile }) {
      const opened = await database.transaction(async (tx) => {
        const result = await createConversation(tx, { id, channel, userId, locale, profile }, Date.now());
        const joined: Activity = { type: 'conversationUpdate', from: { id: userId, role: 'user' } };
        if (result.created)
          await acceptMessage(tx, { channel, messageId: `${id}:joined`, conversationId: id, activity: joined }, Date.now());
        return result;
      });
      if (opened.created) kick(id);
      return opened;
    },
    async receive({ conversationId, messageId, activity }) {
      const conversation = await findConversation(database.db, conversationId);
      if (!conversation) return { error: 'unknown_conversation' };
      const said = { ...activity, from: { id: conversation.userId, role: 'user' as const } } as Activity;
      const receipt = await database.transaction((tx) =>
        acceptMessage(tx, { channel: conversation.channel, messageId, conversationId, activity: said }, Date.now()),
      );
      if (!receipt.duplicate) {
        log.announce(conversationId, receipt.seq);
        kick(conversationId);
      }
      return receipt;
    },
  };
}
