/** A busy hour for the pictures of the desk: two hundred citizens wait, and somebody has nine conversations open. */
import { requestHandoff } from '../bot/handoff/request.ts';
import { summarise } from '../bot/handoff/summary.ts';
import type { House } from '../server/house.ts';

const matters = [
  '身份证丢了怎么补办',
  '居住证到期了怎么续签',
  '公积金贷款能贷多少',
  '异地就医怎么备案',
  '孩子上小学要准备什么',
  '营业执照地址变更',
  '退休金这个月没有到账，想问一下原因',
  '房产证过户要交多少税',
  '低保申请被退回了',
];

/** Fills the queue with `waiting` citizens and gives `agent` nine of their own, each with words that wait for an answer. */
export async function crowd(house: House, agent: string, waiting: number): Promise<void> {
  for (let index = 0; index < waiting + 9; index += 1) {
    const text = matters[index % matters.length] ?? '';
    const { conversation } = await house.core.openConversation({
      channel: 'web',
      userId: `crowd-${index}`,
      profile: { name: `市民${index + 1}` },
    });
    await house.core.settled(conversation.id);
    const from = { id: conversation.userId, role: 'user' as const };
    // The nine have asked the bot first, as figures count only those.
    if (index < 9) {
      await house.core.receive({ conversationId: conversation.id, messageId: `crowd-${index}`, activity: { type: 'message', from, text } });
      await house.core.settled(conversation.id);
    }
    const place = { id: conversation.id, channel: 'web' };
    if (index >= 9) await house.database.transaction((tx) => house.log.append(tx, place, [{ type: 'message', from, text }]));
    const said = await house.log.read(conversation.id, 0);
    await house.database.transaction(async (tx) => {
      const urgency = index % 40 === 17 ? ('urgent' as const) : index % 15 === 4 ? ('sub_urgent' as const) : ('general' as const);
      const request = { conversationId: conversation.id, reason: 'asked', skill: index % 4 === 2 ? '公积金' : 'general', urgency };
      const opened = await requestHandoff(tx, {
        ...request,
        summary: summarise(said),
        activities: said,
        newId: () => `crowd-${index}`,
        now: house.now(),
      });
      await house.log.append(tx, place, opened.activities);
    });
    if (index >= 9) continue;
    await house.desk.claim(conversation.id, agent);
    await house.desk.say(conversation.id, agent, { text: '您好，我来帮您看一下，请稍等。', messageId: `crowd-${index}` });
    const words = { type: 'message' as const, from, text: '好的，那我还要带什么材料吗？' };
    await house.database.transaction((tx) => house.log.append(tx, place, [words]));
  }
  await house.desk.queueMoved();
}
