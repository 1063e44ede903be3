/** `wenban switch …`, `wenban keys …`, `wenban privacy …`: what an operator does in an emergency, for the keys, and for people's rights. */
import type { Command } from 'commander';
import type { CommandTools } from './command.ts';
import { keysRotateCommand } from './keys.ts';
import { type PersonFlags, privacyDeleteCommand, privacyExportCommand, privacyHoldCommand } from './privacy.ts';
import { switchCommand, switchListCommand } from './switch.ts';

export function addSecurityCommands(program: Command, { run, configured }: CommandTools): void {
  const kill = program.command('switch').description('switch the language model or a channel off and on');
  for (const state of ['off', 'on'] as const)
    kill
      .command(`${state} <name>`)
      .description(`switch ${state}: model, or a channel's name such as web or sms`)
      .requiredOption('--reason <text>', 'why; stays on record')
      .option('--actor <name>', 'who decides', 'operator')
      .action(run((name: string, flags: { reason: string; actor: string }) => switchCommand(configured(), name, state, flags)));
  kill
    .command('list')
    .option('--json')
    .action(run((flags: { json?: boolean }) => switchListCommand(configured(), flags)));

  program
    .command('keys')
    .description('the keys personal data is sealed with')
    .command('rotate')
    .description('seal everything anew with a new key; a server may go on working')
    .option('--batch <n>', 'rows at once', '200')
    .action(run((flags: { batch: string }) => keysRotateCommand(configured(), flags)));

  const privacy = program.command('privacy').description("a person's data");
  const person = (command: Command) =>
    command
      .option('--conversation <id>', 'whoever talked in this conversation')
      .option('--phone <number>', 'whoever wrote from, or left, this number (E.164)')
      .option('--openid <id>', 'whoever has this WeChat openid')
      .requiredOption('--actor <name>', 'who carries it out; stays on record');
  person(privacy.command('export'))
    .requiredOption('--out <file>', 'JSON file to write')
    .action(run((flags: PersonFlags & { out: string }) => privacyExportCommand(configured(), flags)));
  person(privacy.command('delete'))
    .option('--yes', 'really delete')
    .action(run((flags: PersonFlags & { yes?: boolean }) => privacyDeleteCommand(configured(), flags)));
  privacy
    .command('hold <conversation>')
    .description('keep a conversation although deletion is asked for or due')
    .option('--release', 'end the hold')
    .option('--reason <text>', 'why')
    .requiredOption('--actor <name>', 'who decides')
    .action(run((id: string, flags: { release?: boolean; reason?: string; actor: string }) => privacyHoldCommand(configured(), id, flags)));
}
