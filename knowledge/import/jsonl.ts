/** JSON Lines: one record a line; empty lines are passed over. */
import type { Problem } from './problem.ts';
import type { RawRecord, Reading } from './record.ts';

/** Reads the records of a JSONL file; a broken line is an error with its number, the others are still read. */
export function readJsonl(text: string, file: string): Reading {
  const records: RawRecord[] = [];
  const problems: Problem[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    const line = index + 1;
    try {
      records.push({ file, line, value: JSON.parse(content) as unknown, form: 'typed', lineOf: () => line });
    } catch (error) {
      problems.push({ file, line, message: `not valid JSON: ${(error as Error).message}`, severity: 'error' });
    }
  }
  return { records, problems };
}
