/** `wenban archive export|verify`: closed work orders with their conversations as files, and whether such files are as they were written. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { openDatabase } from '../../bot/store/database.ts';
import { recordAccess } from '../../bot/store/staff-access.ts';
import {
  ARCHIVE_FORMAT,
  ARCHIVE_INDEX,
  type ArchiveFile,
  archiveIndex,
  archiveOrder,
  closedOrders,
  sha256,
} from '../../bot/work-orders/archive.ts';
import type { Config } from '../config.ts';
import { loadManifest } from '../manifest.ts';
import { storeOf } from '../security/store.ts';

export interface ArchiveFlags {
  readonly since: string;
  readonly until: string;
  readonly out: string;
  readonly actor: string;
}

const dayMs = 86_400_000;
const dayStart = (day: string): number | undefined =>
  z.iso.date().safeParse(day).success ? Date.parse(`${day}T00:00:00+08:00`) : undefined;

/** Writes the orders closed from `since` to `until` (days in China, both counted) into a new or empty folder. Exit code 1: none; 2: bad days or folder. */
export async function archiveExportCommand(config: Config, { since, until, out, actor }: ArchiveFlags): Promise<number> {
  const [from, to] = [dayStart(since), dayStart(until)];
  if (from === undefined || to === undefined || from > to) {
    console.error('--since 和 --until 应当是日期，例如 2026-01-01，先早后晚 dates such as 2026-01-01, the earlier one first');
    return 2;
  }
  await mkdir(out, { recursive: true, mode: 0o700 });
  if ((await readdir(out)).length > 0) {
    console.error(`${out} 不是空目录 is not empty`);
    return 2;
  }
  const { city } = await loadManifest(config.packFolder);
  const database = await openDatabase(storeOf(config));
  try {
    const listed: ArchiveFile[] = [];
    for (const number of await closedOrders(database.db, { since: from, until: to + dayMs })) {
      const files = (await archiveOrder(database.db, number)) ?? [];
      for (const { name, content } of files) await writeFile(join(out, name), content, { mode: 0o600 });
      listed.push(...files);
      await recordAccess(database.db, [{ staff: actor, action: 'archive', kind: 'work_order', target: number, at: Date.now() }]);
    }
    const index = archiveIndex(listed, { city, since, until });
    await writeFile(join(out, index.name), index.content, { mode: 0o600 });
    console.log(`${listed.length / 2} 件工单 work orders → ${out}`);
    console.log(`${sha256(index.content)}  ${ARCHIVE_INDEX}`);
    return listed.length === 0 ? 1 : 0;
  } finally {
    await database.close();
  }
}

const indexSchema = z.looseObject({
  format: z.literal(ARCHIVE_FORMAT),
  files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })),
});

/** Compares a folder with its index; with `expected` the index with what it was known by. Exit code 1: something is changed, missing or new; 2: no archive. */
export async function archiveVerifyCommand(folder: string, { expected }: { expected?: string }): Promise<number> {
  const text = await readFile(join(folder, ARCHIVE_INDEX), 'utf8').catch(() => undefined);
  const parsed = indexSchema.safeParse(text === undefined ? undefined : safeJson(text));
  if (text === undefined || !parsed.success) {
    console.error(`${folder} 里没有能读的 ${ARCHIVE_INDEX} no readable index`);
    return 2;
  }
  const problems: string[] = [];
  if (expected !== undefined && sha256(text) !== expected) problems.push(`${ARCHIVE_INDEX}: 与登记的哈希不同 not as it was registered`);
  const names = new Set(parsed.data.files.map(({ name }) => name));
  for (const { name, sha256: known } of parsed.data.files) {
    // A name is a file beside the index, whatever somebody wrote into it.
    const content = name === basename(name) ? await readFile(join(folder, name), 'utf8').catch(() => undefined) : undefined;
    if (content === undefined) problems.push(`${name}: 缺失 missing`);
    else if (sha256(content) !== known) problems.push(`${name}: 内容变过 changed`);
  }
  for (const name of await readdir(folder))
    if (name !== ARCHIVE_INDEX && !names.has(name)) problems.push(`${name}: 多出的文件 not in the index`);
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log(`${names.size} 个文件完好 files are as they were written`);
  return problems.length === 0 ? 0 : 1;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
