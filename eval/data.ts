/** The data sets of an evaluation: JSONL, also gzipped, one object a line, checked line by line. */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';

const unzip = promisify(gunzip);

export const corpusRowSchema = z.object({
  id: z.string(),
  title: z.string().default(''),
  text: z.string(),
  url: z.string().optional(),
  meta: z.record(z.string(), z.unknown()).optional(),
});
export type CorpusRow = z.infer<typeof corpusRowSchema>;

/** `docIds` empty: nothing in the corpus answers it, it must be refused. */
export const questionRowSchema = z.object({
  id: z.string(),
  question: z.string(),
  docIds: z.array(z.string()),
  answer: z.union([z.string(), z.array(z.string())]).optional(),
});
export type QuestionRow = z.infer<typeof questionRowSchema>;

/** Reads a JSONL file. Errors name file and line. */
export async function readRows<T>(file: string, schema: z.ZodType<T>): Promise<T[]> {
  const bytes = await readFile(file);
  const text = (file.endsWith('.gz') ? await unzip(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, i) => {
      const parsed = schema.safeParse(JSON.parse(line));
      if (!parsed.success) throw new Error(`${file}:${i + 1}: ${z.prettifyError(parsed.error)}`);
      return parsed.data;
    });
}
