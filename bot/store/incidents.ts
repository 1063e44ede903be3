/** What was out of order: one open incident of a kind at a time, whichever processes see it. */
import type { Selectable } from 'kysely';
import type { Db } from './database.ts';
import type { IncidentsTable } from './tables/incidents.ts';

export interface Incident {
  readonly id: number;
  readonly kind: string;
  readonly detail: string;
  readonly begunAt: number;
  readonly seenAt: number;
  readonly dueAt: number;
  readonly endedAt: number | null;
  /** Null with an end: it ended by itself. */
  readonly endedBy: string | null;
  readonly cause: string | null;
  readonly notedBy: string | null;
}

/** Somebody sees it now: opens an incident, or says of the open one that it goes on. True: it is new. */
export async function seeIncident(
  db: Db,
  seen: { readonly kind: string; readonly detail: string; readonly begunAt: number; readonly dueAt: number },
  now: number,
): Promise<boolean> {
  const known = await db
    .updateTable('incidents')
    .set({ seen_at: now })
    .where('kind', '=', seen.kind)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  if (known.numUpdatedRows > 0n) return false;
  const opened = await db
    .insertInto('incidents')
    .values({
      kind: seen.kind,
      detail: seen.detail,
      begun_at: seen.begunAt,
      seen_at: now,
      due_at: seen.dueAt,
      ended_at: null,
      ended_by: null,
      cause: null,
      noted_by: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return opened.numInsertedOrUpdatedRows === 1n;
}

/** Ends what no process has seen since a moment, at the moment it was last seen. Answers their kinds. */
export async function endUnseen(db: Db, since: number): Promise<string[]> {
  const rows = await db
    .updateTable('incidents')
    .set(({ ref }) => ({ ended_at: ref('seen_at') }))
    .where('ended_at', 'is', null)
    .where('seen_at', '<', since)
    .returning('kind')
    .execute();
  return rows.map(({ kind }) => kind);
}

/** Writes down the cause of an incident, and ends it when it is open and that is wanted. False: there is none. */
export async function noteIncident(
  db: Db,
  id: number,
  note: { readonly cause: string; readonly actor: string; readonly end: boolean },
  now: number,
): Promise<boolean> {
  const noted = await db.updateTable('incidents').set({ cause: note.cause, noted_by: note.actor }).where('id', '=', id).executeTakeFirst();
  if (noted.numUpdatedRows === 0n) return false;
  if (note.end)
    await db
      .updateTable('incidents')
      .set({ ended_at: now, ended_by: note.actor })
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .execute();
  return true;
}

/** Open ones first, then the newest. */
export async function listIncidents(db: Db, limit: number): Promise<Incident[]> {
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .orderBy((eb) => eb.case().when('ended_at', 'is', null).then(0).else(1).end())
    .orderBy('begun_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toIncident);
}

function toIncident(row: Selectable<IncidentsTable>): Incident {
  return {
    id: row.id,
    kind: row.kind,
    detail: row.detail,
    begunAt: row.begun_at,
    seenAt: row.seen_at,
    dueAt: row.due_at,
    endedAt: row.ended_at,
    endedBy: row.ended_by,
    cause: row.cause,
    notedBy: row.noted_by,
  };
}
