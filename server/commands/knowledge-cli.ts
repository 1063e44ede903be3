/** The words of `wenban knowledge …`: its commands, their options and help. */
import { type Command, Option } from 'commander';
import type { Config } from '../config.ts';
import { exportCommand, importCommand, listCommand } from './knowledge.ts';
import { adoptCommand } from './knowledge-adopt.ts';
import { checkCommand } from './knowledge-check.ts';
import {
  diffCommand,
  expireCommand,
  historyCommand,
  publishCommand,
  reviewCommand,
  rollbackCommand,
  withdrawCommand,
} from './knowledge-life.ts';

/** Turns a command's work into an action that sets the exit code and tells errors in one line. */
type Run = <A extends unknown[]>(work: (...args: A) => Promise<number | undefined>) => (...args: A) => Promise<void>;

const inPack = ['--pack <name>', 'the pack (default: KNOWLEDGE_PACK)'] as const;
const asJson = ['--json', 'machine-readable output'] as const;
const status = (words: string): Option => new Option('--status <status>', words).choices(['draft', 'reviewed', 'published', 'expired']);

/** Adds `knowledge` and what it can do to the program. */
export function addKnowledgeCommands(program: Command, { run, configured }: { run: Run; configured: () => Config }): void {
  const knowledge = program.command('knowledge').description('bring knowledge in, check it, publish it, look at it');
  knowledge
    .command('import <paths...>')
    .description(
      'import guides, FAQs and policies: a pack folder, or folders and files (PDF, Word, Excel, HTML, text, Markdown, YAML, JSONL, CSV); published at once',
    )
    .option('--pack <name>', 'the pack the items go into (default: KNOWLEDGE_PACK)')
    .option('--draft', 'keep them as drafts for review; what is published stays as it is')
    .option('--dry-run', 'check and count, write nothing')
    .option('--allow-incomplete', 'accept guides that lack mandatory elements')
    .option('--remove-missing', 'take out items of the pack that are not in these files')
    .option('--as <name>', 'who imports, for the history')
    .option('--note <text>', 'why, for the history')
    .option(...asJson)
    .action(run((paths: string[], options) => importCommand(configured(), paths, options)));
  knowledge
    .command('adopt')
    .description('give this database, with its conversations, staff and work, to the configured pack: the same city under another name')
    .option('--yes', 'really do it; stop every server first')
    .action(run((options) => adoptCommand(configured(), options)));
  knowledge
    .command('list')
    .description('what is in the store, the newest version of each')
    .option('--pack <name>')
    .addOption(status('only versions in this status'))
    .option(...asJson)
    .action(run((options) => listCommand(configured(), options)));
  knowledge
    .command('export')
    .description('the items of a pack as JSONL on standard output')
    .option(...inPack)
    .addOption(status('the status of the versions to export').default('published'))
    .action(run((options) => exportCommand(configured(), options)));
  knowledge
    .command('check [paths...]')
    .description('what contradicts, repeats, leads nowhere, runs out or is missing in a pack, or in files; exit code 1 on errors')
    .option(...inPack)
    .option('--list <file>', 'the official list of service items (any importable file): which of them have no guide')
    .option('--limit <n>', 'findings shown of each kind', '20')
    .option(...asJson)
    .action(run((paths: string[], options) => checkCommand(configured(), paths, options)));
  addLife(knowledge, { run, configured });
}

function addLife(knowledge: Command, { run, configured }: { run: Run; configured: () => Config }): void {
  const step = (name: string, description: string): Command =>
    knowledge
      .command(name)
      .description(description)
      .option(...inPack)
      .option('--as <name>', 'who does it, for the history')
      .option('--note <text>', 'why, for the history')
      .option(...asJson);
  step('review [ids...]', 'mark drafts as reviewed; not by who wrote them')
    .option('--all', 'every draft of the pack')
    .action(run((ids: string[], options) => reviewCommand(configured(), ids, options)));
  step('publish [ids...]', 'serve reviewed versions: all that are named switch at once, or none; running servers follow within seconds')
    .option('--all', 'every reviewed version of the pack')
    .action(run((ids: string[], options) => publishCommand(configured(), ids, options)));
  step('withdraw <ids...>', 'take items out of service at once').action(
    run((ids: string[], options) => withdrawCommand(configured(), ids, options)),
  );
  step('rollback <id>', 'bring the words of an old version back as a new version')
    .requiredOption('--to <version>', 'the version to go back to')
    .option('--publish', 'serve it at once (only words that were published before)')
    .action(run((id: string, options) => rollbackCommand(configured(), id, options)));
  knowledge
    .command('expire')
    .description('mark what is past its last day (validTo) as expired; it is not answered from meanwhile either')
    .option('--pack <name>', 'only this pack')
    .option(...asJson)
    .action(run((options) => expireCommand(configured(), options)));
  knowledge
    .command('history <id>')
    .description('every version of an item: who wrote, reviewed, published and withdrew it, and when')
    .option(...inPack)
    .option(...asJson)
    .action(run((id: string, options) => historyCommand(configured(), id, options)));
  knowledge
    .command('diff <id> [from] [to]')
    .description('what changed between two versions, field by field (default: from the published version to the newest)')
    .option(...inPack)
    .option(...asJson)
    .action(
      run((id: string, from: string | undefined, to: string | undefined, options) => diffCommand(configured(), id, from, to, options)),
    );
}
