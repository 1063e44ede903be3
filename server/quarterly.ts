/** 每季一评: the fixed suites run by themselves once a quarter, in a process of their own; the report is kept. */
import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { OpenDatabase } from '../bot/store/database.ts';
import { beginEvaluationRun, endEvaluationRun, giveBackEvaluationRun } from '../bot/store/evaluation-runs.ts';
import { dayInChina } from '../knowledge/life/rules.ts';

/** A run that has not ended by then was cut off: its process, or the machine, went down. */
const longestMs = 12 * 3_600_000;
/** The name of a quarter's folder, and the command that fills it. */
const evaluationsFolder = 'evaluations';

export interface QuarterlyOptions {
  readonly database: OpenDatabase;
  readonly now: () => number;
  readonly dataDir: string;
  /** Suite files; none: nothing runs. */
  readonly suites: readonly string[];
  /** Runs the suites and writes results.json and report.html into the folder; rejects with what went wrong. */
  readonly run: (suites: readonly string[], folder: string, signal: AbortSignal) => Promise<void>;
  /** Aborted when the server stops: a run under way is begun anew by the next one. */
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

const resultsSchema = z
  .object({ suite: z.string(), metrics: z.record(z.string(), z.looseObject({ value: z.number().nullable() })) })
  .transform(({ suite, metrics }) =>
    Object.entries(metrics).flatMap(([name, { value }]) => (value === null ? [] : [[`${suite} ${name}`, value] as const])),
  );
const fileSchema = z.union([
  resultsSchema.transform((one) => [one]),
  z.looseObject({ suites: z.array(resultsSchema) }).transform(({ suites }) => suites),
]);

const summarySchema = z.object({ suites: z.array(z.object({ suite: z.string(), verdict: z.string() })) });

/** Whether each suite passed its gates, as 1 or 0 beside its figures; nothing where no summary was written. */
async function verdicts(file: string): Promise<(readonly [string, number])[]> {
  const text = await readFile(file, 'utf8').catch(() => '{"suites":[]}');
  return summarySchema.parse(JSON.parse(text)).suites.map(({ suite, verdict }) => [`${suite} passed`, verdict === 'pass' ? 1 : 0]);
}

/** The quarter a moment is in, by China's clock: 2026-Q4. */
export function quarterOf(now: number): string {
  const [year = '', month = ''] = dayInChina(now).split('-');
  return `${year}-Q${Math.ceil(Number(month) / 3)}`;
}

/** One look: begins the run of this quarter if nobody has, and waits for its end. Never rejects. */
export async function quarterlyEvaluation({ database, now, dataDir, suites, run, signal, onError }: QuarterlyOptions): Promise<void> {
  if (suites.length === 0) return;
  const period = quarterOf(now());
  try {
    if (!(await beginEvaluationRun(database.db, period, { now: now(), staleBefore: now() - longestMs }))) return;
    const folder = join(evaluationsFolder, period);
    try {
      await run(suites, join(dataDir, folder), signal);
      const results = fileSchema.parse(JSON.parse(await readFile(join(dataDir, folder, 'results.json'), 'utf8')));
      const metrics = Object.fromEntries([...results.flat(), ...(await verdicts(join(dataDir, folder, 'summary.json')))]);
      await endEvaluationRun(database.db, period, { status: 'done', finishedAt: now(), folder, metrics, error: null });
    } catch (error) {
      if (signal.aborted) return await giveBackEvaluationRun(database.db, period);
      const words = error instanceof Error ? error.message : String(error);
      await endEvaluationRun(database.db, period, {
        status: 'failed',
        finishedAt: now(),
        folder: null,
        metrics: {},
        error: words.slice(0, 500),
      });
      onError(error);
    }
  } catch (error) {
    onError(error);
  }
}

/**
 * `wenban eval` in a process of its own, so that the server goes on answering; it reads the published knowledge and touches nothing. A gate
 * that was missed (exit code 1) is a result, not a failure.
 */
export const runSuites: QuarterlyOptions['run'] = (suites, folder, signal) =>
  new Promise((resolve, reject) => {
    const child = fork(process.argv[1] as string, ['eval', ...suites, '--out', folder, '--workers', '1'], { stdio: 'ignore', signal });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 || code === 1 ? resolve() : reject(new Error(`the evaluation ended with code ${code ?? 'none'}`)),
    );
  });
