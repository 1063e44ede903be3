/** `wenban backup` and `wenban restore`. */
import type { Command } from 'commander';
import { backUp } from './backup.ts';
import type { CommandTools } from './command.ts';
import { restore } from './restore.ts';

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** Adds both commands. */
export function addBackupCommands(program: Command, { run, configured }: CommandTools): void {
  program
    .command('backup')
    .description('copy database and uploads into a new folder, while the server runs')
    .requiredOption('--out <folder>', 'a folder that does not exist yet')
    .option('--keys <folder>', 'a folder of its own for the key files, to be kept apart')
    .option('--json')
    .action(
      run(async (options: { out: string; keys?: string; json?: boolean }) => {
        const manifest = await backUp(configured(), options);
        const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
        const { files, takenAt, keysLeftOut } = manifest;
        if (options.json) console.log(JSON.stringify({ out: options.out, takenAt, files: files.length, bytes, keysLeftOut }));
        else {
          console.log(`备份好了 backed up: ${options.out}（${files.length} files, ${megabytes(bytes)}, as of ${takenAt}）`);
          if (keysLeftOut.length > 0)
            console.log(`密钥不在里面，请另外保管 keys are not in it, keep them apart: ${keysLeftOut.join(', ')}`);
        }
        return 0;
      }),
    );
  program
    .command('restore <backup>')
    .description('restore a backup into a new data directory; PostgreSQL: into the empty database of DATABASE_URL')
    .requiredOption('--into <folder>', 'the new data directory: empty, or not there yet')
    .option('--keys <folder>', 'what `backup --keys` made')
    .option('--json')
    .action(
      run(async (from: string, options: { into: string; keys?: string; json?: boolean }) => {
        const { databaseUrl } = configured();
        const { files, takenAt, keysLeftOut } = await restore({ ...options, from, databaseUrl });
        if (options.json) console.log(JSON.stringify({ into: options.into, takenAt, files: files.length }));
        else {
          console.log(`恢复好了 restored: ${options.into}（${files.length} files, as of ${takenAt}）`);
          if (keysLeftOut.length > 0 && options.keys === undefined)
            console.log(`还要放回密钥 put the keys back too: ${keysLeftOut.join(', ')}`);
        }
        return 0;
      }),
    );
}
