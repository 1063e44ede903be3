/** Writes a run's folder: results.json, cases as JSONL, scores.csv, junit.xml; and reads results back. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { DataError } from './data.ts';
import type { Judgement } from './judgement.ts';
import { junit } from './junit.ts';
import { type CaseResult, caseResultSchema, type SuiteResult, suiteResultSchema } from './results.ts';
import { csvLine } from './sheets.ts';
import type { Suite } from './suite.ts';

const bom = '\uFEFF';

/**
 * One suite: its result as such. Several: `{suites: […]}`, and each once more under a folder of its name.
 * Returns the paths written.
 */
export async function writeResults(folder: string, judgements: readonly Judgement[]): Promise<string[]> {
  const results = judgements.map((one) => one.result);
  const written: string[] = [];
  const put = async (path: string, text: string) => {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
    written.push(path);
  };
  const [only] = results;
  await put(join(folder, 'results.json'), `${json(results.length === 1 ? only : { suites: results })}\n`);
  await put(join(folder, 'junit.xml'), junit(judgements));
  await put(join(folder, 'scores.csv'), bom + scoresCsv(results));
  await put(join(folder, 'summary.json'), `${json(summaryOf(judgements))}\n`);
  if (results.length > 1) for (const one of results) await put(join(folder, one.suite, 'results.json'), `${json(one)}\n`);
  return written;
}

/** Copies what the suite asks into the run's folder: the questions as they were, whatever becomes of the files. */
export async function freezeCases(folder: string, suite: Suite): Promise<void> {
  const place = join(folder, 'cases', suite.name);
  await mkdir(place, { recursive: true });
  const files = [suite.file, ...suite.dataset, ...(suite.pairs ?? [])];
  // Two files of one name from different folders must not overwrite each other.
  for (const [i, file] of files.entries()) {
    const twice = files.findIndex((other) => basename(other) === basename(file)) !== i;
    await copyFile(file, join(place, twice ? `${i}-${basename(file)}` : basename(file)));
  }
}

/** JSON has no NaN and no Infinity: null. */
export const json = (value: unknown): string =>
  JSON.stringify(value, (_key, one: unknown) => (typeof one === 'number' && !Number.isFinite(one) ? null : one));

/** What a script wants to know, without the cases. */
export function summaryOf(judgements: readonly Judgement[]) {
  return {
    suites: judgements.map(({ result, gates, comparison, verdict }) => ({
      suite: result.suite,
      kind: result.kind,
      verdict,
      manifest: result.manifest.id,
      cases: result.cases.length,
      errors: result.cases.filter((one) => one.status === 'error').length,
      metrics: result.metrics,
      gates,
      ...(result.coverage ? { coverage: result.coverage } : {}),
      ...(result.judge ? { judge: result.judge } : {}),
      ...(result.manifest.usage ? { usage: result.manifest.usage } : {}),
      ...(comparison
        ? {
            comparison: {
              baseline: comparison.baseline,
              paired: comparison.paired,
              verdict: comparison.verdict,
              fixed: comparison.fixed.map((flip) => flip.id),
              broken: comparison.broken.map((flip) => flip.id),
              mcnemar: comparison.mcnemar,
              changes: comparison.changes,
            },
          }
        : {}),
    })),
  };
}

/** One line a case and metric: long form, which spreadsheets pivot. */
function scoresCsv(results: readonly SuiteResult[]): string {
  const lines = [csvLine(['suite', 'case', 'status', 'metric', 'value', 'confidence', 'fault', 'latency_ms', 'input'])];
  for (const { suite, cases } of results) {
    for (const one of cases) {
      for (const [metric, value] of Object.entries(one.scores)) {
        lines.push(
          csvLine([suite, one.id, one.status, metric, value, one.confidence ?? Number.NaN, one.fault ?? '', one.latencyMs, one.input]),
        );
      }
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** Reads results written earlier, by suite name. Throws `DataError` when the file holds none. */
export async function readBaseline(file: string): Promise<Map<string, SuiteResult>> {
  try {
    const raw = JSON.parse(await readFile(file, 'utf8')) as { suites?: unknown };
    const list = z.array(suiteResultSchema).parse(raw.suites ?? [raw]);
    return new Map(list.map((one) => [one.suite, one]));
  } catch (error) {
    const words = error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);
    throw new DataError(`${file}: ${words}`);
  }
}

/** Cases an interrupted run has finished, if it was a run of the same manifest; a last line cut short is left out. */
export async function readFinished(file: string, manifestId: string): Promise<Map<string, CaseResult>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const done = new Map<string, CaseResult>();
  for (const line of text.split('\n')) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      continue;
    }
    const row = z.object({ manifest: z.literal(manifestId), case: caseResultSchema }).safeParse(parsed);
    if (row.success && row.data.case.status !== 'error') done.set(row.data.case.id, row.data.case);
  }
  return done;
}
