/** Suites shared out to processes, so that a run uses every core. Each process has a house of its own. */
import { fork } from 'node:child_process';
import { z } from 'zod';
import { DataError } from '../../eval/data.ts';
import type { SuiteResult } from '../../eval/results.ts';
import { readSuite, type Suite, SuiteError } from '../../eval/suite.ts';
import type { Config } from '../config.ts';
import { openEvaluation, type Parts } from '../evaluation-house.ts';
import { runOneSuite, type SuiteRun } from './eval-suite.ts';

/** What a worker is told, and what it says. */
type Order = { readonly kind: 'open'; readonly parts: Parts; readonly run: SuiteRun } | { readonly kind: 'suite'; readonly file: string };
type Word =
  | { readonly kind: 'progress'; readonly suite: string; readonly done: number; readonly total: number }
  | { readonly kind: 'result'; readonly result: SuiteResult }
  | { readonly kind: 'failed'; readonly error: string; readonly usage: boolean };
const wordSchema = z.looseObject({ kind: z.enum(['progress', 'result', 'failed']) });

/** The hidden command of the workers. */
export const workerCommand = ['eval', 'worker'];

/**
 * Runs suites in `workers` processes of this program, each taking the next when it is done. Returns results by suite name.
 * Throws what a suite's own process threw; the others are ended then.
 */
export async function runInProcesses(
  suites: readonly Suite[],
  parts: Parts,
  run: SuiteRun,
  workers: number,
  onProgress: (suite: string, done: number, total: number) => void,
): Promise<ReadonlyMap<string, SuiteResult>> {
  const results = new Map<string, SuiteResult>();
  const queue = [...suites];
  const children: ReturnType<typeof fork>[] = [];
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const child = fork(process.argv[1] as string, workerCommand, {
        serialization: 'advanced',
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      children.push(child);
      const tell = (order: Order) => child.send(order);
      const next = () => {
        const suite = queue.shift();
        if (suite) tell({ kind: 'suite', file: suite.file });
        else child.disconnect();
      };
      child.on('message', (raw) => {
        const word = wordSchema.parse(raw) as unknown as Word;
        if (word.kind === 'progress') onProgress(word.suite, word.done, word.total);
        else if (word.kind === 'result') {
          results.set(word.result.suite, word.result);
          next();
        } else reject(word.usage ? new DataError(word.error) : new Error(word.error));
      });
      child.on('error', reject);
      child.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`a process of the evaluation ended with code ${code ?? 'none'}`)),
      );
      tell({ kind: 'open', parts, run });
      next();
    });
  try {
    await Promise.all(Array.from({ length: Math.min(workers, suites.length) }, work));
    return results;
  } finally {
    for (const child of children) if (child.connected) child.kill();
  }
}

const progressEveryMs = 200;

/** The worker's side: runs what it is sent until the other side goes away. */
export async function serveWorker(config: Config): Promise<void> {
  if (!process.send) throw new Error('this command is for `wenban eval` itself');
  const say = (word: Word) => process.send?.(word);
  let run: SuiteRun | undefined;
  let house: ReturnType<typeof openEvaluation> | undefined;
  await new Promise<void>((resolve) => {
    // Also when the other side was killed: nobody waits for this any more, and finished cases are written.
    process.on('disconnect', resolve);
    process.on('message', (order: Order) => {
      if (order.kind === 'open') {
        run = order.run;
        house = openEvaluation(config, order.parts);
        house.catch(() => undefined);
        return;
      }
      void oneOrder(order.file).catch((error: unknown) =>
        say({
          kind: 'failed',
          error: error instanceof Error ? error.message : String(error),
          usage: error instanceof SuiteError || error instanceof DataError,
        }),
      );
    });
  });
  await (await house?.catch(() => undefined))?.close();
  process.exit(0);

  async function oneOrder(file: string): Promise<void> {
    if (!house || !run) throw new Error('a suite was sent before the run');
    const suite = await readSuite(file);
    let told = 0;
    const result = await runOneSuite(await house, suite, run, (done, total) => {
      const now = performance.now();
      if (done < total && now - told < progressEveryMs) return;
      told = now;
      say({ kind: 'progress', suite: suite.name, done, total });
    });
    say({ kind: 'result', result });
  }
}
