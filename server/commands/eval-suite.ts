/** One suite of a run: manifest, cases, what is written on the way so that an interrupted run can go on. */
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeManifest } from '../../eval/manifest.ts';
import { freezeCases, json, readFinished } from '../../eval/output.ts';
import type { CaseResult, SuiteResult } from '../../eval/results.ts';
import { runSuite } from '../../eval/run.ts';
import type { Suite } from '../../eval/suite.ts';
import { usageBetween, usageMetrics } from '../../eval/usage.ts';
import type { EvaluationHouse } from '../evaluation-house.ts';
import { projectRoot } from '../paths.ts';

export interface SuiteRun {
  readonly out: string;
  readonly limit: number | undefined;
  readonly concurrency: number;
  /** Go on with what an interrupted run of the same manifest has finished. */
  readonly resume: boolean;
}

const flushEvery = 20;

/** Runs a suite and returns its result; `onProgress` hears how many cases are done. Throws `SuiteError`, `DataError`. */
export async function runOneSuite(
  house: EvaluationHouse,
  suite: Suite,
  { out, limit, concurrency, resume }: SuiteRun,
  onProgress: (done: number, total: number) => void,
): Promise<SuiteResult> {
  const asOf = suite.as_of ?? new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
  const started = performance.now();
  const manifest = await makeManifest({ suite, asOf, limit, root: projectRoot(), ...(await house.sources()), now: Date.now });
  await freezeCases(out, suite);
  const running = join(out, `${suite.name}.running.jsonl`);
  const done = resume ? await readFinished(running, manifest.id) : new Map<string, CaseResult>();
  if (done.size === 0) await writeFile(running, '');
  // Finished cases are kept as they come; a last line that a crash cut short must not spoil the next one.
  let unwritten: string[] = done.size === 0 ? [] : ['\n'];
  let writing: Promise<void> = Promise.resolve();
  const flush = () => {
    const lines = unwritten;
    unwritten = [];
    if (lines.length > 0) writing = writing.then(() => appendFile(running, lines.join('')));
  };
  const before = house.usage();
  const result = await runSuite(suite, house.bench, {
    asOf,
    limit,
    concurrency,
    done,
    onCase: (one, count, total) => {
      if (!done.has(one.id)) unwritten.push(`${json({ manifest: manifest.id, case: one })}\n`);
      if (unwritten.length >= flushEvery) flush();
      onProgress(count, total);
    },
  });
  flush();
  await writing;
  await rm(running, { force: true });
  const usage = usageBetween(before, house.usage());
  const { metrics, ...rest } = result;
  return {
    suite: suite.name,
    ...(suite.title ? { title: suite.title } : {}),
    kind: suite.kind,
    manifest: { ...manifest, seconds: Math.round(performance.now() - started) / 1000, ...(usage ? { usage } : {}) },
    ...rest,
    metrics: { ...metrics, ...usageMetrics(usage, result.cases) },
    cases: [...result.cases],
  };
}
