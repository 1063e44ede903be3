/** What became of messages to WeChat citizens, as staff look at it; and one more try for those that did not arrive. */
import type { LoggedActivity } from '../activity.ts';
import { toLogged } from './activities.ts';
import type { Db } from './database.ts';
import type { WechatRoute, WechatState, WechatTold } from './wechat-deliveries.ts';

export interface WechatDelivery {
  readonly activityId: string;
  readonly conversationId: string;
  readonly account: string;
  readonly state: WechatState;
  readonly route: WechatRoute | null;
  readonly attempts: number;
  readonly code: number | null;
  readonly error: string | null;
  /** How the citizen was told that it waits. */
  readonly told: WechatTold | null;
  readonly updatedAt: number;
  /** What was to be read. */
  readonly text: string;
}

/** Which deliveries: `handedOver`, only of conversations that asked for a person. */
export interface WechatDeliveryFilter {
  readonly activityId?: string;
  readonly conversationId?: string;
  readonly states?: readonly WechatState[];
  readonly handedOver?: boolean;
  readonly limit: number;
}

/** Deliveries, the newest first. */
export async function listWechatDeliveries(db: Db, filter: WechatDeliveryFilter): Promise<WechatDelivery[]> {
  let query = db
    .selectFrom('wechat_deliveries as d')
    .innerJoin('activities as a', (join) => join.onRef('a.conversation_id', '=', 'd.conversation_id').onRef('a.seq', '=', 'd.seq'))
    .selectAll('d')
    .select('a.body_json')
    .orderBy('d.updated_at', 'desc')
    .orderBy('d.seq', 'desc')
    .limit(filter.limit);
  if (filter.activityId !== undefined) query = query.where('d.activity_id', '=', filter.activityId);
  if (filter.conversationId !== undefined) query = query.where('d.conversation_id', '=', filter.conversationId);
  if (filter.states) query = query.where('d.state', 'in', filter.states);
  if (filter.handedOver)
    query = query.where(({ exists, selectFrom }) =>
      exists(selectFrom('handoffs').select('handoffs.id').whereRef('handoffs.conversation_id', '=', 'd.conversation_id')),
    );
  return (await query.execute()).map((row) => ({
    activityId: row.activity_id,
    conversationId: row.conversation_id,
    account: row.account,
    state: row.state,
    route: row.route,
    attempts: row.attempts,
    code: row.code,
    error: row.error,
    told: row.told,
    updatedAt: row.updated_at,
    text: textOf(toLogged(row)),
  }));
}

const textOf = ({ text, name }: LoggedActivity): string => text ?? name ?? '';

/** One more try for a message that was given up: it goes back into the outbox. False: it was not. Call it in a transaction. */
export async function retryWechatDelivery(db: Db, activityId: string, now: number): Promise<boolean> {
  const row = await db
    .updateTable('wechat_deliveries')
    .set({ state: 'queued', attempts: 0, updated_at: now })
    .where('activity_id', '=', activityId)
    .where('state', '=', 'failed')
    .executeTakeFirst();
  if (row.numUpdatedRows === 0n) return false;
  await db
    .updateTable('outbox')
    .set({ status: 'pending', attempts: 0, next_at: now, sent_at: null, error: null })
    .where('activity_id', '=', activityId)
    .execute();
  return true;
}
