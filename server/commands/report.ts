/** `wenban report pack`: what a third party evaluates a quarter or year by, as files. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluationPack, SUMS, sha256 } from '../../bot/insights/evaluation/pack.ts';
import { openDatabase } from '../../bot/store/database.ts';
import type { Config } from '../config.ts';
import { publishedItems } from '../evaluation-house.ts';
import { loadIndicators, loadManifest } from '../manifest.ts';
import { storeOf } from '../security/store.ts';

export interface PackFlags {
  readonly period: string;
  readonly seed: string;
  readonly size: string;
  readonly out: string;
}

const problems = {
  bad_period: '--period 应当是年份或季度，例如 2026、2026-Q4 a year or quarter',
  not_over: '这段时间还没有结束 this period is not over yet',
  too_many: '这段时间的应答太多，请按季度导出 too many turns: export quarter by quarter',
};

/** Writes the pack into a folder and prints what it is known by. Exit code 2: a period that is wrong, not over, or too large. */
export async function reportPackCommand(config: Config, { period, seed, size, out }: PackFlags): Promise<number> {
  if (!/^[1-9]\d{0,4}$/.test(size)) {
    console.error('--size 应当是 1–99999');
    return 2;
  }
  const manifest = await loadManifest(config.packFolder);
  const items = (await publishedItems(config)).map(({ item }) => item);
  const departments = new Map(items.map(({ id, department }) => [id, department]));
  const database = await openDatabase(storeOf(config));
  try {
    const made = await evaluationPack({
      db: database.db,
      now: Date.now(),
      items,
      tree: await loadIndicators(config.packFolder),
      halls: manifest.halls.map(({ id }) => id),
      city: manifest.city,
      departmentOf: (id) => departments.get(id),
      period,
      seed,
      size: Number(size),
    });
    if (typeof made === 'string') {
      console.error(problems[made]);
      return 2;
    }
    await mkdir(out, { recursive: true });
    for (const { name, content } of made) await writeFile(join(out, name), content);
    for (const { name, content } of made) if (name === SUMS) console.log(`${sha256(content)}  ${SUMS}`);
    return 0;
  } finally {
    await database.close();
  }
}
