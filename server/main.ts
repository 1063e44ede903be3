/** The `wenban` command line. */
import { Command } from 'commander';
import { benchWorkerCommand } from './bench/worker.ts';
import { addBackupCommands } from './commands/backup-cli.ts';
import { type BenchFlags, benchCommand, benchSoakCommand, type SoakFlags } from './commands/bench.ts';
import { benchImportCommand } from './commands/bench-import.ts';
import { benchSearchCommand } from './commands/bench-search.ts';
import { chatCommand } from './commands/chat.ts';
import { badUsage } from './commands/command.ts';
import { doctorCommand } from './commands/doctor.ts';
import { addEvalCommands } from './commands/eval-cli.ts';
import { addFlowCommands } from './commands/flows-cli.ts';
import { addKnowledgeCommands } from './commands/knowledge-cli.ts';
import { addRecordsCommands } from './commands/records-cli.ts';
import { addSecurityCommands } from './commands/security-cli.ts';
import { addSmsCommands } from './commands/sms-cli.ts';
import { userAddCommand, userListCommand, userPasswordCommand } from './commands/user.ts';
import { addWebhookCommands } from './commands/webhooks.ts';
import { addWechatCommands } from './commands/wechat.ts';
import { type Config, loadConfig } from './config.ts';
import { serveCommand } from './serve.ts';

/** Dates citizens read are dates in China unless the operator says otherwise. */
process.env.TZ ||= 'Asia/Shanghai';

function configured(): Config {
  const result = loadConfig();
  if (result.ok) return result.config;
  for (const problem of result.problems) console.error(`配置有误 configuration: ${problem}`);
  process.exit(badUsage);
}

/** Runs a command; an exit code it returns is kept, an error is told in one line. */
function run<A extends unknown[]>(work: (...args: A) => Promise<number | undefined>): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      process.exitCode = (await work(...args)) ?? process.exitCode ?? 0;
    } catch (error) {
      console.error(`wenban: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  };
}

const program = new Command('wenban')
  .description('问办：政务服务咨询、导办、帮办 · an assistant for government services')
  // What stands behind a command is that command's: `bench --seconds` and `bench soak --seconds` are two options.
  .enablePositionalOptions()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : badUsage));

program
  .command('serve')
  .description('start the server')
  .action(run(async () => void (await serveCommand(configured()))));

addKnowledgeCommands(program, { run, configured });

addFlowCommands(program, { run, configured });

addEvalCommands(program, { run, configured });

addSmsCommands(program, { run, configured });

addWechatCommands(program, { run, configured });

addBackupCommands(program, { run, configured });

addSecurityCommands(program, { run, configured });

addWebhookCommands(program, { run, configured });

addRecordsCommands(program, { run, configured });

const user = program.command('user').description('staff accounts');
user
  .command('add <name>')
  .description('add an account; the password is read from standard input')
  .requiredOption('--role <role>', 'agent, editor, analyst or admin')
  .action(run((name: string, options: { role: string }) => userAddCommand(configured(), name, options.role)));
user
  .command('password <name>')
  .description('set a new password, read from standard input; ends open sessions')
  .action(run((name: string) => userPasswordCommand(configured(), name)));
user
  .command('list')
  .option('--json')
  .action(run((options) => userListCommand(configured(), options)));

program
  .command('chat')
  .description('talk to the core in the terminal')
  .option('--locale <locale>', 'zh-CN or en', 'zh-CN')
  .action(run((options: { locale: string }) => chatCommand(configured(), options)));

program
  .command('doctor')
  .description('what is configured, embedded, off or unreachable')
  .option('--json')
  .action(run((options) => doctorCommand(configured(), options)));

const bench = program
  .command('bench')
  .enablePositionalOptions()
  .description('measure everything on throw-away data, beside a bare echo, in one table')
  .option('--seconds <n>', 'length of each measurement', '5')
  .option('--only <parts>', 'such as echo,answer,flow,handoff,answer-http,wechat,streams-60,streams-1000,idle,cold,import,search')
  .option('--json', 'the report as data')
  .option('--markdown', 'the table for docs/benchmarks.md')
  .option('--gate', 'exit code 1 when a target is missed')
  .action(run((options: BenchFlags) => benchCommand(options)));
bench
  .command('soak')
  .description('half of the peak for a long time: latency and memory every ten seconds, as CSV and picture')
  .option('--minutes <n>', 'how long', '30')
  .option('--seconds <n>', 'instead of minutes')
  .option('--rate <n>', 'questions a second (default: half of what a short run reaches)')
  .option('--out <folder>', 'for soak.csv and soak.svg', '.')
  .action(run((options: SoakFlags) => benchSoakCommand(options)));
bench
  .command('worker <kind> <settings>', { hidden: true })
  .action(run((kind: string, settings: string) => benchWorkerCommand(kind, settings)));
bench
  .command('import')
  .description('documents of all kinds from files into the store and the index, new and unchanged')
  .option('--documents <n>', 'how many', '10000')
  .option('--texts <folder>', 'the benchmark sets whose texts are used (default: beside the project, else invented texts)')
  .option('--json')
  .action(run((options) => benchImportCommand(options)));
bench
  .command('search')
  .description('the embedded search over invented units, beside plain brute force and hnswlib')
  .option('--units <n>', 'how many', '100000')
  .option('--seconds <n>', 'length of each measurement', '5')
  .option('--json')
  .action(run((options) => benchSearchCommand(options)));

await program.parseAsync();
