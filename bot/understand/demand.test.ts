/** Demand types and departments on labelled messages; the examples the types are learnt from are others. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readKnowledge } from '../../knowledge/import/import.ts';
import { packManifestSchema } from '../../knowledge/pack.ts';
import { demandTypes } from '../store/demands.ts';
import { Departments, demandType } from './demand.ts';
import { DemandTypes, loadDemandExamples } from './demand-types.ts';

const file = (path: string) => new URL(`../../${path}`, import.meta.url).pathname;
interface Row {
  readonly text: string;
  readonly label: string;
  readonly department: string | null;
}
const labelled = readFileSync(file('eval/suites/anlan/data/demand.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

describe('[R-008] demand types', () => {
  const types = new DemandTypes();
  beforeAll(async () => types.learn(await loadDemandExamples(file('knowledge/lexicon/demand.jsonl'))));

  it('recall of each type on messages that nothing was learnt from', () => {
    const recalls = demandTypes.map((type) => {
      const rows = labelled.filter((row) => row.label === type);
      const hit = rows.filter((row) => types.of(row.text) === type).length;
      console.info(`${type}: ${hit}/${rows.length}`);
      return hit / rows.length;
    });
    expect(recalls.reduce((a, b) => a + b, 0) / recalls.length).toBeGreaterThanOrEqual(0.85);
    expect(Math.min(...recalls)).toBeGreaterThanOrEqual(0.5);
  });

  it('the rules alone read the explicit ones', () => {
    expect(demandType('我要投诉窗口态度差')).toBe('complaint');
    expect(demandType('举报无证餐馆')).toBe('report');
    expect(demandType('投诉电话是多少')).toBe('consult');
    expect(demandType('怎么举报黑中介')).toBe('consult');
    expect(demandType('建议周末也开门')).toBe('suggestion');
    expect(demandType('小程序在哪里上传照片')).toBe('online_guidance');
  });
});

describe('[R-052] the department a message belongs to', () => {
  it('is the best guess or among the first three, without any help from retrieval', async () => {
    const manifest = packManifestSchema.parse(parse(readFileSync(file('knowledge/packs/anlan/pack.yaml'), 'utf8')));
    const { items } = await readKnowledge([file('knowledge/packs/anlan')]);
    const departments = new Departments(
      manifest.departments,
      items.map(({ item }) => item),
    );
    const rows = labelled.filter((row) => row.department !== null);
    const ranks = rows.map((row) => departments.ranked(row.text, []).findIndex(({ name }) => name === row.department));
    const [first, three] = [ranks.filter((rank) => rank === 0).length, ranks.filter((rank) => rank < 3).length];
    const skillOf = (name: string | null) => manifest.departments.find((one) => one.name === name)?.skill ?? 'general';
    const routed = rows.filter((row) => skillOf(departments.demand(row.text, []).department) === skillOf(row.department)).length;
    console.info(`queues: ${routed}/${rows.length}`);
    expect(routed / rows.length).toBeGreaterThanOrEqual(0.9);
    console.info(`departments: first ${first}/${rows.length}, among three ${three}/${rows.length}`);
    expect(first / rows.length).toBeGreaterThanOrEqual(0.85);
    expect(three / rows.length).toBeGreaterThanOrEqual(0.9);
    expect(departments.demand('化工厂往河里排污水', []).domain).toBe('environment');
    expect(departments.demand('你好', []).department).toBeNull();
  });
});
