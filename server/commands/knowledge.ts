/** `wenban knowledge …`: import, list, export. */

import { openDatabase } from '../../bot/store/database.ts';
import { SqlKnowledgeRepository } from '../../bot/store/knowledge.ts';
import { exportKnowledge } from '../../knowledge/import/export.ts';
import { type ImportReport, importKnowledge } from '../../knowledge/import/import.ts';
import { titleOf } from '../../knowledge/item.ts';
import type { KnowledgeRepository } from '../../knowledge/repository.ts';
import type { Config } from '../config.ts';
import { loadManifest } from '../manifest.ts';

interface ImportFlags {
  pack?: string;
  dryRun?: boolean;
  allowIncomplete?: boolean;
  removeMissing?: boolean;
  json?: boolean;
}

/** Imports and prints a report. Exit code 1 when there are errors: then nothing was written. */
export async function importCommand(config: Config, paths: readonly string[], flags: ImportFlags): Promise<number> {
  return withRepository(config, async (repository) => {
    const pack = flags.pack ?? (await loadManifest(config.packFolder)).name;
    const report = await importKnowledge(paths, {
      pack,
      repository,
      now: Date.now(),
      ...(flags.allowIncomplete ? { strict: false } : {}),
      ...(flags.dryRun ? { dryRun: true } : {}),
      ...(flags.removeMissing ? { removeMissing: true } : {}),
      ...(process.stderr.isTTY && !flags.json
        ? { onProgress: (done: number, total: number) => process.stderr.write(`\r${done}/${total}`) }
        : {}),
    });
    if (process.stderr.isTTY && !flags.json) process.stderr.write('\n');
    if (flags.json) console.log(JSON.stringify({ pack, ...report }));
    else printReport(pack, report, flags.dryRun === true);
    return report.problems.some((problem) => problem.severity === 'error') ? 1 : 0;
  });
}

function printReport(pack: string, report: ImportReport, dryRun: boolean): void {
  for (const problem of report.problems) {
    const where = `${problem.file}${problem.line === undefined ? '' : `:${problem.line}`}${problem.field === undefined ? '' : ` ${problem.field}`}`;
    console.error(`${problem.severity === 'error' ? '错误 error' : '提示 warning'}  ${where}: ${problem.message}`);
  }
  const gaps = Object.entries(report.incomplete);
  if (gaps.length > 0)
    console.log(`缺少要素的指南 guides that lack an element: ${gaps.map(([element, count]) => `${element} ${count}`).join('，')}`);
  if (report.problems.some((problem) => problem.severity === 'error')) {
    console.error('有错误，什么都没有写入。Nothing was written.');
    return;
  }
  const { added, changed, unchanged, removed } = report.counts;
  console.log(
    `${dryRun ? '试运行，没有写入 dry run' : '已导入 imported'}  ${pack}: ${report.items} 条 items；新增 added ${added}，修改 changed ${changed}，未变 unchanged ${unchanged}，移除 removed ${removed}`,
  );
}

/** Prints the items of a pack (or of all), one a line. */
export async function listCommand(config: Config, flags: { pack?: string; json?: boolean }): Promise<number> {
  return withRepository(config, async (repository) => {
    const stored = await repository.list(flags.pack ? { pack: flags.pack } : {});
    for (const one of stored) {
      if (flags.json)
        console.log(
          JSON.stringify({
            pack: one.pack,
            id: one.item.id,
            kind: one.item.kind,
            title: titleOf(one.item),
            version: one.version,
            status: one.status,
          }),
        );
      else console.log([one.pack, one.item.kind, one.item.id, `v${one.version}`, one.status, titleOf(one.item)].join('\t'));
    }
    return 0;
  });
}

/** Prints a pack as JSONL that imports back unchanged. */
export async function exportCommand(config: Config, flags: { pack?: string }): Promise<number> {
  return withRepository(config, async (repository) => {
    const pack = flags.pack ?? (await loadManifest(config.packFolder)).name;
    for (const line of await exportKnowledge(repository, pack)) console.log(line);
    return 0;
  });
}

async function withRepository(config: Config, work: (repository: KnowledgeRepository) => Promise<number>): Promise<number> {
  const database = await openDatabase({ databaseUrl: config.databaseUrl, dataDir: config.dataDir });
  try {
    return await work(new SqlKnowledgeRepository(database));
  } finally {
    await database.close();
  }
}
