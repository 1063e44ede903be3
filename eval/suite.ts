/** A suite: what is measured on which data. Paths are relative to the suite's file. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { changeNames } from './changes/changes.ts';

export const kinds = ['retrieval', 'answer', 'intent', 'command', 'safety', 'conversation', 'handoff', 'consistency'] as const;
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
  /** pack: the recogniser learns from what the pack itself calls its guides. */
  train_on: z.enum(['pack']).optional(),
  /** Without `train`: cross-validation, each part once tested by a recogniser that learned from the others. */
  folds: z.int().min(2).max(20).optional(),
  /** Questions with empty `docIds`: nothing in the corpus answers them and they must be refused, or (skip) their source is unknown. */
  without_docs: z.enum(['refuse', 'skip']).default('refuse'),
  /** Pairs that people wrote (kind consistency), beside those made by rule. */
  pairs: paths.optional(),
  /** Which changes are made by rule (kind consistency); default: all of them. */
  changes: z.array(z.enum(changeNames)).optional(),
  /** The day of the run, for what is valid when; default: today. */
  as_of: z.iso.date().optional(),
  gate: z.record(z.string(), gateSchema).default({}),
});

export type Gate = z.infer<typeof gateSchema>;

export interface Suite extends Omit<z.infer<typeof suiteSchema>, 'dataset' | 'corpus' | 'train' | 'pairs'> {
  /** Absolute, as the other paths. */
  readonly file: string;
  readonly dataset: readonly string[];
  readonly corpus: readonly string[] | undefined;
  readonly train: readonly string[] | undefined;
  readonly pairs: readonly string[] | undefined;
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
  const { dataset, corpus, train, pairs, ...rest } = parsed.data;
  const absolute = async (list: readonly string[]) =>
    (await Promise.all(list.map((path) => expanded(resolve(dirname(file), path))))).flat();
  return {
    ...rest,
    file: resolve(file),
    dataset: await absolute(dataset),
    corpus: corpus && (await absolute(corpus)),
    train: train && (await absolute(train)),
    pairs: pairs && (await absolute(pairs)),
  };
}

/** `*` in a file's name stands for anything; a pattern that nothing fits stays as it is and is then missing. */
async function expanded(path: string): Promise<string[]> {
  const name = basename(path);
  if (!name.includes('*')) return [path];
  const pattern = new RegExp(
    `^${name
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
  const names = await readdir(dirname(path)).catch(() => []);
  const fitting = names.filter((one) => pattern.test(one)).sort();
  return fitting.length === 0 ? [path] : fitting.map((one) => join(dirname(path), one));
}

/** Every data file a suite names. */
export function filesOf(suite: Suite): string[] {
  return [...suite.dataset, ...(suite.corpus ?? []), ...(suite.train ?? []), ...(suite.pairs ?? [])];
}
