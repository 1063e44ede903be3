/** `wenban eval <suite.yaml…>`: runs suites on the real core in process. */

import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DataError } from '../../eval/data.ts';
import { type Judgement, judgementOf } from '../../eval/judgement.ts';
import { json, readBaseline, summaryOf, writeResults } from '../../eval/output.ts';
import { writeReport } from '../../eval/report/report.ts';
import type { SuiteResult } from '../../eval/results.ts';
import { filesOf, readSuite, type Suite, SuiteError } from '../../eval/suite.ts';
import type { Config } from '../config.ts';
import { openEvaluation, type Parts } from '../evaluation-house.ts';
import { badUsage } from './command.ts';
import { joinedProgress, printJudgements, progressOf } from './eval-print.ts';
import { runOneSuite, type SuiteRun } from './eval-suite.ts';
import { runInProcesses } from './eval-workers.ts';

export interface EvalFlags {
  out?: string;
  baseline?: string;
  json?: boolean;
  limit?: string;
  concurrency: string;
  /** Processes that share the suites; absent: all in this one. */
  workers?: string;
  resume?: boolean;
  /** commander's form of --no-embeddings. */
  embeddings: boolean;
  model?: boolean;
  judge?: boolean;
  cache?: string;
  labels?: string;
}

/** Labels of people, where no file is named. */
export const labelFile = (config: Pick<Config, 'dataDir'>, named: string | undefined): string =>
  resolve(named ?? join(config.dataDir, 'eval-labels.jsonl'));

/** Exit code 0 good, 1 a gate is missed or something is worse than the baseline, 2 a suite or its data can't be used. */
export async function evalCommand(config: Config, files: readonly string[], flags: EvalFlags): Promise<number> {
  const limit = flags.limit === undefined ? undefined : Number(flags.limit);
  const [concurrency, workers] = [Number(flags.concurrency), Number(flags.workers ?? 1)];
  if ([limit ?? 1, concurrency, workers].some((one) => !(Number.isInteger(one) && one > 0))) {
    console.error('--limit, --concurrency and --workers take whole numbers above zero');
    return badUsage;
  }
  if ((flags.model || flags.judge) && !config.languageModel) {
    console.error('没有配置语言模型 no language model is configured: set OPENAI_MODEL and OPENAI_BASE_URL or OPENAI_API_KEY');
    return badUsage;
  }
  try {
    const suites = await Promise.all(files.map((file) => readSuite(file)));
    const twice = suites.find((suite, i) => suites.findIndex((one) => one.name === suite.name) !== i);
    if (twice) throw new SuiteError(`two suites are called ${twice.name}`);
    const baseline = flags.baseline === undefined ? undefined : await readBaseline(flags.baseline);
    const out = resolve(flags.out ?? join('dist', 'eval'));
    await mkdir(out, { recursive: true });
    const parts: Parts = {
      embeddings: flags.embeddings,
      model: flags.model === true,
      judge: flags.judge === true,
      cache: resolve(flags.cache ?? join(out, 'llm-cache')),
      labels: labelFile(config, flags.labels),
    };
    console.error(modelNote(config, parts));
    const usable = suites.filter((suite) => {
      const missing = filesOf(suite).find((file) => !existsSync(file));
      // A suite of data that is not shipped is left out; only when nothing is left is that an error.
      if (missing !== undefined) console.error(`${suite.name}: 跳过，没有数据 skipped, its data is not here: ${missing}`);
      return missing === undefined;
    });
    if (usable.length === 0) throw new DataError('none of the suites has its data here');
    const run: SuiteRun = { out, limit, concurrency, resume: flags.resume === true };
    const results =
      workers > 1 && usable.length > 1
        ? await runInProcesses(await longestFirst(usable), parts, run, workers, joinedProgress(usable.length))
        : await inThisProcess(config, usable, parts, run);
    const judgements = usable.flatMap((suite): Judgement[] => {
      const result = results.get(suite.name);
      return result ? [judgementOf(suite, result, baseline?.get(suite.name))] : [];
    });
    await writeResults(out, judgements);
    const report = await writeReport(out, judgements);
    if (flags.json) console.log(json({ ...summaryOf(judgements), out, report }));
    else printJudgements(judgements, report);
    return judgements.every(({ verdict }) => verdict === 'pass' || verdict === 'inconclusive') ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SuiteError || error instanceof DataError)) throw error;
    console.error(error.message);
    return badUsage;
  }
}

/** Whether anything leaves the house is never left to guesses. */
function modelNote({ languageModel, embedding, rerank }: Config, { model, judge, cache }: Parts): string {
  if (model || judge)
    return `${[model ? '回答 answering' : '', judge ? '评判 judging' : ''].filter(Boolean).join('、')}: ${languageModel?.model ?? ''} (${languageModel?.baseUrl ?? ''}); 缓存 cache ${cache}`;
  const configured = [languageModel?.model, embedding?.model, rerank?.model].filter(Boolean);
  return `不调用任何模型接口 no model endpoint is called${configured.length > 0 ? ` (${configured.join(', ')}: --model)` : ''}`;
}

async function inThisProcess(
  config: Config,
  suites: readonly Suite[],
  parts: Parts,
  run: SuiteRun,
): Promise<ReadonlyMap<string, SuiteResult>> {
  const house = await openEvaluation(config, parts);
  try {
    const results = new Map<string, SuiteResult>();
    for (const suite of suites) results.set(suite.name, await runOneSuite(house, suite, run, progressOf(suite.name)));
    return results;
  } finally {
    await house.close();
  }
}

/** By the size of their data: what starts last should be short. */
async function longestFirst(suites: readonly Suite[]): Promise<Suite[]> {
  const sized = await Promise.all(
    suites.map(async (suite) => ({
      suite,
      size: (await Promise.all(filesOf(suite).map(async (file) => (await stat(file)).size))).reduce((a, b) => a + b, 0),
    })),
  );
  return sized.sort((a, b) => b.size - a.size).map(({ suite }) => suite);
}
