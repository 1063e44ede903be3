/** Handoffs: conversations that wait for a person, or have one. */
import { type Selectable, sql } from 'kysely';
import type { Db } from './database.ts';
import type { HandoffsTable } from './tables.ts';

export interface Handoff {
  id: string;
  conversationId: string;
  status: HandoffsTable['status'];
  reason: string;
  skill: string;
  urgency: HandoffsTable['urgency'];
  summary: string;
  /** Name of the agent who has it. */
  agent: string | null;
  note: string | null;
  wrapUp: string | null;
  waitingSince: number;
  claimedAt: number | null;
  closedAt: number | null;
  /** BCP 47 primary tag of the language the citizen speaks. */
  language: string;
  /** When its agent was lost; such a one goes before all others of its urgency. */
  requeuedAt: number | null;
  /** Who took it first: 首问负责. */
  firstOwner: string | null;
  /** Who passes it on and stays responsible until somebody accepts, and since when. */
  passedBy: string | null;
  passedAt: number | null;
  /** The colleague it is offered to, who has not accepted yet. */
  offeredTo: string | null;
  /** Whom a supervisor took it from. */
  takenFrom: string | null;
}

export type NewHandoff = Pick<Handoff, 'id' | 'conversationId' | 'reason' | 'skill' | 'urgency' | 'summary'> & { language?: string };
export type HandoffPatch = Partial<
  Omit<Handoff, 'id' | 'conversationId' | 'firstOwner' | 'passedBy' | 'passedAt' | 'offeredTo' | 'takenFrom'>
>;

// Literals, not bound values: only then can SQLite see that a query fits a partial index.
const open = sql<boolean>`status in ('waiting', 'active')`;
const waiting = sql.lit('waiting' as const);
const active = sql.lit('active' as const);

/** Puts a conversation into the queue; when it waits already, or has an agent, that handoff is returned unchanged. */
export async function openHandoff(db: Db, input: NewHandoff, now: number): Promise<Handoff> {
  const row = await db
    .insertInto('handoffs')
    .values({
      id: input.id,
      conversation_id: input.conversationId,
      status: 'waiting',
      reason: input.reason,
      skill: input.skill,
      urgency: input.urgency,
      summary: input.summary,
      agent: null,
      note: null,
      wrap_up: null,
      waiting_since: now,
      claimed_at: null,
      closed_at: null,
      language: input.language ?? 'zh',
      requeued_at: null,
      first_owner: null,
      passed_by: null,
      passed_at: null,
      offered_to: null,
      taken_from: null,
    })
    .onConflict((conflict) => conflict.column('conversation_id').where(open).doNothing())
    .returningAll()
    .executeTakeFirst();
  const handoff = row ? toHandoff(row) : await openHandoffOf(db, input.conversationId);
  if (handoff === undefined) throw new Error(`The handoff of conversation ${input.conversationId} was closed while it was being opened`);
  return handoff;
}

/** The waiting or active handoff of a conversation; there is at most one. */
export async function openHandoffOf(db: Db, conversationId: string): Promise<Handoff | undefined> {
  const row = await db.selectFrom('handoffs').selectAll().where('conversation_id', '=', conversationId).where(open).executeTakeFirst();
  return row && toHandoff(row);
}

/** The queue, first to be taken first: urgent before sub-urgent before general, then those who lost their agent, then by waiting time. */
export async function waitingHandoffs(db: Db): Promise<Handoff[]> {
  const rows = await db
    .selectFrom('handoffs')
    .selectAll()
    .where('status', '=', waiting)
    .orderBy(sql`case urgency when 'urgent' then 0 when 'sub_urgent' then 1 else 2 end`)
    .orderBy(sql`case when requeued_at is null then 1 else 0 end`)
    .orderBy('waiting_since')
    .orderBy('id')
    .execute();
  return rows.map(toHandoff);
}

/** What an agent has in hand and what colleagues offer to them, longest first. */
export async function activeHandoffsOf(db: Db, agent: string): Promise<Handoff[]> {
  const rows = await db
    .selectFrom('handoffs')
    .selectAll()
    .where((eb) => eb.or([eb('agent', '=', agent), eb('offered_to', '=', agent)]))
    .where('status', '=', active)
    .orderBy('claimed_at')
    .orderBy('id')
    .execute();
  return rows.map(toHandoff);
}

/** Gives a waiting conversation to an agent; false when it doesn't wait (any more). Of several at once exactly one wins. */
export async function claimHandoff(db: Db, conversationId: string, agent: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('handoffs')
    .set((eb) => ({
      status: 'active' as const,
      agent,
      claimed_at: now,
      first_owner: eb.fn.coalesce('first_owner', eb.val(agent)),
      passed_by: null,
      passed_at: null,
    }))
    .where('conversation_id', '=', conversationId)
    .where('status', '=', waiting)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Changes the given fields. Errors: an unknown id. */
export async function updateHandoff(db: Db, id: string, patch: HandoffPatch): Promise<void> {
  const { wrapUp, waitingSince, claimedAt, closedAt, requeuedAt, ...same } = patch;
  const result = await db
    .updateTable('handoffs')
    .set({
      ...same,
      ...(wrapUp !== undefined && { wrap_up: wrapUp }),
      ...(waitingSince !== undefined && { waiting_since: waitingSince }),
      ...(claimedAt !== undefined && { claimed_at: claimedAt }),
      ...(closedAt !== undefined && { closed_at: closedAt }),
      ...(requeuedAt !== undefined && { requeued_at: requeuedAt }),
    })
    .where('id', '=', id)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) throw new Error(`Handoff ${id} does not exist`);
}

function toHandoff(row: Selectable<HandoffsTable>): Handoff {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    status: row.status,
    reason: row.reason,
    skill: row.skill,
    urgency: row.urgency,
    summary: row.summary,
    agent: row.agent,
    note: row.note,
    wrapUp: row.wrap_up,
    waitingSince: row.waiting_since,
    claimedAt: row.claimed_at,
    closedAt: row.closed_at,
    language: row.language,
    requeuedAt: row.requeued_at,
    firstOwner: row.first_owner,
    passedBy: row.passed_by,
    passedAt: row.passed_at,
    offeredTo: row.offered_to,
    takenFrom: row.taken_from,
  };
}

/** Everything open, longest waiting first: what waits and what somebody has. */
export async function openHandoffs(db: Db): Promise<Handoff[]> {
  const rows = await db.selectFrom('handoffs').selectAll().where(open).orderBy('waiting_since').orderBy('id').execute();
  return rows.map(toHandoff);
}

/** Conversations that were passed on before `before` and that nobody has accepted since. */
export async function handoffsPassedBefore(db: Db, before: number): Promise<Handoff[]> {
  const rows = await db.selectFrom('handoffs').selectAll().where(open).where('passed_at', '<=', before).orderBy('passed_at').execute();
  return rows.map(toHandoff);
}

/** The last handoff of a conversation, open or not. */
export async function lastHandoffOf(db: Db, conversationId: string): Promise<Handoff | undefined> {
  const row = await db
    .selectFrom('handoffs')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .orderBy('waiting_since', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toHandoff(row);
}

/** Conversations whose agent has not been heard of since `since`. */
export async function lostHandoffs(db: Db, since: number): Promise<{ conversationId: string; agent: string }[]> {
  const rows = await db
    .selectFrom('handoffs')
    .select(['conversation_id', 'agent'])
    .where('status', '=', active)
    .where('claimed_at', '<', since)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sessions').select('token_hash').whereRef('staff_name', '=', 'handoffs.agent').where('last_seen_at', '>=', since),
        ),
      ),
    )
    .orderBy('id')
    .execute();
  return rows.flatMap(({ conversation_id, agent }) => (agent === null ? [] : [{ conversationId: conversation_id, agent }]));
}

/** How long recent citizens of a queue waited and were served, milliseconds, newest first; a service that still goes on has no end. */
export async function recentService(
  db: Db,
  skill: string,
  since: number,
  limit: number,
): Promise<{ waited: number; handled: number | undefined }[]> {
  const rows = await db
    .selectFrom('handoffs')
    .select(['waiting_since', 'claimed_at', 'closed_at'])
    .where('skill', '=', skill)
    .where('claimed_at', '>=', since)
    .orderBy('claimed_at', 'desc')
    .limit(limit)
    .execute();
  return rows.flatMap(({ waiting_since, claimed_at, closed_at }) =>
    claimed_at === null ? [] : [{ waited: claimed_at - waiting_since, handled: closed_at === null ? undefined : closed_at - claimed_at }],
  );
}
