/** `wenban report …` and `wenban archive …`: what leaves the house for evaluators and for the archive. */
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { type ArchiveFlags, archiveExportCommand, archiveVerifyCommand } from './archive.ts';
import { type PackFlags, reportPackCommand } from './report.ts';

interface Tools {
  readonly run: <A extends unknown[]>(work: (...args: A) => Promise<number | undefined>) => (...args: A) => Promise<void>;
  readonly configured: () => Config;
}

export function addRecordsCommands(program: Command, { run, configured }: Tools): void {
  program
    .command('report')
    .description('evaluations of the service')
    .command('pack')
    .description('what a third party evaluates a quarter or year by: method, figures, sample; nobody in it')
    .requiredOption('--period <period>', '2026 or 2026-Q4; it must be over')
    .option('--seed <seed>', 'decides which conversations are drawn', '1')
    .option('--size <n>', 'how many', '400')
    .requiredOption('--out <folder>')
    .action(run((flags: PackFlags) => reportPackCommand(configured(), flags)));

  const archive = program.command('archive').description('closed work orders as files with hashes');
  archive
    .command('export')
    .description('orders closed in a span with their conversations; holds personal data')
    .requiredOption('--since <day>', 'first day, in China')
    .requiredOption('--until <day>', 'last day')
    .requiredOption('--out <folder>', 'new or empty')
    .requiredOption('--actor <name>', 'who carries it out; stays on record')
    .action(run((flags: ArchiveFlags) => archiveExportCommand(configured(), flags)));
  archive
    .command('verify <folder>')
    .description('whether the files are as they were written')
    .option('--expected <sha256>', 'what the index was known by when it was written')
    .action(run((folder: string, flags: { expected?: string }) => archiveVerifyCommand(folder, flags)));
}
