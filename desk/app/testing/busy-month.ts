/** A month of conversations for the screens of analysts: answered, lost, handed over, rated. */
import type { House } from '../../../bot/handoff/testing/house.ts';
import { talk } from '../../../bot/insights/testing/talk.ts';
import type { Outcome } from '../../../bot/outcome.ts';
import { saveRating } from '../../../bot/store/ratings.ts';

const day = 86_400_000;
const asked: readonly { text: string; outcome: Outcome; items: string[] }[] = [
  { text: '身份证丢了怎么补', outcome: 'answered', items: ['id-card#steps'] },
  { text: '居住证要什么材料', outcome: 'answered', items: ['residence#materials'] },
  { text: '帮我列清单', outcome: 'flow_completed', items: ['id-card#materials'] },
  { text: '飞机可以带宠物吗', outcome: 'unanswerable_not_found', items: [] },
  { text: '飞机能不能带宠物，我电话13812345678', outcome: 'unanswerable_not_found', items: [] },
  { text: '你好', outcome: 'small_talk', items: [] },
];

/** Sixty conversations over the 29 days before `now`; every fifth went to a person, every fourth was rated. */
export async function busyMonth(house: House, now: number): Promise<void> {
  const { database } = house;
  for (let index = 0; index < 60; index += 1) {
    const id = `busy-${index}`;
    const at = now - ((index * 7) % 29) * day - 3_600_000;
    const one = asked[index % asked.length];
    if (!one) continue;
    await house.arrive(id);
    await talk(house, { id, text: one.text, outcome: one.outcome, citations: one.items, at });
    if (index % 4 === 0)
      await saveRating(database.db, {
        conversationId: id,
        score: 1 + ((index / 4) % 5),
        tags: [],
        comment: null,
        channel: 'web',
        createdAt: at,
      });
    if (index % 5 === 0) {
      await house.asksForPerson(id);
      if (index % 10 === 0) {
        await house.desk.claim(id, 'li');
        await house.desk.say(id, 'li', { text: index === 0 ? '你自己看网站吧' : '您好，我来帮您看看', messageId: id });
      }
    }
  }
}
