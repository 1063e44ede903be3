/** A suite: what is measured on which data. Paths are relative to the suite's file. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const kinds = ['retrieval', 'answer', 'intent', 'command', 'safety', 'conversation', 'handoff'] as const;
export type KindName = (typeof kinds)[number];

const paths = z.union([z.string(), z.array(z.string()).min(1)]).transform((value) => (typeof value === 'string' ? [value] : value));
const bound = /^(>=|<=|>|<)\s*-?\d+(\.\d+)?$/;

const gateSchema = z.union([
  z.string().regex(bound, 'an operator and a number, such as ">= 0.85"'),
  z.strictObject({
    min: z.number().optional(),
    max: z.number().optional(),
    /** Largest loss against the baseline: the interval of the paired loss must stay below it. */
    max_drop: z.number().min(0).optional(),
    /** warn: told, but the run does not fail. */
    severity: z.enum(['block', 'warn']).default('block'),
  }),
]);

const suiteSchema = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,80}$/, 'letters, digits, . _ - only: it names files'),
  title: z.string().optional(),
  kind: z.enum(kinds),
  dataset: paths,
  /** A throw-away index of these texts; without it the published pack is searched. */
  corpus: paths.optional(),
  /** A throw-away recogniser learns from these (kind intent). */
  train: paths.optional(),
  /** Without `train`: cross-validation, each part once tested by a recogniser that learned from the others. */
  folds: z.int().min(2).max(20).optional(),
  /** Questions with empty `docIds`: nothing in the corpus answers them and they must be refused, or (skip) their source is unknown. */
  without_docs: z.enum(['refuse', 'skip']).default('refuse'),
  /** The day of the run, for what is valid when; default: today. */
  as_of: z.iso.date().optional(),
  gate: z.record(z.string(), gateSchema).default({}),
});

export type Gate = z.infer<typeof gateSchema>;

export interface Suite extends Omit<z.infer<typeof suiteSchema>, 'dataset' | 'corpus' | 'train'> {
  /** Absolute, as the other paths. */
  readonly file: string;
  readonly dataset: readonly string[];
  readonly corpus: readonly string[] | undefined;
  readonly train: readonly string[] | undefined;
}

/** A suite that can't be used: tells the file and every wrong field. */
export class SuiteError extends Error {}

/** Reads a suite. Throws `SuiteError`. */
export async function readSuite(file: string): Promise<Suite> {
  let raw: unknown;
  try {
    raw = parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new SuiteError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = suiteSchema.safeParse(raw);
  if (!parsed.success) throw new SuiteError(`${file}:\n${z.prettifyError(parsed.error)}`);
  const absolute = (path: string) => resolve(dirname(file), path);
  const { dataset, corpus, train, ...rest } = parsed.data;
  return { ...rest, file: resolve(file), dataset: dataset.map(absolute), corpus: corpus?.map(absolute), train: train?.map(absolute) };
}

/** Every data file a suite names. */
export function filesOf(suite: Suite): string[] {
  return [...suite.dataset, ...(suite.corpus ?? []), ...(suite.train ?? [])];
}
