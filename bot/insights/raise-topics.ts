/** 未诉先办: a topic that rises becomes a work order for whoever can do something about it before people complain. */

import { dayInChina } from '../../knowledge/life/rules.ts';
import { DAY_MS } from '../calendar/china-day.ts';
import type { Db, OpenDatabase } from '../store/database.ts';
import { system, type WorkOrders } from '../work-orders/work-orders.ts';
import { findRising, type Rise } from './rising.ts';

export interface RaiseOptions {
  readonly database: OpenDatabase;
  readonly orders: WorkOrders;
  readonly now: () => number;
  /** What a knowledge item is called and whose it is. */
  readonly itemOf: (itemId: string) => { readonly title: string; readonly department: string | undefined } | undefined;
}

/** A topic that was raised is left in peace for so long: whoever has it knows. */
const quietMs = 14 * DAY_MS;

/** Opens an order for each topic that rises and has none yet; whichever process looks, there is one. Answers the orders' numbers. */
export async function raiseTopics({ database, orders, now, itemOf }: RaiseOptions): Promise<string[]> {
  const at = now();
  const rising = await findRising(database.db, at);
  if (typeof rising === 'string') return [];
  const raised: string[] = [];
  for (const rise of rising) {
    const number = await database
      .transaction(async (tx) => {
        if (await raisedLately(tx, rise.item, at)) return undefined;
        const known = itemOf(rise.item);
        const { order } = await orders.open(
          tx,
          { ...wordsOf(rise, known), kind: 'before_complaint', demandType: 'suggestion' },
          system,
          true,
        );
        // Of two processes the second fails here, and its order is rolled back with it.
        const { numInsertedOrUpdatedRows } = await tx
          .insertInto('raised_topics')
          .values({
            item: rise.item,
            day: dayInChina(at),
            order_number: order.number,
            recent: rise.recent,
            usual: rise.usual,
            raised_at: at,
          })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows !== 1n) throw new AlreadyRaised();
        return order.number;
      })
      .catch((error: unknown) => {
        if (error instanceof AlreadyRaised) return undefined;
        throw error;
      });
    if (number !== undefined) raised.push(number);
  }
  return raised;
}

class AlreadyRaised extends Error {}

async function raisedLately(tx: Db, item: string, at: number): Promise<boolean> {
  const row = await tx
    .selectFrom('raised_topics')
    .select('item')
    .where('item', '=', item)
    .where('raised_at', '>', at - quietMs)
    .executeTakeFirst();
  return row !== undefined;
}

function wordsOf({ item, recent, usual }: Rise, known: ReturnType<RaiseOptions['itemOf']>): { title: string; detail: string } {
  const title = known?.title ?? item;
  const before = usual === 0 ? '之前四周没有人问' : `之前四周平均每周 ${Number(usual.toFixed(1))} 个`;
  return {
    title: `未诉先办：问“${title.slice(0, 60)}”的人明显增多`,
    detail: [
      `最近七天有 ${recent} 个对话在问“${title}”，${before}，不像是偶然波动。`,
      known?.department === undefined ? '知识库里没有写明这一条归哪个部门。' : `这一条归${known.department}。`,
      '请看看发生了什么：是政策变了、系统出了问题，还是办事指南没写清楚；能提前公告、改指南或增加人手的，先办。',
    ].join('\n'),
  };
}
