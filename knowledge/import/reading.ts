/** One file → records. Whatever is wrong with it is a problem, never a throw. */
import { type DocumentLimits, defaultLimits, type ReadingContext, Unreadable } from './documents/unreadable.ts';
import { type FoundFile, loadFile } from './files.ts';
import { formatOf } from './formats.ts';
import type { Problem } from './problem.ts';
import type { Reading } from './record.ts';

export function readingContext(limits: Partial<DocumentLimits> = {}): ReadingContext {
  return { limits: { ...defaultLimits, ...limits }, clock: () => performance.now() };
}

/** Reads a file from disk. */
export async function readFileRecords(found: FoundFile, context: ReadingContext = readingContext()): Promise<Reading> {
  const loaded = await loadFile(found.path);
  return 'problem' in loaded ? failed(found, loaded.problem) : readBytes(found, loaded.bytes, context);
}

/** Reads the bytes of a file. */
export async function readBytes(found: FoundFile, bytes: Uint8Array, context: ReadingContext): Promise<Reading> {
  try {
    return (await formatOf(found.path)?.read(bytes, found.name, context)) ?? failed(found, 'can’t read this kind of file');
  } catch (error) {
    // Parsers give up by throwing on what no honest file holds, such as thousands of nested brackets.
    return failed(found, error instanceof Unreadable ? error.message : `can’t be read: ${(error as Error).message}`);
  }
}

export function failed(found: FoundFile, message: string): Reading {
  const problem: Problem = { file: found.name, message, severity: 'error' };
  return { records: [], problems: [problem] };
}
