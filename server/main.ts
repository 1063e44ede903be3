/** The `wenban` command line. */
import { Command } from 'commander';
import { benchCommand } from './commands/bench.ts';
import { benchImportCommand } from './commands/bench-import.ts';
import { benchSearchCommand } from './commands/bench-search.ts';
import { chatCommand } from './commands/chat.ts';
import { doctorCommand } from './commands/doctor.ts';
import { addEvalCommands } from './commands/eval-cli.ts';
import { addFlowCommands } from './commands/flows-cli.ts';
import { addKnowledgeCommands } from './commands/knowledge-cli.ts';
import { addSmsCommands } from './commands/sms-cli.ts';
import { userAddCommand, userListCommand, userPasswordCommand } from './commands/user.ts';
import { addWechatCommands } from './commands/wechat.ts';
import { type Config, loadConfig } from './config.ts';
import { serveCommand } from './serve.ts';

/** Dates citizens read are dates in China unless the operator says otherwise. */
process.env.TZ ||= 'Asia/Shanghai';

/** Bad usage or configuration. */
const badUsage = 2;

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

const bench = program.command('bench').description('measure, on throw-away data');
bench
  .command('turn')
  .description('durable turns a second, beside a bare express echo')
  .option('--seconds <n>', 'length of each measurement', '5')
  .option('--json')
  .action(run((options) => benchCommand('turn', options)));
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
