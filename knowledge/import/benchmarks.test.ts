/** Real exports, kept outside the repository: WENBAN_SHARED names the folder that holds `benchmarks/` (default: ../shared). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Guide, KnowledgeItem } from '../item.ts';
import { importKnowledge } from './import.ts';
import { importOptions, linesOf } from './testing.ts';

const shared = process.env.WENBAN_SHARED ?? join(import.meta.dirname, '../../../shared');
const benchmarks = join(shared, 'benchmarks');
const there = existsSync(benchmarks);
if (!there) console.warn(`skipped: no real exports at ${benchmarks} (set WENBAN_SHARED)`);

async function importSet(...files: string[]) {
  const options = importOptions();
  const report = await importKnowledge(
    files.map((file) => join(benchmarks, file)),
    options,
  );
  const items = (await options.repository.list()).map(({ item }) => item);
  return { report, items, item: <T extends KnowledgeItem>(id: string) => items.find((candidate) => candidate.id === id) as T | undefined };
}

describe.skipIf(!there)('real exports', { timeout: 60_000 }, () => {
  it('[R-079] imports the items of a province', async () => {
    const { report, item } = await importSet('gd-service-items/items.jsonl.gz');
    expect(report.counts.added).toBe(2262);
    expect(linesOf(report.problems)).toEqual([expect.stringMatching(/^warning .* visitCount: is 0, but/)]);
    expect(report.incomplete).toMatchObject({ 设定依据: 2262, 申请材料: 1453, 法定办结时限: 713 });
    expect(item<Guide>('11440000006940116U2440102002003')).toMatchObject({
      name: '中小学地方课程教材初审',
      tags: ['中小学地方课程教材初审、审定、复查'],
      department: '广东省教育厅',
      useLevel: 'province',
      audience: ['natural_person', 'enterprise', 'social_org'],
      statutoryLimit: { value: 70, unit: 'working_day' },
      promisedLimit: { value: 18, unit: 'working_day' },
      visitCount: 0,
      canExpress: true,
      places: [{ name: '广州市越秀区农林下路72号广东省教育厅政务服务大厅1-3号窗口' }],
    });
  });

  it('[R-085] imports the guides of a city and its province with their situations', async () => {
    const { report, items, item } = await importSet('cc-service-guides/guides.jsonl.gz', 'cc-service-guides/province-items.jsonl.gz');
    expect(report.counts.added).toBe(1118 + 292);
    expect(items.filter(({ id }) => id.startsWith('cc'))).toHaveLength(1118);
    expect(linesOf(report.problems)).toEqual([
      expect.stringMatching(/^warning .* fees: is missing although isCharged is true \(and 144 more/),
    ]);
    expect(item<Guide>('cc5d995fa989')).toMatchObject({
      region: '长春市',
      materials: [],
      isCharged: false,
      promisedLimit: { value: 1, unit: 'working_day' },
    });
    expect(item<Guide>('jl3')).toMatchObject({
      scenarios: [{ id: 's1' }, { id: 's2' }, { id: 's3' }],
      materials: expect.arrayContaining([
        expect.objectContaining({ name: '博士学位证书', scenarioIds: ['s1'] }),
        expect.objectContaining({ name: '指定医院出具的体检合格证明', scenarioIds: [] }),
        expect.objectContaining({ name: '中华人民共和国居民身份证', scenarioIds: ['s1', 's3'] }),
      ]),
    });
  });

  it('imports policy documents', async () => {
    const { report, items } = await importSet('ncp-policy-qa/corpus.jsonl.gz');
    expect(report.counts.added).toBe(599);
    expect(linesOf(report.problems)).toEqual([expect.stringMatching(/^warning .* hidden characters removed/)]);
    expect(items.every(({ kind }) => kind === 'policy')).toBe(true);
  });
});
