/** Settles what files say about each other: two documents of one name, one document twice, and what checks find across files. */
import { createHash } from 'node:crypto';
import { digestOf } from '../digest.ts';
import { findingsOf, type Known } from './checks.ts';
import { type FileResult, skipping } from './collect.ts';
import type { Entry } from './items.ts';
import { idOfFile } from './markdown.ts';
import type { Problem } from './problem.ts';
import { problemAt } from './record.ts';

export interface Settled {
  readonly results: FileResult[];
  /** Of `others` and of all files, in that order. */
  readonly entries: Entry[];
  readonly problems: Problem[];
}

/**
 * `others` are entries that come from no single file (packs). A document whose name another document has already gets an id of its
 * own; a copy of one is left out; a skippable entry with an error is left out with a warning.
 */
export function settle(results: readonly FileResult[], others: readonly Entry[], known: Known): Settled {
  const named = withOwnIds(results, others);
  const entries = [...others, ...named.flatMap((result) => result.entries)];
  const findings = findingsOf(entries, known);
  const dropped = new Set(
    findings.filter(({ entry, problem }) => entry.skippable && problem.severity === 'error').map(({ entry }) => entry),
  );
  const problems = findings.map(({ entry, problem }) => (entry.skippable ? skipping(problem) : problem));
  return {
    results: named.map((result) => without(result, dropped)),
    entries: entries.filter((entry) => !dropped.has(entry)),
    problems,
  };
}

function without(result: FileResult, dropped: ReadonlySet<Entry>): FileResult {
  if (!result.entries.some((entry) => dropped.has(entry))) return result;
  const { fingerprint: _, ...rest } = result;
  return { ...rest, entries: result.entries.filter((entry) => !dropped.has(entry)) };
}

function withOwnIds(results: readonly FileResult[], others: readonly Entry[]): FileResult[] {
  const taken = new Map<string, Entry>();
  // What is stored under an id keeps it; a new file of the same name makes way.
  for (const entry of [...others, ...results.filter(({ state }) => state === 'unchanged').flatMap((result) => result.entries)]) {
    taken.set(entry.item.id, entry);
  }
  return results.map((result) => {
    if (result.state === 'unchanged') return result;
    const problems = [...result.problems];
    let copies = false;
    const entries = result.entries.flatMap((entry) => {
      const before = taken.get(entry.item.id);
      if (!before) taken.set(entry.item.id, entry);
      if (!before || !isNamedByFile(entry)) return [entry];
      if (digestOf(before.item) === digestOf(entry.item)) {
        copies = true;
        problems.push(problemAt(entry.record, [], `skipped: the same document as ${before.record.file}`, 'warning'));
        return [];
      }
      const mark = createHash('sha256').update(result.task.found.name).digest('hex').slice(0, 8);
      const renamed: Entry = { ...entry, item: { ...entry.item, id: `${entry.item.id.slice(0, 100)}-${mark}` } };
      taken.set(renamed.item.id, renamed);
      return [renamed];
    });
    // A copy isn't remembered: it becomes the document when the other one goes.
    const { fingerprint, ...rest } = result;
    return { ...rest, entries, problems, ...(fingerprint === undefined || copies ? {} : { fingerprint }) };
  });
}

/** Documents are called by their files; ids stated in a record are meant. */
function isNamedByFile({ item, record, skippable }: Entry): boolean {
  return skippable === true && item.kind === 'policy' && item.id === idOfFile(record.file);
}
