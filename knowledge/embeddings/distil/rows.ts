/** Reads the JSONL files of the benchmark folder; every line is checked. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';

const unzip = promisify(gunzip);

export const documentRow = z.object({ id: z.string(), title: z.string().default(''), text: z.string().default('') });
export const questionRow = z.object({
  id: z.string(),
  question: z.string(),
  text: z.string().default(''),
  answer: z.string().default(''),
  docIds: z.array(z.string()).default([]),
});
export const cmrcRow = z.object({ id: z.string(), question: z.string(), docIds: z.array(z.string()) });
export const itemRow = z.object({
  id: z.string(),
  title: z.string(),
  catalogue: z.string().default(''),
  subCatalogue: z.string().default(''),
  conditions: z.string().default(''),
});
export const guideRow = z.object({
  id: z.string(),
  item: z.string(),
  subItem: z.string().default(''),
  conditions: z.string().default(''),
  situations: z.array(z.object({ name: z.string(), materials: z.array(z.string()) })).default([]),
});
export const intentRow = z.object({ label: z.string(), title: z.string() });
export const utteranceRow = z.object({ id: z.string(), text: z.string(), label: z.string() });
export const pairRow = z.object({ id: z.string(), a: z.string(), b: z.string(), label: z.number() });

/** The rows of one file, or none when the folder does not hold it. Errors name file and line. */
export async function readRows<T>(folder: string, file: string, schema: z.ZodType<T>): Promise<T[]> {
  const path = join(folder, file);
  if (!existsSync(path)) return [];
  const bytes = await readFile(path);
  const text = (path.endsWith('.gz') ? await unzip(bytes) : bytes).toString('utf8');
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, i) => {
    const row = schema.safeParse(JSON.parse(line));
    if (!row.success) throw new Error(`${path}:${i + 1}: ${z.prettifyError(row.error)}`);
    return row.data;
  });
}
