/** The steps in the life of an item (knowledge/life/life.ts), each inside one transaction. */
import { digestOf } from '../../knowledge/digest.ts';
import type { Kept } from '../../knowledge/flow-item.ts';
import type { By, LifeAction, Refusal, StepResult } from '../../knowledge/life/life.ts';
import {
  dayInChina,
  isPast,
  refusePublish,
  refuseReview,
  refuseRollback,
  refuseSave,
  refuseWithdraw,
  type Standing,
} from '../../knowledge/life/rules.ts';
import type { ItemStatus } from '../../knowledge/repository.ts';
import type { Db } from './database.ts';
import { addEvents, insertVersions, lastVersions, lockKnowledge, moveStatus, standings, versionRow } from './knowledge-rows.ts';

const openStatuses: readonly ItemStatus[] = ['draft', 'reviewed'];
const served: readonly ItemStatus[] = ['published', 'expired'];

type Done = { id: string; version: number };

const done = (steps: readonly Done[], skipped: readonly Refusal[] = []): StepResult => ({ ok: true, done: steps, skipped });
const refused = (...refusals: Refusal[]): StepResult => ({ ok: false, refusals });

/** See KnowledgeLife.save. */
export async function saveDraft(tx: Db, pack: string, item: Kept, by: By & { basedOn?: number }): Promise<StepResult> {
  await lockKnowledge(tx);
  const standing = (await standings(tx, pack, [item.id])).get(item.id);
  const problem = refuseSave(standing, by.basedOn);
  if (problem) return refused({ id: item.id, message: problem });
  const digest = digestOf(item);
  if (standing && standing.head.digest === digest && standing.head.status !== 'expired') return done([]);
  const version = await addVersion(tx, pack, { item, digest }, { status: 'draft', author: by.actor, now: by.now });
  await addEvents(tx, pack, [{ id: item.id, version }], { action: 'save', ...by });
  return done([{ id: item.id, version }]);
}

/** See KnowledgeLife.review. */
export async function reviewDrafts(tx: Db, pack: string, ids: readonly string[] | 'all', by: By): Promise<StepResult> {
  await lockKnowledge(tx);
  const chosen = await choose(tx, pack, ids, 'draft', (standing) => refuseReview(standing, by.actor));
  if (!chosen.ok) return chosen;
  await step(tx, pack, chosen.done, { action: 'review', from: ['draft'], to: 'reviewed', by });
  return chosen;
}

/** See KnowledgeLife.publish. */
export async function publishReviewed(tx: Db, pack: string, ids: readonly string[] | 'all', by: By): Promise<StepResult> {
  const moveOn = await lockKnowledge(tx);
  const day = dayInChina(by.now);
  const chosen = await choose(tx, pack, ids, 'reviewed', (standing) => refusePublish(standing, day));
  if (!chosen.ok || chosen.done.length === 0) return chosen;
  await putInForce(tx, pack, chosen.done, by);
  await moveOn();
  return chosen;
}

/** See KnowledgeLife.withdraw. */
export async function withdrawItems(tx: Db, pack: string, ids: readonly string[], by: By): Promise<StepResult> {
  const moveOn = await lockKnowledge(tx);
  const found = await standings(tx, pack, unique(ids));
  const refusals = unique(ids).flatMap((id) => told(id, refuseWithdraw(found.get(id))));
  if (refusals.length > 0) return refused(...refusals);
  const published = [...found].flatMap(([id, standing]) => (standing.published ? [{ id, version: standing.published.version }] : []));
  const drafts = [...found].flatMap(([id, { published, open }]) => (!published && open ? [{ id, version: open.version }] : []));
  await step(tx, pack, published, { action: 'withdraw', from: ['published'], to: 'expired', by });
  await moveStatus(tx, pack, idsOf(drafts), { from: ['expired'], to: 'replaced', now: by.now });
  await step(tx, pack, drafts, { action: 'withdraw', from: openStatuses, to: 'expired', by });
  if (published.length > 0) await moveOn();
  return done([...published, ...drafts]);
}

/** See KnowledgeLife.rollback. */
export async function rollBack(tx: Db, pack: string, id: string, version: number, by: By & { publish?: boolean }): Promise<StepResult> {
  const moveOn = await lockKnowledge(tx);
  const standing = (await standings(tx, pack, [id])).get(id);
  const row = await tx
    .selectFrom('knowledge_versions')
    .select(['version', 'body_json', 'digest', 'published_at', 'author'])
    .where('pack', '=', pack)
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  const old = row && { version, content: JSON.parse(row.body_json) as Kept, digest: row.digest };
  const everPublished = row?.published_at != null;
  const publish = by.publish === true;
  const problem = refuseRollback(standing, old, { version, publish, everPublished, day: dayInChina(by.now) });
  if (problem || !old) return refused({ id, message: problem ?? '' });
  const made = await addVersion(
    tx,
    pack,
    { item: old.content, digest: old.digest },
    { status: everPublished ? 'reviewed' : 'draft', author: by.actor, now: by.now },
  );
  const note = `恢复第 ${version} 版的内容${by.note ? `：${by.note}` : ''}`;
  await addEvents(tx, pack, [{ id, version: made }], { action: 'rollback', actor: by.actor, note, now: by.now });
  if (publish) {
    await putInForce(tx, pack, [{ id, version: made }], { actor: by.actor, now: by.now });
    await moveOn();
  }
  return done([{ id, version: made }]);
}

/** See KnowledgeLife.expire. */
export async function expireItems(tx: Db, { now, pack }: { now: number; pack?: string | undefined }) {
  const moveOn = await lockKnowledge(tx);
  const day = dayInChina(now);
  let query = tx.selectFrom('knowledge_versions').select(['pack', 'id', 'version', 'valid_to']).where('status', '=', 'published');
  if (pack !== undefined) query = query.where('pack', '=', pack);
  const rows = await query.where('valid_to', '<', day).orderBy('pack').orderBy('id').execute();
  const past = rows.filter((row) => isPast(row.valid_to, day));
  for (const name of new Set(past.map((row) => row.pack))) {
    const those = past.filter((row) => row.pack === name);
    await step(tx, name, those, { action: 'expire', from: ['published'], to: 'expired', by: { now, note: '有效期已过' } });
  }
  if (past.length > 0) await moveOn();
  return past.map(({ pack: name, id, version }) => ({ pack: name, id, version }));
}

/** Those that take a step: all that were named or none; for 'all', those in `status` that can. */
async function choose(
  tx: Db,
  pack: string,
  ids: readonly string[] | 'all',
  status: ItemStatus,
  refuse: (standing: Standing | undefined) => string | undefined,
): Promise<StepResult> {
  const found = await standings(tx, pack, ids === 'all' ? undefined : unique(ids));
  const wanted = ids === 'all' ? [...found].flatMap(([id, { open }]) => (open?.status === status ? [id] : [])) : unique(ids);
  const refusals = wanted.flatMap((id) => told(id, refuse(found.get(id))));
  if (refusals.length > 0 && ids !== 'all') return refused(...refusals);
  const out = new Set(refusals.map(({ id }) => id));
  const steps = wanted.flatMap((id) => {
    const open = found.get(id)?.open;
    return open && !out.has(id) ? [{ id, version: open.version }] : [];
  });
  return done(steps, refusals);
}

async function step(
  tx: Db,
  pack: string,
  steps: readonly Done[],
  move: { action: LifeAction; from: readonly ItemStatus[]; to: ItemStatus; by: By },
): Promise<void> {
  await moveStatus(tx, pack, idsOf(steps), { from: move.from, to: move.to, now: move.by.now });
  await addEvents(tx, pack, steps, { action: move.action, ...move.by });
}

async function putInForce(tx: Db, pack: string, steps: readonly Done[], by: By): Promise<void> {
  await moveStatus(tx, pack, idsOf(steps), { from: served, to: 'replaced', now: by.now });
  await step(tx, pack, steps, { action: 'publish', from: openStatuses, to: 'published', by });
}

/** A new version in place of the one being worked on; returns its number. */
async function addVersion(
  tx: Db,
  pack: string,
  entry: { item: Kept; digest: string },
  made: { status: 'draft' | 'reviewed'; author: string | undefined; now: number },
): Promise<number> {
  const { id } = entry.item;
  const version = ((await lastVersions(tx, pack, [id])).get(id) ?? 0) + 1;
  await moveStatus(tx, pack, [id], { from: openStatuses, to: 'replaced', now: made.now });
  await insertVersions(tx, [versionRow(pack, entry, version, made)]);
  return version;
}

const idsOf = (steps: readonly Done[]): string[] => steps.map(({ id }) => id);
const unique = (ids: readonly string[]): string[] => [...new Set(ids)];
const told = (id: string, message: string | undefined): Refusal[] => (message === undefined ? [] : [{ id, message }]);
