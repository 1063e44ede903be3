/** Many people with the same matter within hours: something has happened out there. */
import { mask } from '../safety/mask.ts';
import type { Db } from '../store/database.ts';
import { grouped, textsOf } from './gaps.ts';

export interface Burst {
  /** One of the wordings, masked. */
  readonly words: string;
  /** How many different conversations and orders. */
  readonly count: number;
  readonly since: number;
  readonly conversations: readonly string[];
}

export interface BurstRules {
  /** The window ends now. */
  readonly now: number;
  readonly windowMs: number;
  /** So many different people make a burst. */
  readonly least: number;
}

/** More messages than this are not compared: the newest are looked at. */
const mostLookedAt = 3000;
/** Greetings and thanks are nobody's matter. */
const noMatter = ['greeted', 'rated', 'ignored', 'small_talk', 'repeated', 'in_flow', 'flow_cancelled', 'with_agent'];

/** Matters of many in the window, the largest first: from messages and from work orders, one person counted once. */
export async function findBursts(db: Db, { now, windowMs, least }: BurstRules): Promise<Burst[]> {
  const turns = await db
    .selectFrom('turns')
    .select(['inbox_id', 'conversation_id', 'created_at'])
    .where('created_at', '>', now - windowMs)
    .where('created_at', '<=', now)
    .where('outcome', 'not in', noMatter)
    .orderBy('created_at', 'desc')
    .limit(mostLookedAt)
    .execute();
  const texts = await textsOf(
    db,
    turns.map((turn) => Number(turn.inbox_id)),
  );
  const orders = await db
    .selectFrom('work_orders')
    .select(['number', 'title', 'conversation_id', 'received_at'])
    .where('received_at', '>', now - windowMs)
    .where('received_at', '<=', now)
    .where('kind', '<>', 'bad_rating')
    .orderBy('received_at', 'desc')
    .limit(mostLookedAt)
    .execute();
  const asked = [
    ...turns.flatMap((turn) => {
      const text = texts.get(Number(turn.inbox_id));
      return text === undefined ? [] : [{ text, conversationId: turn.conversation_id, at: Number(turn.created_at), score: null }];
    }),
    ...orders.map((order) => ({
      text: mask(order.title).text,
      conversationId: order.conversation_id ?? order.number,
      at: Number(order.received_at),
      score: null,
    })),
  ];
  const known = new Set(turns.map((turn) => turn.conversation_id));
  return grouped(asked)
    .map((group) => {
      const who = [...new Set(group.map((one) => one.conversationId))];
      return {
        words: group[0]?.text ?? '',
        count: who.length,
        since: Math.min(...group.map((one) => one.at)),
        conversations: who.filter((id) => known.has(id)),
      };
    })
    .filter(({ count }) => count >= least)
    .toSorted((a, b) => b.count - a.count || a.since - b.since);
}
