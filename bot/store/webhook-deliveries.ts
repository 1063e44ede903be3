/** What webhooks still have to be told, in order of each matter, and what became of it. */
import type { Selectable } from 'kysely';
import type { Db } from './database.ts';
import type { WebhookDeliveriesTable } from './tables/webhooks.ts';

export interface WebhookDelivery {
  readonly id: number;
  readonly webhookId: string;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly status: 'pending' | 'sent' | 'dead';
  readonly attempts: number;
  readonly nextAt: number;
  readonly body: string;
  readonly code: number | null;
  readonly error: string | null;
  readonly createdAt: number;
  readonly doneAt: number | null;
}

export interface NewDelivery {
  readonly webhookId: string;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly conversationId: string | null;
  readonly orderId: string | null;
  readonly body: string;
}

/** Keeps something to be told; a webhook that was told of this event before is not told again. */
export async function keepDelivery(tx: Db, delivery: NewDelivery, now: number): Promise<void> {
  await tx
    .insertInto('webhook_deliveries')
    .values({
      webhook_id: delivery.webhookId,
      event_id: delivery.eventId,
      type: delivery.type,
      subject: delivery.subject,
      conversation_id: delivery.conversationId,
      order_id: delivery.orderId,
      status: 'pending',
      attempts: 0,
      next_at: now,
      body_json: delivery.body,
      code: null,
      error: null,
      created_at: now,
      done_at: null,
    })
    .onConflict((conflict) => conflict.columns(['webhook_id', 'event_id']).doNothing())
    .execute();
}

/** What may go out to a webhook now, oldest first: of each matter only the first that has not arrived. */
export async function dueDeliveries(db: Db, webhookId: string, now: number, limit: number): Promise<WebhookDelivery[]> {
  const rows = await db
    .selectFrom('webhook_deliveries as due')
    .selectAll()
    .where('due.status', '=', 'pending')
    .where('due.next_at', '<=', now)
    .where('due.webhook_id', '=', webhookId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('webhook_deliveries as earlier')
            .select('earlier.id')
            .whereRef('earlier.webhook_id', '=', 'due.webhook_id')
            .whereRef('earlier.subject', '=', 'due.subject')
            .where('earlier.status', '=', 'pending')
            .whereRef('earlier.id', '<', 'due.id'),
        ),
      ),
    )
    .orderBy('due.id')
    .limit(limit)
    .execute();
  return rows.map(toDelivery);
}

/** Takes one until `until` and counts the attempt; false when another process has it. */
export async function claimDelivery(db: Db, one: Pick<WebhookDelivery, 'id' | 'nextAt'>, until: number): Promise<boolean> {
  const claimed = await db
    .updateTable('webhook_deliveries')
    .set((eb) => ({ next_at: until, attempts: eb('attempts', '+', 1) }))
    .where('id', '=', one.id)
    .where('status', '=', 'pending')
    .where('next_at', '=', one.nextAt)
    .executeTakeFirst();
  return claimed.numUpdatedRows === 1n;
}

/** What became of an attempt. Once it has arrived its content is gone: the log is who, what kind, when. */
export async function settleDelivery(
  db: Db,
  id: number,
  outcome:
    | { readonly status: 'sent'; readonly code: number; readonly at: number }
    | { readonly status: 'dead'; readonly code: number | null; readonly error: string; readonly at: number }
    | { readonly status: 'pending'; readonly code: number | null; readonly error: string; readonly nextAt: number },
): Promise<void> {
  const { status, code } = outcome;
  const change =
    status === 'pending'
      ? { next_at: outcome.nextAt, error: outcome.error }
      : status === 'sent'
        ? { body_json: '', error: null, done_at: outcome.at }
        : { error: outcome.error, done_at: outcome.at };
  await db
    .updateTable('webhook_deliveries')
    .set({ status, code, ...change })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute();
}

/** Sends one that was given up once more, under the same event id; false: it is not one of those. */
export async function reviveDelivery(db: Db, id: number, now: number): Promise<boolean> {
  const changed = await db
    .updateTable('webhook_deliveries')
    .set({ status: 'pending', attempts: 0, next_at: now, error: null, done_at: null })
    .where('id', '=', id)
    .where('status', '=', 'dead')
    .executeTakeFirst();
  return changed.numUpdatedRows === 1n;
}

/** The log, newest first. */
export async function listDeliveries(
  db: Db,
  filter: { readonly webhookId?: string | undefined; readonly status?: WebhookDelivery['status'] | undefined; readonly limit: number },
): Promise<WebhookDelivery[]> {
  let query = db.selectFrom('webhook_deliveries').selectAll();
  if (filter.webhookId !== undefined) query = query.where('webhook_id', '=', filter.webhookId);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  return (await query.orderBy('id', 'desc').limit(filter.limit).execute()).map(toDelivery);
}

/** How many of a webhook are in which status. */
export async function deliveryCounts(db: Db): Promise<{ webhookId: string; status: WebhookDelivery['status']; count: number }[]> {
  const rows = await db
    .selectFrom('webhook_deliveries')
    .select(['webhook_id', 'status'])
    .select(({ fn }) => fn.countAll().as('count'))
    .groupBy(['webhook_id', 'status'])
    .execute();
  return rows.map((row) => ({ webhookId: row.webhook_id, status: row.status, count: Number(row.count) }));
}

/** Forgets what was settled before a moment; answers how many. */
export async function pruneDeliveries(db: Db, before: number): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('webhook_deliveries').where('done_at', '<', before).executeTakeFirst();
  return Number(numDeletedRows);
}

function toDelivery(row: Selectable<WebhookDeliveriesTable>): WebhookDelivery {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    eventId: row.event_id,
    type: row.type,
    subject: row.subject,
    status: row.status,
    attempts: row.attempts,
    nextAt: row.next_at,
    body: row.body_json,
    code: row.code,
    error: row.error,
    createdAt: row.created_at,
    doneAt: row.done_at,
  };
}
