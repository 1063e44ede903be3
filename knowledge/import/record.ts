/** One record as a file holds it, before it becomes a knowledge item. */
import { cleanValue, type Found } from './clean.ts';
import { fieldName, type Problem } from './problem.ts';

export type Path = readonly (string | number)[];

export interface RawRecord {
  readonly file: string;
  readonly line: number;
  readonly value: unknown;
  /** `typed`: values have the types of our schema (YAML, JSONL). `cells`: text that must be read (CSV, Markdown, HTML). */
  readonly form: 'typed' | 'cells';
  /** Line of a field, or of the nearest thing around it. */
  readonly lineOf: (path: Path) => number;
  /** The key of the list that held it (`guides:`), when there was one. */
  readonly group?: string;
}

export interface Reading {
  readonly records: RawRecord[];
  readonly problems: Problem[];
}

/** Turns the text of one file into records. */
export type FileReader = (text: string, file: string) => Reading;

/** A problem at a field of a record. */
export function problemAt(record: RawRecord, path: Path, message: string, severity: Problem['severity'] = 'error'): Problem {
  const base = { file: record.file, line: record.lineOf(path), message, severity };
  return path.length === 0 ? base : { ...base, field: fieldName(path) };
}

/** The same record without hidden characters and markup (they may hide behind escapes, so the file's text alone isn't enough), and what was found. */
export function cleanRecord(record: RawRecord): { record: RawRecord; problems: Problem[] } {
  let value: unknown;
  let found: Found[];
  try {
    ({ value, found } = cleanValue(record.value));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { record: { ...record, value: undefined }, problems: [problemAt(record, [], error.message)] };
  }
  if (found.length === 0) return { record, problems: [] };
  const problems = found.flatMap(({ path, hidden, markup }) => [
    ...(hidden.length > 0 ? [problemAt(record, path, `hidden characters removed (${hidden.join(', ')})`, 'warning')] : []),
    ...(markup.length > 0 ? [problemAt(record, path, `markup is kept as text only (${markup.join(', ')})`, 'warning')] : []),
  ]);
  return { record: { ...record, value }, problems };
}
