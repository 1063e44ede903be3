/** Brings files into a pack of the knowledge store: all of them, or, when anything is wrong, none. */
import { lstat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { digestOf } from '../digest.ts';
import type { KnowledgeItem } from '../item.ts';
import type { ImportCounts, KnowledgeRepository, StoredItem } from '../repository.ts';
import type { Known } from './checks.ts';
import { collect, type FileResult, type FileTask, pathOf } from './collect.ts';
import type { DocumentLimits } from './documents/unreadable.ts';
import { filesIn } from './files.ts';
import type { Entry } from './items.ts';
import { idOfFile } from './markdown.ts';
import { countIncomplete, isPack, packOfFile, readPackEntries } from './pack.ts';
import { foldRepeats, type Problem } from './problem.ts';
import { type OnProgress, ProgressMeter } from './progress.ts';
import { readingContext } from './reading.ts';
import { settle } from './settle.ts';
import { KnownSources, manifestOf, type SourceIndex, type SourceManifest } from './source-index.ts';

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
  readonly onProgress?: OnProgress;
  /** Remembers what files gave; files that haven't changed since are then not parsed again. */
  readonly sources?: SourceIndex;
  readonly limits?: Partial<DocumentLimits>;
}

/** Files by what became of them; files of pack folders are not counted. */
export interface FileCounts {
  readonly read: number;
  readonly unchanged: number;
  /** Documents of a folder that could not be read; the warnings say why. */
  readonly skipped: number;
}

export interface ImportReport {
  /** How many items were read. */
  readonly items: number;
  readonly files: FileCounts;
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
  readonly files: FileCounts;
}

/**
 * Imports files and folders into a pack. Problems come back as values; any error among them means that nothing was written.
 * Rejects only when the repository or the source index does.
 */
export async function importKnowledge(paths: readonly string[], options: ImportOptions): Promise<ImportReport> {
  const removeMissing = options.removeMissing ?? paths.some(isPack);
  const existing = await options.repository.list({ pack: options.pack });
  const sources = new KnownSources(await manifestOf(options.sources, options.pack), existing);
  const reading = await read(paths, {
    known: knownFrom(removeMissing ? [] : existing),
    ...(options.sources ? { sources } : {}),
    strict: options.strict,
    onProgress: options.onProgress,
    limits: options.limits,
  });
  const { problems, incomplete, files } = reading;
  const report = { items: reading.items.length, files, problems, incomplete };
  const failed = problems.some((problem) => problem.severity === 'error');
  if (failed) return { ...report, counts: { added: 0, changed: 0, unchanged: 0, removed: 0 } };
  const items = removeMissing ? [...reading.items, ...stillWanted(reading, sources)] : reading.items;
  if (options.dryRun) return { ...report, counts: countChanges(existing, items, removeMissing) };
  const counts = await options.repository.replacePack(options.pack, items, {
    status: options.status ?? 'published',
    now: options.now,
    removeMissing,
  });
  await options.sources?.put(options.pack, manifestAfter(reading, sources, !removeMissing));
  return { ...report, counts };
}

interface ReadOptions {
  readonly strict?: boolean | undefined;
  readonly known?: Known;
  readonly sources?: KnownSources;
  readonly onProgress?: OnProgress | undefined;
  readonly limits?: Partial<DocumentLimits> | undefined;
}

/** Reads and checks files and folders without any store: the items with their digests, and everything found wrong. */
export async function readKnowledge(paths: readonly string[], options: Omit<ReadOptions, 'sources'> = {}): Promise<KnowledgeReading> {
  const { items, problems, incomplete, files } = await read(paths, options);
  return { items, problems, incomplete, files };
}

type InternalReading = KnowledgeReading & { readonly results: readonly FileResult[] };

async function read(paths: readonly string[], options: ReadOptions): Promise<InternalReading> {
  const context = readingContext(options.limits);
  const meter = new ProgressMeter(options.onProgress, context.clock);
  const packEntries: Entry[] = [];
  const problems: Problem[] = [];
  const tasks: FileTask[] = [];
  for (const path of paths) {
    const shown = (file: string): string => (paths.length === 1 && file !== path ? relative(path, file) : file);
    const found = await findPath(path, shown, options.strict);
    packEntries.push(...found.entries);
    problems.push(...found.problems);
    tasks.push(...found.tasks);
  }
  if (paths.length === 0) problems.push({ file: '(none)', message: 'no file or folder was named', severity: 'error' });
  const collected = await collect(tasks, { strict: options.strict, context, known: options.sources, meter });
  const settled = settle(collected, packEntries, options.known ?? knownFrom([]));
  const items = settled.entries.map(({ item, digest }) => ({ item, digest: digest ?? digestOf(item) }));
  // Not push(...): a large table may have more problems than a call may have arguments.
  for (const problem of [...settled.results.flatMap((result) => result.problems), ...settled.problems]) problems.push(problem);
  const count = (state: FileResult['state']): number => settled.results.filter((result) => result.state === state).length;
  const files = { read: count('read'), unchanged: count('unchanged'), skipped: count('skipped') };
  const failed = problems.some(({ severity }) => severity === 'error');
  if (files.skipped > 0 && items.length === 0 && !failed)
    problems.push({ file: paths.join(', '), message: 'no file could be read', severity: 'error' });
  meter.items = items.length;
  const total = tasks.length === 1 ? items.length : tasks.length;
  meter.report(tasks.length === 1 ? 'records' : 'files', total, total, true);
  return {
    items,
    problems: foldRepeats(problems),
    incomplete: countIncomplete(items.map(({ item }) => item)),
    files,
    results: settled.results,
  };
}

type Found = { entries: Entry[]; tasks: FileTask[]; problems: Problem[] };

async function findPath(path: string, shown: (file: string) => string, strict: boolean | undefined): Promise<Found> {
  const about = await lstat(resolve(path)).catch(() => undefined);
  if (about?.isDirectory()) {
    if (isPack(path)) return { ...(await readPackEntries(path, { shown, strict })), tasks: [] };
    const { files, problems } = await filesIn(path, shown);
    if (files.length === 0) problems.push({ file: path, message: 'the folder holds no file that can be read', severity: 'error' });
    return { entries: [], tasks: files.map((found) => ({ found, inFolder: true })), problems };
  }
  const pack = packOfFile(path);
  if (pack === undefined) return { entries: [], tasks: [{ found: { path, name: path }, inFolder: false }], problems: [] };
  const only = resolve(path);
  const named = (file: string): string => (file === only ? path : file);
  return { ...(await readPackEntries(pack, { shown: named, only, strict })), tasks: [] };
}

/** A document that can't be read this time has not gone: what the pack holds of it stays. */
function stillWanted({ results, items }: InternalReading, sources: KnownSources): StoredItem[] {
  const given = new Set(items.map(({ item }) => item.id));
  const skipped = results.filter(({ state }) => state === 'skipped');
  const kept = skipped.flatMap((result) => sources.earlier(pathOf(result), idOfFile(result.task.found.path)));
  return kept.filter(({ item }, index) => !given.has(item.id) && kept.findIndex((other) => other.item.id === item.id) === index);
}

/** Remembers each file that was read whole; of a skipped one, what is known of it stays. */
function manifestAfter({ results, items }: InternalReading, sources: KnownSources, keepOthers: boolean): SourceManifest {
  const digests = new Map(items.map(({ item, digest }) => [item.id, digest]));
  const read: SourceManifest = {};
  for (const result of results) {
    if (result.state === 'skipped' || result.fingerprint === undefined) continue;
    read[result.fingerprint] = {
      path: pathOf(result),
      name: result.task.found.name,
      items: result.entries.map(({ item, record, strict }) => ({
        id: item.id,
        digest: digests.get(item.id) ?? '',
        line: record.line,
        strict,
      })),
      problems: result.problems.map((problem) => ({ ...problem })),
    };
  }
  const paths = (state: (result: FileResult) => boolean): Set<string> => new Set(results.filter(state).map(pathOf));
  return sources.after(
    read,
    paths((result) => result.state !== 'skipped'),
    paths((result) => result.state === 'skipped'),
    keepOthers,
  );
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
