/** The documented measure, small (WENBAN_BENCH_DOCUMENTS=10000 for the whole), on the memory repository and on SQLite. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../bot/store/database.ts';
import { SqlKnowledgeRepository } from '../../bot/store/knowledge.ts';
import { benchmarkFolder, benchmarkTexts, measuredLine, measureImport } from './bench.ts';
import { MemoryKnowledgeRepository } from './memory-repository.ts';
import { folderOf } from './testing.ts';

const shared = process.env.WENBAN_SHARED ?? join(import.meta.dirname, '../../../shared');
const benchmarks = join(shared, 'benchmarks');
const there = existsSync(benchmarks);
if (!there) console.warn(`skipped: no real texts at ${benchmarks} (set WENBAN_SHARED)`);
const count = Number(process.env.WENBAN_BENCH_DOCUMENTS ?? 200);

describe.skipIf(!there)('real documents in bulk', { timeout: 600_000 }, () => {
  it('come in whole, and a second time without being parsed', async () => {
    const { folder } = benchmarkFolder(benchmarkTexts(benchmarks), count);
    const database = await openDatabase({ dataDir: folderOf({}) });
    try {
      for (const [name, repository] of [
        ['memory', new MemoryKnowledgeRepository()],
        ['SQLite', new SqlKnowledgeRepository(database)],
      ] as const) {
        const [first, second] = await measureImport(folder, count, repository);
        for (const one of [first, second]) if (one) console.log(measuredLine(name, one));
        expect(first?.perSecond).toBeGreaterThan(10);
        expect(second?.seconds).toBeLessThan(first?.seconds ?? 0);
      }
    } finally {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
