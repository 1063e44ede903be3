/** `wenban knowledge import|list|export`. */
import { join } from 'node:path';
import type { FlowFileProblem } from '../../bot/flows/load.ts';
import { importFlows } from '../../bot/flows/stored.ts';
import { SqlFlowRepository } from '../../bot/store/knowledge.ts';
import { SqlSourceIndex } from '../../bot/store/knowledge-sources.ts';
import { exportKnowledge } from '../../knowledge/import/export.ts';
import { type ImportReport, importKnowledge } from '../../knowledge/import/import.ts';
import { isPack } from '../../knowledge/import/pack.ts';
import { titleOf } from '../../knowledge/item.ts';
import type { ItemStatus, KnowledgeRepository } from '../../knowledge/repository.ts';
import type { Config } from '../config.ts';
import { badUsage } from './command.ts';
import { importProgress } from './import-progress.ts';
import { packName, withKnowledge } from './knowledge-store.ts';

interface ImportFlags {
  pack?: string;
  dryRun?: boolean;
  allowIncomplete?: boolean;
  removeMissing?: boolean;
  draft?: boolean;
  as?: string;
  note?: string;
  json?: boolean;
}

/** Imports and prints a report. Exit code 1 when there are errors: then nothing was written. */
export async function importCommand(config: Config, paths: readonly string[], flags: ImportFlags): Promise<number> {
  if (flags.draft && flags.removeMissing) {
    console.error('--draft 不会动已经发布的内容，不能和 --remove-missing 一起用 (--draft and --remove-missing exclude each other)');
    return badUsage;
  }
  return withKnowledge(config, async (repository, database) => {
    const pack = await packName(config, flags.pack);
    const progress = importProgress(process.stderr);
    const report = await importKnowledge(paths, {
      pack,
      repository: signed(repository, flags, progress.writing),
      sources: new SqlSourceIndex(database),
      now: Date.now(),
      status: flags.draft ? 'draft' : 'published',
      ...(flags.allowIncomplete ? { strict: false } : {}),
      ...(flags.dryRun ? { dryRun: true } : {}),
      // A pack folder imported as drafts takes nothing out of service.
      ...(flags.draft ? { removeMissing: false } : flags.removeMissing ? { removeMissing: true } : {}),
      onProgress: progress.onProgress,
    }).finally(progress.end);
    const failed = report.problems.some((problem) => problem.severity === 'error');
    const packs = failed || flags.dryRun ? [] : paths.filter(isPack);
    const flowProblems: FlowFileProblem[] = [];
    for (const folder of packs) {
      const life = new SqlFlowRepository(database);
      const by = { actor: flags.as, note: flags.note, status: flags.draft ? ('draft' as const) : ('published' as const) };
      flowProblems.push(...(await importFlows(join(folder, 'flows'), { pack, life, now: Date.now(), ...by })).problems);
    }
    const withdrawn = (await repository.list({ pack, status: 'expired' })).map(({ item }) => item.id);
    if (flags.json) console.log(JSON.stringify({ pack, ...report, withdrawn, flowProblems }));
    else printReport(pack, report, withdrawn, flags);
    for (const { file, path, message } of flags.json ? [] : flowProblems) console.error(`flows/${file} ${path}: ${message}`);
    return failed || flowProblems.length > 0 ? 1 : 0;
  });
}

/** The repository, with the name and the note of who imports put into the history; `onWrite` hears when writing begins. */
function signed(repository: KnowledgeRepository, { as, note }: ImportFlags, onWrite: () => void = () => undefined): KnowledgeRepository {
  return {
    list: (filter) => repository.list(filter),
    revision: () => repository.revision(),
    replacePack: (pack, items, options) => {
      onWrite();
      return repository.replacePack(pack, items, { ...options, ...(as ? { actor: as } : {}), ...(note ? { note } : {}) });
    },
  };
}

function printReport(pack: string, report: ImportReport, withdrawn: readonly string[], flags: ImportFlags): void {
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
  const { files } = report;
  if (files.read + files.unchanged + files.skipped > 1 || files.skipped > 0)
    console.log(`文件 files: 读了 read ${files.read}，没变 unchanged ${files.unchanged}，跳过 skipped ${files.skipped}`);
  const { added, changed, unchanged, removed } = report.counts;
  const done = flags.dryRun ? '试运行，没有写入 dry run' : flags.draft ? '已导入为草稿 imported as drafts' : '已导入 imported';
  console.log(
    `${done}  ${pack}: ${report.items} 条 items；新增 added ${added}，修改 changed ${changed}，未变 unchanged ${unchanged}，移除 removed ${removed}`,
  );
  if (withdrawn.length > 0) {
    const more = withdrawn.length > 5 ? ' …' : '';
    console.log(
      `有 ${withdrawn.length} 条已停用，内容没变的导入不会恢复它们 withdrawn, and still so: ${withdrawn.slice(0, 5).join(' ')}${more}`,
    );
  }
}

/** Prints the items of a pack (or of all), one a line. */
export async function listCommand(config: Config, flags: { pack?: string; status?: ItemStatus; json?: boolean }): Promise<number> {
  return withKnowledge(config, async (repository) => {
    const stored = await repository.list({
      ...(flags.pack ? { pack: flags.pack } : {}),
      ...(flags.status ? { status: flags.status } : {}),
    });
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

/** Prints what is published of a pack (or is in another status) as JSONL that imports back unchanged. */
export async function exportCommand(config: Config, flags: { pack?: string; status: ItemStatus }): Promise<number> {
  return withKnowledge(config, async (repository) => {
    const pack = await packName(config, flags.pack);
    const inStatus = { ...signed(repository, {}), list: (filter = {}) => repository.list({ ...filter, status: flags.status }) };
    for (const line of await exportKnowledge(inStatus, pack)) console.log(line);
    return 0;
  });
}
