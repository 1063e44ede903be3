/** Files → entries: each file is read, or, when nothing about it changed, taken from the store as it was. */
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ReadingContext } from './documents/unreadable.ts';
import { type FoundFile, loadFile } from './files.ts';
import { formatOf } from './formats.ts';
import { type Entry, toEntry } from './items.ts';
import type { Problem } from './problem.ts';
import type { ProgressMeter } from './progress.ts';
import { failed, readBytes } from './reading.ts';
import type { RawRecord, Reading } from './record.ts';
import { fingerprintOf, type KnownSources, retold } from './source-index.ts';

export interface FileTask {
  readonly found: FoundFile;
  /** One of many: a document that can't be read is then skipped. */
  readonly inFolder: boolean;
}

export interface FileResult {
  readonly task: FileTask;
  readonly state: 'read' | 'unchanged' | 'skipped';
  readonly fingerprint?: string;
  readonly entries: Entry[];
  readonly problems: Problem[];
}

export interface CollectOptions {
  readonly strict: boolean | undefined;
  readonly context: ReadingContext;
  readonly known: KnownSources | undefined;
  readonly meter: ProgressMeter;
}

/** Files read at the same time: enough to wait for the disk and the parser at once, few enough to keep memory small. */
const atOnce = 4;

/** Reads all files; results in the order of the tasks. */
export async function collect(tasks: readonly FileTask[], options: CollectOptions): Promise<FileResult[]> {
  const results: FileResult[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < tasks.length; index = next++) {
      const task = tasks[index] as FileTask;
      results[index] = await readTask(task, options, tasks.length === 1);
      options.meter.items += results[index]?.entries.length ?? 0;
      done += 1;
      if (tasks.length > 1) options.meter.report('files', done, tasks.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, tasks.length) }, work));
  return results;
}

async function readTask(task: FileTask, options: CollectOptions, alone: boolean): Promise<FileResult> {
  const { found, inFolder } = task;
  const isDocument = inFolder && formatOf(found.path)?.isDocument === true;
  const finish = (reading: Reading, entries: Entry[], fingerprint?: string): FileResult => {
    const problems = isDocument ? reading.problems.map(skipping) : reading.problems;
    const state = isDocument && entries.length === 0 ? 'skipped' : 'read';
    return { task, state, entries, problems, ...(fingerprint === undefined ? {} : { fingerprint }) };
  };
  const loaded = await loadFile(found.path);
  if ('problem' in loaded) return finish(failed(found, loaded.problem), []);
  const fingerprint = options.known ? fingerprintOf(loaded.bytes, found.path, options.strict, inFolder) : undefined;
  const before = fingerprint === undefined ? undefined : options.known?.unchanged(fingerprint);
  if (before && fingerprint !== undefined) {
    const entries = before.items.map(({ item, digest }, index): Entry => {
      const { line = 1, strict = false } = before.file.items[index] ?? {};
      const record: RawRecord = { file: found.name, line, value: undefined, form: 'typed', lineOf: () => line };
      return { item, digest, record, strict, skippable: isDocument };
    });
    return { task, state: 'unchanged', fingerprint, entries, problems: retold(before.file, found.name) };
  }
  const reading = await readBytes(found, loaded.bytes, options.context);
  const { entries, problems } = await entriesOf(reading.records, options, isDocument, alone);
  return finish({ records: [], problems: [...reading.problems, ...problems] }, entries, fingerprint);
}

async function entriesOf(records: readonly RawRecord[], options: CollectOptions, skippable: boolean, alone: boolean) {
  const entries: Entry[] = [];
  const problems: Problem[] = [];
  for (const [index, record] of records.entries()) {
    const { entry, problems: wrong } = toEntry(record, options.strict);
    if (entry) entries.push(skippable ? { ...entry, skippable } : entry);
    problems.push(...wrong);
    // A server that imports while it serves must get its turns in between.
    if (index % 200 === 199) {
      if (alone) options.meter.report('records', index + 1, records.length, true);
      await setImmediate();
    }
  }
  return { entries, problems };
}

/** What would stop an import of knowledge only leaves a document (or a row of its table) out. */
export function skipping(problem: Problem): Problem {
  return problem.severity === 'error' ? { ...problem, message: `skipped: ${problem.message}`, severity: 'warning' } : problem;
}

/** Where the file lies, the same however it was named. */
export function pathOf(result: FileResult): string {
  return resolve(result.task.found.path);
}
