/** Reads a pack's `patterns.yaml`. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { defaultPatterns, type Patterns, patternsSchema } from './schema.ts';

/** The patterns of a pack; the defaults when it has no such file. Errors: the file and the place in it, in words. */
export async function loadPatterns(file: string): Promise<Patterns> {
  if (!existsSync(file)) return defaultPatterns;
  let content: unknown;
  try {
    content = parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const result = patternsSchema.safeParse(content ?? {});
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  return result.data;
}
