/** Brings a set of items into a pack: what `KnowledgeRepository.replacePack` promises, inside one transaction. */
import type { Kept } from '../../knowledge/flow-item.ts';
import type { Standing } from '../../knowledge/life/rules.ts';
import type { ImportCounts, ItemStatus, KnowledgeRepository } from '../../knowledge/repository.ts';
import type { Db } from './database.ts';
import { addEvents, insertVersions, lastVersions, living, lockKnowledge, moveStatus, standings, versionRow } from './knowledge-rows.ts';

type Entry = { readonly item: Kept; readonly digest: string };
type Options = Parameters<KnowledgeRepository['replacePack']>[2];

/** What a new version in a status takes the place of. */
const replaces: Record<ItemStatus, readonly ItemStatus[]> = {
  draft: ['draft', 'reviewed'],
  reviewed: ['draft', 'reviewed'],
  published: ['published', 'expired'],
  expired: ['published', 'expired'],
};

/** Errors: an id given twice; whatever fails, the caller's transaction rolls back and the pack stays as it was. */
export async function importItems(tx: Db, pack: string, items: readonly Entry[], options: Options): Promise<ImportCounts> {
  assertNoDuplicates(pack, items);
  const { status, now, actor, note } = options;
  const moveOn = await lockKnowledge(tx);
  const before = await standings(tx, pack);
  const last = await lastVersions(tx, pack);

  const raised: { id: string; version: number }[] = [];
  const written: Entry[] = [];
  for (const { item, digest } of items) {
    const standing = before.get(item.id);
    if (standing && isThere(standing, digest, status)) continue;
    if (standing && status === 'published' && isSameDraft(standing, digest)) raised.push({ id: item.id, version: standing.head.version });
    else written.push({ item, digest });
  }
  const rows = written.map((entry) => versionRow(pack, entry, (last.get(entry.item.id) ?? 0) + 1, { status, author: actor, now }));
  const raisedIds = raised.map(({ id }) => id);
  const changedIds = rows.flatMap(({ id }) => (before.has(id) ? [id] : []));
  await moveStatus(tx, pack, [...raisedIds, ...changedIds], { from: replaces[status], to: 'replaced', now });
  await moveStatus(tx, pack, raisedIds, { from: ['draft', 'reviewed'], to: 'published', now });
  await insertVersions(tx, rows);
  await addEvents(tx, pack, [...rows, ...raised], { action: 'import', actor, note, now });

  const given = new Set(items.map(({ item }) => item.id));
  const gone = options.removeMissing ? [...before].filter(([id]) => !given.has(id)) : [];
  const goneIds = gone.map(([id]) => id);
  await moveStatus(tx, pack, goneIds, { from: living, to: 'removed', now });
  await addEvents(
    tx,
    pack,
    gone.map(([id, { head }]) => ({ id, version: head.version })),
    { action: 'remove', actor, note, now },
  );

  const served = (id: string) => before.get(id)?.published !== undefined;
  const switches = status === 'published' ? rows.length + raised.length > 0 : status === 'expired' && changedIds.some(served);
  if (switches || goneIds.some(served)) await moveOn();
  return {
    added: rows.length - changedIds.length,
    changed: changedIds.length + raised.length,
    unchanged: items.length - rows.length - raised.length,
    removed: gone.length,
  };
}

/** The content that is published, withdrawn or (for a draft) being worked on already. */
function isThere({ published, expired, open, head }: Standing, digest: string, status: ItemStatus): boolean {
  const current = status === 'published' || open !== head ? [published, expired] : [published, expired, open];
  return current.some((one) => one?.digest === digest);
}

function isSameDraft({ open, head }: Standing, digest: string): boolean {
  return open === head && open?.digest === digest;
}

function assertNoDuplicates(pack: string, items: readonly Entry[]): void {
  const seen = new Set<string>();
  for (const { item } of items) {
    if (seen.has(item.id)) throw new Error(`Knowledge pack ${pack}: the id ${item.id} is given twice`);
    seen.add(item.id);
  }
}
