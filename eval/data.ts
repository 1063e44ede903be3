/** The data sets of an evaluation: JSONL (also gzipped), YAML, CSV or XLSX, checked row by row. */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parse } from 'yaml';
import { z } from 'zod';
import { isSheet, readSheet } from './sheets.ts';

const unzip = promisify(gunzip);

/** Data that can't be used: tells file and line. */
export class DataError extends Error {}

export const corpusRowSchema = z.object({
  id: z.string(),
  title: z.string().default(''),
  text: z.string(),
  url: z.string().optional(),
  meta: z.record(z.string(), z.unknown()).optional(),
});
export type CorpusRow = z.infer<typeof corpusRowSchema>;

/** Rows of a file as they stand, unchecked. Errors name file and line. */
export async function readLines(file: string): Promise<unknown[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
    if (file.endsWith('.gz')) bytes = await unzip(bytes);
  } catch (error) {
    throw new DataError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (isSheet(file)) return readSheet(bytes, file);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (/\.ya?ml$/.test(file)) return casesIn(parseYaml(text, file), file);
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as unknown];
    } catch (error) {
      throw new DataError(`${file}:${i + 1}: ${(error as Error).message}`);
    }
  });
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new DataError(`${file}: ${(error as Error).message}`);
  }
}

/** A list, or a list under `cases` (with whatever else the file says about itself). */
function casesIn(value: unknown, file: string): unknown[] {
  if (Array.isArray(value)) return value;
  const cases = typeof value === 'object' && value !== null && 'cases' in value ? value.cases : undefined;
  if (Array.isArray(cases)) return cases;
  // One conversation a file is a list of one.
  if (typeof value === 'object' && value !== null && 'steps' in value) return [value];
  throw new DataError(`${file}: a list of cases, or \`cases:\` with a list, was expected`);
}

/** Reads and checks the rows of a file. Throws `DataError` naming file and row. */
export async function readRows<T>(file: string, schema: z.ZodType<T>): Promise<T[]> {
  return (await readLines(file)).map((row, i) => {
    const parsed = schema.safeParse(row);
    if (!parsed.success) throw new DataError(`${file}:${i + 1}: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  });
}

/** All rows of several files; the same id twice is an error, since results are told by id. */
export async function readAllRows<T extends { id: string }>(files: readonly string[], schema: z.ZodType<T>): Promise<T[]> {
  const seen = new Map<string, string>();
  const rows: T[] = [];
  for (const file of files) {
    for (const row of await readRows(file, schema)) {
      const before = seen.get(row.id);
      if (before !== undefined) throw new DataError(`${file}: id ${row.id} is there twice (${before})`);
      seen.set(row.id, file);
      rows.push(row);
    }
  }
  return rows;
}
