/** `wenban eval <suite.yaml…>`: runs suites on the real core in process. */

import { existsSync } from 'node:fs';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DataError } from '../../eval/data.ts';
import { type Judgement, judgementOf } from '../../eval/judgement.ts';
import type { Bench } from '../../eval/kinds/kind.ts';
import { makeManifest } from '../../eval/manifest.ts';
import { json, readBaseline, readFinished, summaryOf, writeResults } from '../../eval/output.ts';
import { writeReport } from '../../eval/report/report.ts';
import type { SuiteResult } from '../../eval/results.ts';
import { runSuite } from '../../eval/run.ts';
import { filesOf, readSuite, type Suite, SuiteError } from '../../eval/suite.ts';
import type { Config } from '../config.ts';
import { evaluationBench, evaluationSources, type Parts } from '../evaluation-house.ts';
import { projectRoot } from '../paths.ts';
import { printJudgements, progressOf } from './eval-print.ts';

const badUsage = 2;

export interface EvalFlags {
  out?: string;
  baseline?: string;
  json?: boolean;
  limit?: string;
  concurrency: string;
  resume?: boolean;
  /** commander's form of --no-embeddings. */
  embeddings: boolean;
}

/** Exit code 0 good, 1 a gate is missed or something is worse than the baseline, 2 a suite or its data can't be used. */
export async function evalCommand(config: Config, files: readonly string[], flags: EvalFlags): Promise<number> {
  const limit = flags.limit === undefined ? undefined : Number(flags.limit);
  const concurrency = Number(flags.concurrency);
  if ((limit !== undefined && !(Number.isInteger(limit) && limit > 0)) || !(Number.isInteger(concurrency) && concurrency > 0)) {
    console.error('--limit and --concurrency take whole numbers above zero');
    return badUsage;
  }
  let opened: (() => Promise<void>) | undefined;
  try {
    const suites = await Promise.all(files.map((file) => readSuite(file)));
    const twice = suites.find((suite, i) => suites.findIndex((one) => one.name === suite.name) !== i);
    if (twice) throw new SuiteError(`two suites are called ${twice.name}`);
    const baseline = flags.baseline === undefined ? undefined : await readBaseline(flags.baseline);
    const parts = { embeddings: flags.embeddings };
    const out = resolve(flags.out ?? join('dist', 'eval'));
    await mkdir(out, { recursive: true });
    const { bench, close } = await evaluationBench(config, parts);
    opened = close;
    const judgements: Judgement[] = [];
    for (const suite of suites) {
      const missing = filesOf(suite).find((file) => !existsSync(file));
      // A suite of data that is not shipped is left out; only when nothing is left is that an error.
      if (missing !== undefined) {
        console.error(`${suite.name}: 跳过，没有数据 skipped, its data is not here: ${missing}`);
        continue;
      }
      const result = await oneSuite(config, bench, suite, { parts, out, limit, concurrency, resume: flags.resume === true });
      judgements.push(judgementOf(suite, result, baseline?.get(suite.name)));
    }
    if (judgements.length === 0) throw new DataError('none of the suites has its data here');
    await writeResults(out, judgements);
    const report = await writeReport(out, judgements);
    if (flags.json) console.log(json({ ...summaryOf(judgements), out, report }));
    else printJudgements(judgements, report);
    return judgements.every(({ verdict }) => verdict === 'pass' || verdict === 'inconclusive') ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SuiteError || error instanceof DataError)) throw error;
    console.error(error.message);
    return badUsage;
  } finally {
    await opened?.();
  }
}

interface RunFlags {
  readonly parts: Parts;
  readonly out: string;
  readonly limit: number | undefined;
  readonly concurrency: number;
  readonly resume: boolean;
}

async function oneSuite(
  config: Config,
  bench: Bench,
  suite: Suite,
  { parts, out, limit, concurrency, resume }: RunFlags,
): Promise<SuiteResult> {
  const asOf = suite.as_of ?? new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
  const started = performance.now();
  const manifest = await makeManifest({
    suite,
    asOf,
    limit,
    root: projectRoot(),
    ...(await evaluationSources(config, parts)),
    now: Date.now,
  });
  const running = join(out, `${suite.name}.running.jsonl`);
  const done = resume ? await readFinished(running, manifest.id) : new Map();
  if (done.size === 0) await writeFile(running, '');
  // Finished cases are kept as they come, so that an interrupted run can go on (--resume).
  let unwritten: string[] = [];
  let writing: Promise<void> = Promise.resolve();
  const flush = () => {
    const lines = unwritten;
    unwritten = [];
    if (lines.length > 0) writing = writing.then(() => appendFile(running, lines.join('')));
  };
  const progress = progressOf(suite.name);
  const result = await runSuite(suite, bench, {
    asOf,
    limit,
    concurrency,
    done,
    onCase: (one, count, total) => {
      if (!done.has(one.id)) unwritten.push(`${json({ manifest: manifest.id, case: one })}\n`);
      if (unwritten.length >= 50) flush();
      progress(count, total);
    },
  });
  flush();
  await writing;
  await rm(running, { force: true });
  const seconds = Math.round(performance.now() - started) / 1000;
  return {
    suite: suite.name,
    ...(suite.title ? { title: suite.title } : {}),
    kind: suite.kind,
    manifest: { ...manifest, seconds },
    metrics: result.metrics,
    curves: result.curves,
    cases: [...result.cases],
  };
}
