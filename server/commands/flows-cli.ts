/** The words of `wenban flows …`: its commands, their options and help. */
import type { Command } from 'commander';
import type { CommandTools } from './command.ts';
import { flowsCheckCommand, flowsDrawCommand, flowsSchemaCommand } from './flows.ts';

/** Adds `wenban flows check|draw|schema`. */
export function addFlowCommands(program: Command, { run, configured }: CommandTools): void {
  const flows = program.command('flows').description('guided flows: check them, draw them, help editors write them');
  flows
    .command('check [folders...]')
    .description(
      'steps nobody reaches, unknown slots and guides, dead ends, loops; pack folders (default: KNOWLEDGE_PACK); exit code 1 on problems',
    )
    .option('--json', 'machine-readable output')
    .action(
      run((folders: string[], options: { json?: boolean }) =>
        flowsCheckCommand(folders.length > 0 ? folders : [configured().packFolder], options),
      ),
    );
  flows
    .command('draw <flow>')
    .description('a flow as a Mermaid flowchart on standard output')
    .option('--pack <folder>', 'the pack folder (default: KNOWLEDGE_PACK)')
    .action(run((flow: string, options: { pack?: string }) => flowsDrawCommand(flow, options.pack ?? configured().packFolder)));
  flows
    .command('schema')
    .description('the JSON Schema of the flow language, for editors')
    .option('--out <file>', 'write it to this file instead of standard output')
    .action(run((options: { out?: string }) => flowsSchemaCommand(options)));
}
