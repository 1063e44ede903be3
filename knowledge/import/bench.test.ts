import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type BenchText, benchmarkFolder, benchmarkTexts, importSeconds, inventedTexts } from './bench.ts';
import { MemoryKnowledgeRepository, MemorySourceIndex } from './memory-repository.ts';

const shared = process.env.WENBAN_SHARED ?? join(import.meta.dirname, '../../../shared');
const benchmarks = join(shared, 'benchmarks');
const there = existsSync(benchmarks);
if (!there) console.warn(`skipped: no real texts at ${benchmarks} (set WENBAN_SHARED)`);

async function comeInWhole(texts: readonly BenchText[], count: number): Promise<void> {
  const { folder } = benchmarkFolder(texts, count);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = { pack: 'bench', repository: new MemoryKnowledgeRepository(), sources: new MemorySourceIndex() };
  await importSeconds(folder, { added: count }, store);
  await importSeconds(folder, { unchanged: count }, store);
  const items = (await store.repository.list()).map(({ item }) => JSON.stringify(item));
  // The change of each copy is in it: no file was taken for another.
  for (let index = 0; index < count; index += 1) expect(items.filter((item) => item.includes(`（第${index + 1}份）`))).toHaveLength(1);
}

it.skipIf(!there)('real documents in bulk come in whole, as files of every kind', () => comeInWhole(benchmarkTexts(benchmarks), 100));
it('so do invented ones', () => comeInWhole(inventedTexts(20), 50));
