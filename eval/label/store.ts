/** What people said about facts in answers: a JSONL file that only grows, the last word about a fact in an answer counts. */
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { DataError } from '../data.ts';
import type { Fact } from '../metrics/facts.ts';
import { comparable } from '../metrics/text.ts';

/** yes: the answer says it. no: it doesn't. contradicts: it says otherwise. unclear: a person can't tell either. */
export const verdicts = ['yes', 'no', 'contradicts', 'unclear'] as const;
export type Verdict = (typeof verdicts)[number];
export type Labels = ReadonlyMap<string, Verdict>;

export const labelSchema = z.object({
  key: z.string(),
  /** null: taken back. */
  verdict: z.enum(verdicts).nullable(),
  /** For people who read the file. */
  fact: z.string().default(''),
  at: z.string().default(''),
});
export type Label = z.infer<typeof labelSchema>;

/** One name for a fact in an answer, whatever suite or run it comes from: spelling and punctuation of the answer don't matter. */
export function factKey(answer: string, { id: _id, required: _required, ...fact }: Fact): string {
  return createHash('sha256')
    .update(JSON.stringify([comparable(answer), fact]))
    .digest('hex')
    .slice(0, 32);
}

/** A fact in words a person can judge. */
export function factText({ any, value, unit, says, regex, id }: Fact): string {
  if (says) return says;
  if (value !== undefined) return `${value} ${unit ?? ''}`.trim();
  return any?.join(' / ') ?? regex ?? id;
}

/** All labels of a file; none when it is not there. Throws `DataError` for a line that is no label; a last line cut short is left out. */
export async function readLabels(file: string): Promise<Map<string, Verdict>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new DataError(`${file}: ${error.message}`);
  });
  const labels = new Map<string, Verdict>();
  const lines = text.split('\n');
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    const parsed = labelSchema.safeParse(jsonOf(line));
    if (!parsed.success) {
      if (i === lines.length - 1) return;
      throw new DataError(`${file}:${i + 1}: no label`);
    }
    if (parsed.data.verdict === null) labels.delete(parsed.data.key);
    else labels.set(parsed.data.key, parsed.data.verdict);
  });
  return labels;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Adds a line. */
export async function writeLabel(file: string, label: Label): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(label)}\n`);
}
