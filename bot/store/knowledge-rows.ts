/** The rows of knowledge: versions, their events and the revision, as the transactions of knowledge*.ts need them. */
import { type Insertable, type Selectable, sql } from 'kysely';
import { type Kept, keptTitle } from '../../knowledge/flow-item.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';
import type { LifeAction } from '../../knowledge/life/life.ts';
import type { Standing, Standpoint } from '../../knowledge/life/rules.ts';
import type { ItemStatus, StoredItem } from '../../knowledge/repository.ts';
import type { Db } from './database.ts';
import type { KnowledgeEventsTable, KnowledgeVersionsTable } from './tables.ts';

export type VersionRow = Selectable<KnowledgeVersionsTable>;
type NewVersion = Insertable<KnowledgeVersionsTable>;
type NewEvent = Insertable<KnowledgeEventsTable>;

/** Rows of one statement: 13 values each stay far below the engines' limits of bound values. */
const CHUNK = 200;
const REVISION_KEY = 'knowledge.revision';

/** What counts as being in a pack; `replaced` and `removed` are history only. */
export const living: readonly ItemStatus[] = ['draft', 'reviewed', 'published', 'expired'];

export function* chunks<T>(all: readonly T[]): Generator<T[]> {
  for (let start = 0; start < all.length; start += CHUNK) yield all.slice(start, start + CHUNK);
}

/** A counter of fixed width, so that it also grows as text. */
const asRevision = (revision: number): string => String(revision).padStart(12, '0');

export async function readRevision(db: Db): Promise<string> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', REVISION_KEY).executeTakeFirst();
  return row?.value ?? asRevision(0);
}

/** Keeps every other change of knowledge waiting until this transaction ends; returns what moves the revision on by one. */
export async function lockKnowledge(tx: Db): Promise<() => Promise<void>> {
  const row = await tx
    .insertInto('settings')
    .values({ key: REVISION_KEY, value: asRevision(0) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({ value: eb.ref('settings.value') })))
    .returning('value')
    .executeTakeFirstOrThrow();
  return async () => {
    const value = asRevision(Number(row.value) + 1);
    await tx.updateTable('settings').set({ value }).where('key', '=', REVISION_KEY).execute();
  };
}

/** Where the living items of a pack stand, by id; with `ids` only those. */
export async function standings(tx: Db, pack: string, ids?: readonly string[]): Promise<Map<string, Standing>> {
  const rows: (Omit<Standpoint, 'validTo'> & { id: string; valid_to: string | null })[] = [];
  for (const part of ids ? chunks(ids) : [undefined]) {
    let query = tx
      .selectFrom('knowledge_versions')
      .select(['id', 'version', 'status', 'author', 'digest', 'valid_to'])
      .where('pack', '=', pack)
      .where('status', 'in', living);
    if (part) query = query.where('id', 'in', part);
    rows.push(...((await query.orderBy('id').orderBy('version').execute()) as typeof rows));
  }
  const found = new Map<string, Standing>();
  for (const { id, valid_to: validTo, ...row } of rows) {
    const point: Standpoint = { ...row, validTo };
    const before = found.get(id);
    found.set(id, {
      published: point.status === 'published' ? point : before?.published,
      expired: point.status === 'expired' ? point : before?.expired,
      open: point.status === 'draft' || point.status === 'reviewed' ? point : before?.open,
      head: point,
    });
  }
  return found;
}

/** The highest version number ever given to each item of a pack; with `ids` only those. */
export async function lastVersions(tx: Db, pack: string, ids?: readonly string[]): Promise<Map<string, number>> {
  const last = new Map<string, number>();
  for (const part of ids ? chunks(ids) : [undefined]) {
    let query = tx
      .selectFrom('knowledge_versions')
      .select(['id', (eb) => eb.fn.max('version').as('version')])
      .where('pack', '=', pack);
    if (part) query = query.where('id', 'in', part);
    for (const row of await query.groupBy('id').execute()) last.set(row.id, row.version);
  }
  return last;
}

/** Moves the versions of `ids` that are in one of `from` to another status. */
export async function moveStatus(
  tx: Db,
  pack: string,
  ids: readonly string[],
  move: { from: readonly ItemStatus[]; to: VersionRow['status']; now: number },
): Promise<void> {
  for (const part of chunks(ids)) {
    await tx
      .updateTable('knowledge_versions')
      .set({
        status: move.to,
        updated_at: move.now,
        ...(move.to === 'published' ? { published_at: sql<number>`coalesce(published_at, ${move.now})` } : {}),
      })
      .where('pack', '=', pack)
      .where('id', 'in', part)
      .where('status', 'in', move.from)
      .execute();
  }
}

export async function insertVersions(tx: Db, rows: readonly NewVersion[]): Promise<void> {
  for (const part of chunks(rows)) await tx.insertInto('knowledge_versions').values(part).execute();
}

/** Writes what happened to versions of a pack. */
export async function addEvents(
  tx: Db,
  pack: string,
  versions: readonly { id: string; version: number }[],
  event: { action: LifeAction; actor?: string | undefined; note?: string | undefined; now: number },
): Promise<void> {
  const rows = versions.map(
    ({ id, version }): NewEvent => ({
      pack,
      id,
      version,
      action: event.action,
      actor: event.actor ?? null,
      note: event.note ?? null,
      at: event.now,
    }),
  );
  for (const part of chunks(rows)) await tx.insertInto('knowledge_events').values(part).execute();
}

/** A new version of an item, ready to be inserted. */
export function versionRow(
  pack: string,
  entry: { item: Kept; digest: string },
  version: number,
  made: { status: ItemStatus; author?: string | undefined; now: number },
): NewVersion {
  const { item, digest } = entry;
  return {
    pack,
    id: item.id,
    version,
    status: made.status,
    kind: item.kind,
    title: keptTitle(item),
    body_json: JSON.stringify(item),
    digest,
    valid_to: item.validTo ?? null,
    author: made.author ?? null,
    created_at: made.now,
    updated_at: made.now,
    published_at: made.status === 'published' ? made.now : null,
  };
}

export function toStored<T extends Kept = KnowledgeItem>(row: VersionRow): StoredItem<T> {
  return {
    pack: row.pack,
    item: JSON.parse(row.body_json) as T,
    digest: row.digest,
    version: row.version,
    status: row.status as ItemStatus,
    updatedAt: row.updated_at,
  };
}
