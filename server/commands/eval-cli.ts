/** The options of `wenban eval …`. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { CommandTools } from './command.ts';
import { type EvalFlags, evalCommand } from './eval.ts';
import { exportCasesCommand } from './eval-cases.ts';
import { type LabelFlags, labelCommand } from './eval-label.ts';
import { lintCommand, type PowerFlags, powerCommand, type SampleFlags, sampleCommand } from './eval-tools.ts';
import { serveWorker } from './eval-workers.ts';

/** Adds the evaluation commands to the command line. */
export function addEvalCommands(program: Command, { run, configured }: CommandTools): void {
  const evaluation = program.command('eval').description('measure answers, understanding, safety and conversations on suites of questions');
  evaluation
    .command('run <suites...>', { isDefault: true })
    .description('run suites and write the report: wenban eval <suite.yaml…>')
    .option('--out <dir>', 'folder for results.json, report.html, junit.xml, scores.csv (default: dist/eval)')
    .option('--baseline <file>', 'results.json of an earlier run to compare with')
    .option('--json', 'print the summary as JSON')
    .option('--limit <n>', 'only the first n cases of each suite')
    .option('--concurrency <n>', 'cases at the same time', '4')
    .option('--workers <n>', 'processes that share the suites', String(Math.min(4, availableParallelism())))
    .option('--model', 'ask the configured model endpoints; without this nothing is called')
    .option('--judge', 'let the configured model judge facts; shown only with its agreement with labels')
    .option('--cache <dir>', 'where answers of models are kept (default: llm-cache in the run’s folder)')
    .option('--labels <file>', 'labels of people (default: eval-labels.jsonl in DATA_DIR)')
    .option('--no-embeddings', 'find by words alone, to see what the embeddings are worth')
    .option('--resume', 'go on with an interrupted run of the same manifest')
    .action(run((suites: string[], flags: EvalFlags) => evalCommand(configured(), suites, flags)));
  evaluation.command('worker', { hidden: true }).action(run(async () => void (await serveWorker(configured()))));
  evaluation
    .command('label <run>')
    .description('a page for people: is this fact in this answer? Once per answer and fact')
    .option('--labels <file>', 'where labels are kept (default: eval-labels.jsonl in DATA_DIR)')
    .option('--all', 'also facts that were found by their words')
    .option('--port <n>', 'port of the page on 127.0.0.1', '0')
    .action(run((folder: string, flags: LabelFlags) => labelCommand(configured(), folder, flags)));
  evaluation
    .command('lint <suites...>')
    .description('duplicates, leakage, contradictions, facts the knowledge no longer says')
    .option('--json', 'machine-readable output')
    .action(run((suites: string[], flags: { json?: boolean }) => lintCommand(configured(), suites, flags)));
  evaluation
    .command('power')
    .description('how many cases a difference takes')
    .option('--difference <share>', 'the difference to be seen, e.g. 0.03')
    .option('--n <cases>', 'how many cases there are')
    .option('--discordant <share>', 'share of the cases that change between two runs', '0.1')
    .option('--results <file>', 'with --baseline: take the share of changed cases from two runs')
    .option('--baseline <file>')
    .option('--json', 'machine-readable output')
    .action(run((flags: PowerFlags) => powerCommand(flags)));
  evaluation
    .command('cases')
    .description('questions editors kept for evaluations')
    .command('export')
    .description('as a data set: JSONL with id, question, docIds (none: must be refused)')
    .option('--out <file>', 'where to; default: standard output')
    .action(run((flags: { out?: string }) => exportCasesCommand(configured(), flags)));
  evaluation
    .command('sample')
    .description('draw real conversations into a draft suite, masked, the least sure first')
    .requiredOption('--out <file>', 'the draft, YAML')
    .option('--n <cases>', 'how many', '50')
    .option('--seed <n>', 'the same seed draws the same', '1')
    .option('--days <n>', 'how far back', '30')
    .action(run((flags: SampleFlags) => sampleCommand(configured(), flags, Date.now())));
}
