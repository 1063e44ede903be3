/** Brings files into a pack of the knowledge store: all of them, or, when anything is wrong, none. */
import { lstat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { digestOf } from '../digest.ts';
import type { KnowledgeItem } from '../item.ts';
import type { ImportCounts, KnowledgeRepository, StoredItem } from '../repository.ts';
import { checkEntries, type Known } from './checks.ts';
import { filesIn, readFileRecords } from './files.ts';
import { type Entry, toEntry } from './items.ts';
import { countIncomplete, isPack, packOfFile, readPackEntries } from './pack.ts';
import { foldRepeats, type Problem } from './problem.ts';
import type { RawRecord } from './record.ts';

export interface ImportOptions {
  /** The pack the items go into. */
  readonly pack: string;
  readonly repository: KnowledgeRepository;
  readonly now: number;
  /** true: gaps are errors in every guide; false: in none; left out: in records that state their `kind` and in pack folders. */
  readonly strict?: boolean;
  /** Checks and counts, writes nothing. */
  readonly dryRun?: boolean;
  /** Takes items of the pack that the files don't have out of it; without a word, only when a whole pack folder is imported. */
  readonly removeMissing?: boolean;
  readonly status?: StoredItem['status'];
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ImportReport {
  /** How many items were read. */
  readonly items: number;
  /** What was (or, in a dry run, would be) written; all zero when there are errors. */
  readonly counts: ImportCounts;
  readonly problems: Problem[];
  /** Chinese name of a missing mandatory element → number of guides without it. */
  readonly incomplete: Record<string, number>;
}

export interface KnowledgeReading {
  readonly items: { item: KnowledgeItem; digest: string }[];
  readonly problems: Problem[];
  readonly incomplete: Record<string, number>;
}

/**
 * Imports files and folders into a pack. Problems come back as values; any error among them means that nothing was written.
 * Rejects only when the repository does.
 */
export async function importKnowledge(paths: readonly string[], options: ImportOptions): Promise<ImportReport> {
  const removeMissing = options.removeMissing ?? paths.some(isPack);
  const existing = await options.repository.list({ pack: options.pack });
  const { items, problems, incomplete } = await readKnowledge(paths, {
    known: knownFrom(removeMissing ? [] : existing),
    strict: options.strict,
    onProgress: options.onProgress,
  });
  const failed = problems.some((problem) => problem.severity === 'error');
  if (failed) return { items: items.length, counts: { added: 0, changed: 0, unchanged: 0, removed: 0 }, problems, incomplete };
  const counts = options.dryRun
    ? countChanges(existing, items, removeMissing)
    : await options.repository.replacePack(options.pack, items, { status: options.status ?? 'published', now: options.now, removeMissing });
  return { items: items.length, counts, problems, incomplete };
}

/** Reads and checks files and folders without any store: the items with their digests, and everything found wrong. */
export async function readKnowledge(
  paths: readonly string[],
  options: { strict?: boolean | undefined; known?: Known; onProgress?: ((done: number, total: number) => void) | undefined } = {},
): Promise<KnowledgeReading> {
  const entries: Entry[] = [];
  const problems: Problem[] = [];
  const records: RawRecord[] = [];
  for (const path of paths) {
    const shown = (file: string): string => (paths.length === 1 && file !== path ? relative(path, file) : file);
    const found = await readPath(path, shown, options.strict);
    entries.push(...found.entries);
    problems.push(...found.problems);
    records.push(...found.records);
  }
  for (const [index, record] of records.entries()) {
    const { entry, problems: wrong } = toEntry(record, options.strict);
    if (entry) entries.push(entry);
    problems.push(...wrong);
    // A server that imports while it serves must get its turns in between.
    if (index % 200 === 199) {
      options.onProgress?.(index + 1, records.length);
      await setImmediate();
    }
  }
  if (paths.length === 0) problems.push({ file: '(none)', message: 'no file or folder was named', severity: 'error' });
  problems.push(...checkEntries(entries, options.known ?? knownFrom([])));
  const total = Math.max(records.length, entries.length);
  options.onProgress?.(total, total);
  const items = entries.map(({ item }) => ({ item, digest: digestOf(item) }));
  return { items, problems: foldRepeats(problems), incomplete: countIncomplete(items.map(({ item }) => item)) };
}

type Found = { entries: Entry[]; records: RawRecord[]; problems: Problem[] };

async function readPath(path: string, shown: (file: string) => string, strict: boolean | undefined): Promise<Found> {
  const about = await lstat(resolve(path)).catch(() => undefined);
  if (about?.isDirectory()) return isPack(path) ? readWholePack(path, shown, strict) : readFolder(path, shown);
  const pack = packOfFile(path);
  if (pack !== undefined) {
    const only = resolve(path);
    const named = (file: string): string => (file === only ? path : file);
    return { ...(await readPackEntries(pack, { shown: named, only, strict })), records: [] };
  }
  const { records, problems } = await readFileRecords({ path, name: path });
  return { entries: [], records, problems };
}

async function readWholePack(path: string, shown: (file: string) => string, strict: boolean | undefined): Promise<Found> {
  return { ...(await readPackEntries(path, { shown, strict })), records: [] };
}

async function readFolder(path: string, shown: (file: string) => string): Promise<Found> {
  const found = await filesIn(path, shown);
  const readings = await Promise.all(found.files.map(readFileRecords));
  const problems = [...found.problems, ...readings.flatMap((reading) => reading.problems)];
  if (found.files.length === 0) problems.push({ file: path, message: 'the folder holds no file that can be read', severity: 'error' });
  return { entries: [], records: readings.flatMap((reading) => reading.records), problems };
}

function knownFrom(stored: readonly StoredItem[]): Known {
  const guides = stored.flatMap(({ item }) => (item.kind === 'guide' ? [item] : []));
  return {
    guideIds: new Set(guides.map(({ id }) => id)),
    aliases: new Map(guides.flatMap(({ id, aliases }) => aliases.map((alias) => [alias, id] as const))),
  };
}

/** What `replacePack` would count. */
function countChanges(existing: readonly StoredItem[], items: KnowledgeReading['items'], removeMissing: boolean): ImportCounts {
  const before = new Map(existing.map(({ item, digest }) => [item.id, digest]));
  const added = items.filter(({ item }) => !before.has(item.id)).length;
  const unchanged = items.filter(({ item, digest }) => before.get(item.id) === digest).length;
  const ids = new Set(items.map(({ item }) => item.id));
  const removed = removeMissing ? existing.filter(({ item }) => !ids.has(item.id)).length : 0;
  return { added, changed: items.length - added - unchanged, unchanged, removed };
}
