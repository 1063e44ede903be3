/** A suite: what is measured on which data. Paths are relative to the suite's file. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const paths = z.union([z.string(), z.array(z.string()).min(1)]).transform((value) => (typeof value === 'string' ? [value] : value));

const suiteSchema = z.strictObject({
  name: z.string().min(1),
  kind: z.enum(['retrieval']),
  dataset: paths,
  /** A throw-away index of these texts; without it the published pack is searched. */
  corpus: paths.optional(),
  /** `{metric: ">= 0.85"}`: the run fails when a metric misses its bound. */
  gate: z.record(z.string(), z.string().regex(/^(>=|<=|>|<)\s*-?\d+(\.\d+)?$/, 'an operator and a number, such as ">= 0.85"')).default({}),
});

export interface Suite extends Omit<z.infer<typeof suiteSchema>, 'dataset' | 'corpus'> {
  readonly file: string;
  /** Absolute. */
  readonly dataset: readonly string[];
  readonly corpus: readonly string[] | undefined;
}

/** Reads a suite. Errors: the file and every wrong field. */
export async function readSuite(file: string): Promise<Suite> {
  const parsed = suiteSchema.safeParse(parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file}:\n${z.prettifyError(parsed.error)}`);
  const absolute = (path: string) => resolve(dirname(file), path);
  const { dataset, corpus, ...rest } = parsed.data;
  return { ...rest, file, dataset: dataset.map(absolute), corpus: corpus?.map(absolute) };
}

/** Whether a value keeps to a gate such as ">= 0.85". */
export function keeps(gate: string, value: number): boolean {
  const [, operator, bound] = /^(>=|<=|>|<)\s*(.+)$/.exec(gate) ?? [];
  const limit = Number(bound);
  switch (operator) {
    case '>=':
      return value >= limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '<':
      return value < limit;
    default:
      throw new Error(`not a gate: ${gate}`);
  }
}
