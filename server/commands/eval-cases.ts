/** `wenban eval cases export`: what editors kept, as a data set for suites of kind retrieval and answer. */
import { writeFile } from 'node:fs/promises';
import { evaluationCases } from '../../bot/store/evaluation-cases.ts';
import type { Config } from '../config.ts';
import { loadManifest } from '../manifest.ts';
import { withStore } from './with-store.ts';

/** Writes the cases of the configured pack. Exit code 1: there is none. */
export async function exportCasesCommand(config: Config, flags: { out?: string }): Promise<number> {
  const pack = (await loadManifest(config.packFolder)).name;
  return withStore(config, async (database) => {
    const cases = await evaluationCases(database.db, pack);
    const lines = cases.map(({ id, question, itemIds }) => `${JSON.stringify({ id: `kept-${id}`, question, docIds: itemIds })}\n`).join('');
    if (flags.out === undefined) process.stdout.write(lines);
    else await writeFile(flags.out, lines);
    if (cases.length === 0) console.error('还没有人留下评测题 (no cases were kept yet)');
    return cases.length === 0 ? 1 : 0;
  });
}
