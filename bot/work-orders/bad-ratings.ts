/** A bad rating (差评) opens a work order: whoever is responsible contacts the citizen, puts it right, answers, and says publicly what changed. */
import { lockConversation } from '../handoff/settle.ts';
import { ratingLevels } from '../ratings/levels.ts';
import { findConversation } from '../store/conversations.ts';
import type { OpenDatabase } from '../store/database.ts';
import { facetsOf, findRating } from '../store/ratings.ts';
import { listWorkOrderRows, ratedWithoutOrder } from '../store/work-orders.ts';
import { system, type WorkOrders } from './work-orders.ts';

/** 1 and 2 are bad. */
const WORST_GOOD = Math.min(...ratingLevels.filter((level) => level.polarity === 'good').map((level) => level.score));
const facetLabels = { agent: '接待人员', flow: '办事流程', item: '引用的知识', department: '部门' } as const;

/**
 * Opens an order for every bad rating that has none, and tells the citizen. Ratings are looked for in the store, so a crash between rating
 * and order loses nothing, and of several processes one opens it. Returns the orders' numbers.
 */
export async function openBadRatings(
  { database, orders, now }: { database: OpenDatabase; orders: WorkOrders; now: () => number },
  onError: (error: unknown, conversationId: string) => void,
): Promise<string[]> {
  const opened: string[] = [];
  for (const conversationId of await ratedWithoutOrder(database.db, WORST_GOOD - 1, 'bad_rating', 100)) {
    try {
      const done = await database.transaction(async (tx) => {
        await lockConversation(tx, conversationId, now());
        const conversation = await findConversation(tx, conversationId);
        const rating = await findRating(tx, conversationId);
        const [earlier] = await listWorkOrderRows(tx, { conversationId, kinds: ['bad_rating'] }, { sort: 'newest', limit: 1 });
        if (conversation === undefined || rating === undefined || rating.score >= WORST_GOOD || earlier !== undefined) return undefined;
        const level = ratingLevels.find((one) => one.score === rating.score)?.name ?? '';
        const facets = await facetsOf(tx, conversationId);
        const lines = [
          `评价：${level}（${rating.score} 分）`,
          ...(rating.tags.length > 0 ? [`原因：${rating.tags.join('、')}`] : []),
          ...(rating.comment === null ? [] : [`市民说：${rating.comment}`]),
          ...facets.map(({ facet, value }) => `${facetLabels[facet]}：${value}`),
        ];
        return orders.open(
          tx,
          {
            kind: 'bad_rating',
            demandType: 'complaint',
            title: `差评：${rating.tags.length > 0 ? rating.tags.join('、') : level}`,
            detail: lines.join('\n'),
            citizenKey: `${conversation.channel}:${conversation.userId}`,
            channel: conversation.channel,
            conversationId,
          },
          system,
        );
      });
      if (done === undefined) continue;
      done.announce();
      opened.push(done.order.number);
    } catch (error) {
      onError(error, conversationId);
    }
  }
  return opened;
}
