/** What became of every message to a WeChat citizen. Claiming a row is what makes a message go out once, whoever sends it. */
import { type Insertable, sql } from 'kysely';
import type { LoggedActivity } from '../activity.ts';
import { toLogged } from './activities.ts';
import type { Db } from './database.ts';
import { prepared, preparedRows } from './prepared.ts';
import type { WechatDeliveriesTable } from './tables.ts';

export type WechatState = WechatDeliveriesTable['state'];
export type WechatTold = NonNullable<WechatDeliveriesTable['told']>;
export type WechatRoute = NonNullable<WechatDeliveriesTable['route']>;

export interface WechatDeliveryKey {
  readonly activityId: string;
  readonly conversationId: string;
  readonly seq: number;
  readonly account: string;
}

const untried = (key: WechatDeliveryKey, state: 'sending' | 'kept', now: number): Insertable<WechatDeliveriesTable> => ({
  activity_id: key.activityId,
  conversation_id: key.conversationId,
  seq: key.seq,
  account: key.account,
  state,
  route: null,
  part: 0,
  attempts: 0,
  code: null,
  error: null,
  message_id: null,
  told: null,
  lease_until: 0,
  created_at: now,
  updated_at: now,
});

/** What the claimer got: from which part on to send, and how often it was tried before. */
export interface WechatClaim {
  readonly part: number;
  readonly attempts: number;
}

/**
 * Takes a message for sending until `leaseUntil`; of any number of callers, in any process, one gets it. `busy`: somebody else is sending it ·
 * `over`: it is sent, given up, or (unless `kept` may be taken) waits for the citizen. A lease that ran out belongs to a process that died.
 */
export async function claimWechatDelivery(
  db: Db,
  key: WechatDeliveryKey,
  times: { now: number; leaseUntil: number },
  mayTakeKept: boolean,
): Promise<WechatClaim | 'busy' | 'over'> {
  const claimed = await (mayTakeKept ? takenOrKept : taken).first(db, { ...key, ...times });
  if (claimed) return claimed;
  return (await wechatStateOf(db, key.activityId)) === 'sending' ? 'busy' : 'over';
}

/** A claim of a message in one of these states, or of one that nobody has tried yet. */
const claiming = (states: readonly WechatState[]) =>
  prepared((db, claim: WechatDeliveryKey & { now: number; leaseUntil: number }) =>
    db
      .insertInto('wechat_deliveries')
      .values({ ...untried(claim, 'sending', claim.now), lease_until: claim.leaseUntil })
      .onConflict((conflict) =>
        conflict
          .column('activity_id')
          .doUpdateSet({ state: 'sending', lease_until: claim.leaseUntil, updated_at: claim.now })
          .where(({ or, and, eb }) =>
            or([
              eb('wechat_deliveries.state', 'in', states),
              and([eb('wechat_deliveries.state', '=', 'sending'), eb('wechat_deliveries.lease_until', '<=', claim.now)]),
            ]),
          ),
      )
      .returning(['part', 'attempts']),
  );
const taken = claiming(['queued']);
const takenOrKept = claiming(['queued', 'kept']);

/** The state of a message, if it was ever tried. */
export async function wechatStateOf(db: Db, activityId: string): Promise<WechatState | undefined> {
  return (await stateOf.first(db, { activityId }))?.state;
}

const stateOf = prepared((db, { activityId }: { activityId: string }) =>
  db.selectFrom('wechat_deliveries').select('state').where('activity_id', '=', activityId),
);

export interface WechatOutcome {
  readonly state: Exclude<WechatState, 'sending'>;
  readonly route?: WechatRoute;
  readonly part?: number;
  readonly code?: number | undefined;
  readonly error?: string | undefined;
  readonly messageId?: string | undefined;
  /** How the citizen was told that it waits. */
  readonly told?: WechatTold | undefined;
}

/** Ends a claim with what came of it. */
export async function settleWechatDelivery(db: Db, activityId: string, outcome: WechatOutcome, now: number): Promise<void> {
  await settled.changed(db, {
    activityId,
    now,
    state: outcome.state,
    route: outcome.route ?? null,
    part: outcome.part ?? null,
    messageId: outcome.messageId || null,
    told: outcome.told ?? null,
    code: outcome.code ?? null,
    error: outcome.error ?? null,
  });
}

interface Settled {
  readonly activityId: string;
  readonly now: number;
  readonly state: WechatState;
  /** Null: what stands there stays; so with the next three. */
  readonly route: WechatRoute | null;
  readonly part: number | null;
  readonly messageId: string | null;
  readonly told: WechatTold | null;
  readonly code: number | null;
  readonly error: string | null;
}

const settled = prepared((db, { activityId, now, state, route, part, messageId, told, code, error }: Settled) =>
  db
    .updateTable('wechat_deliveries')
    .set(({ eb, fn, val, ref }) => ({
      state,
      route: fn.coalesce(val(route), ref('route')),
      part: fn.coalesce(val(part), ref('part')),
      message_id: fn.coalesce(val(messageId), ref('message_id')),
      told: fn.coalesce(val(told), ref('told')),
      code,
      error,
      attempts: eb('attempts', '+', 1),
      lease_until: 0,
      updated_at: now,
    }))
    .where('activity_id', '=', activityId),
);

/** A part has gone out: whoever goes on after a crash begins with the next one. */
export async function advanceWechatDelivery(db: Db, activityId: string, part: number, leaseUntil: number): Promise<void> {
  await advanced.changed(db, { activityId, part, leaseUntil });
}

const advanced = prepared((db, { activityId, part, leaseUntil }: { activityId: string; part: number; leaseUntil: number }) =>
  db.updateTable('wechat_deliveries').set({ part, lease_until: leaseUntil }).where('activity_id', '=', activityId),
);

/** These messages went another way than through the outbox: it need not send them. */
export async function leaveWechatOutbox(db: Db, activityIds: readonly string[], now: number): Promise<void> {
  if (activityIds.length === 0) return;
  await left.changed(
    db,
    activityIds.map((activityId) => ({ activityId, now })),
  );
}

const left = preparedRows((db, rows: readonly { activityId: string; now: number }[]) =>
  db
    .updateTable('outbox')
    .set({ status: 'sent', sent_at: (rows[0] as { now: number }).now, error: null })
    .where(
      'activity_id',
      'in',
      rows.map((row) => row.activityId),
    )
    .where('status', '=', 'pending'),
);

export interface Undelivered {
  readonly activity: LoggedActivity;
  /** The first part that was not sent. */
  readonly part: number;
  readonly kept: boolean;
}

const lookAhead = 50;

/** What a conversation's citizen has not been sent and nobody is sending, oldest first. */
export async function undeliveredWechat(db: Db, conversationId: string): Promise<Undelivered[]> {
  const rows = await undelivered.all(db, { conversationId });
  return rows.map((row) => ({ activity: toLogged(row), part: row.part ?? 0, kept: row.state === 'kept' }));
}

const undelivered = prepared((db, { conversationId }: { conversationId: string }) =>
  db
    .selectFrom('activities as a')
    .leftJoin('wechat_deliveries as d', 'd.activity_id', 'a.id')
    .leftJoin('outbox as o', (join) => join.onRef('o.activity_id', '=', 'a.id').on('o.status', '=', sql.lit('pending' as const)))
    .select(['a.seq', 'a.body_json', 'd.part', 'd.state'])
    .where('a.conversation_id', '=', conversationId)
    .where(({ or, and, eb }) =>
      or([and([eb('o.id', 'is not', null), or([eb('d.state', 'is', null), eb('d.state', '=', 'queued')])]), eb('d.state', '=', 'kept')]),
    )
    .orderBy('a.seq')
    .limit(lookAhead),
);

/** Whether the citizen has been told that something waits, and has not written since. */
export async function wasToldWechat(db: Db, conversationId: string): Promise<boolean> {
  const row = await db
    .selectFrom('wechat_deliveries')
    .select('seq')
    .where('conversation_id', '=', conversationId)
    .where('state', '=', 'kept')
    .where('told', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** What waited for the citizen may be sent again: it goes back into the outbox. Call it in a transaction. */
export async function requeueKeptWechat(db: Db, conversationId: string, now: number): Promise<void> {
  const rows = await db
    .updateTable('wechat_deliveries')
    .set({ state: 'queued', updated_at: now })
    .where('conversation_id', '=', conversationId)
    .where('state', '=', 'kept')
    .returning('activity_id')
    .execute();
  if (rows.length === 0) return;
  await db
    .updateTable('outbox')
    .set({ status: 'pending', attempts: 0, next_at: now, sent_at: null })
    .where(
      'activity_id',
      'in',
      rows.map((row) => row.activity_id),
    )
    .execute();
}

/** Nothing that waits for this citizen will be asked for any more. */
export async function dropKeptWechat(db: Db, conversationId: string, account: string, now: number): Promise<void> {
  await db
    .updateTable('wechat_deliveries')
    .set({ state: 'failed', error: 'the citizen has left the account', updated_at: now })
    .where('conversation_id', '=', conversationId)
    .where('account', '=', account)
    .where('state', '=', 'kept')
    .execute();
}

/** The platform reports what became of a follow-up message. */
export async function noteWechatFollowUp(db: Db, messageId: string, problem: string | undefined, now: number): Promise<void> {
  await db
    .updateTable('wechat_deliveries')
    .set({ error: problem ?? null, updated_at: now })
    .where('message_id', '=', messageId)
    .execute();
}

/** A message that may only go out in a response waits for one, unless somebody has taken it already. */
export async function keepWechatDelivery(db: Db, key: WechatDeliveryKey, now: number): Promise<void> {
  await db
    .insertInto('wechat_deliveries')
    .values(untried(key, 'kept', now))
    .onConflict((conflict) =>
      conflict.column('activity_id').doUpdateSet({ state: 'kept', updated_at: now }).where('wechat_deliveries.state', '=', 'queued'),
    )
    .execute();
}

/** Whether somebody is sending something of the conversation right now. */
export async function isSendingWechat(db: Db, conversationId: string, now: number): Promise<boolean> {
  const row = await db
    .selectFrom('wechat_deliveries')
    .select('seq')
    .where('conversation_id', '=', conversationId)
    .where('state', '=', 'sending')
    .where('lease_until', '>', now)
    .executeTakeFirst();
  return row !== undefined;
}
