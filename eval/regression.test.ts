import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadStaticEmbedder } from '../knowledge/embeddings/static.ts';
import { readKnowledge } from '../knowledge/import/import.ts';
import type { KnowledgeItem } from '../knowledge/item.ts';
import { loadLexicon } from '../knowledge/text/lexicon.ts';
import { compare } from './compare.ts';
import { judgementOf } from './judgement.ts';
import type { Bench } from './kinds/kind.ts';
import type { SuiteResult } from './results.ts';
import { runSuite } from './run.ts';
import { readSuite, type Suite } from './suite.ts';
import { resultOf } from './testing/results.ts';
import { buildThrowAway, type ThrowAway } from './throw-away.ts';

const root = join(import.meta.dirname, '..');
let folder = '';
let suite: Suite;
let before: SuiteResult;
let good: ThrowAway;
let withoutDense: ThrowAway;

/** The shipped questions on an index of the shipped pack. */
async function run(place: ThrowAway, concurrency: number): Promise<SuiteResult> {
  const unused = (): never => {
    throw new Error('retrieval needs no house');
  };
  const bench: Bench = {
    throwAway: unused,
    pack: async () => place,
    published: unused,
    talk: unused,
    recogniser: unused,
    labels: new Map(),
    judge: undefined,
  };
  const { metrics, cases } = await runSuite(suite, bench, { asOf: '2026-11-02', concurrency });
  return resultOf(cases, { suite: suite.name, metrics });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-regression-'));
  const file = join(folder, 'suite.yaml');
  const data = join(root, 'eval', 'suites', 'anlan', 'data', 'answers*.jsonl');
  await writeFile(file, `name: found\nkind: retrieval\ndataset: ${data}\ngate: {hit@1: {max_drop: 0.03}}\n`);
  suite = await readSuite(file);
  const lexicon = await loadLexicon(join(root, 'knowledge', 'lexicon'));
  const items: KnowledgeItem[] = (await readKnowledge([join(root, 'knowledge', 'packs', 'anlan')])).items.map(({ item }) => item);
  const embedder = await loadStaticEmbedder(join(root, 'knowledge', 'embeddings', 'model', 'wenban-zh-256.bin'));
  good = await buildThrowAway({ items, lexicon, embedder });
  withoutDense = await buildThrowAway({ items, lexicon });
  before = await run(good, 1);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('[R-022] a change of the index is judged right', () => {
  it('the same build run again is no regression, in whatever order its cases run', async () => {
    const again = await run(good, 5);
    const { verdict, fixed, broken, changes } = compare(again, before);
    expect({ verdict, fixed, broken }).toEqual({ verdict: 'same', fixed: [], broken: [] });
    expect(changes.every((one) => one.gain.value === 0 && one.p === 1)).toBe(true);
    expect(judgementOf(suite, again, before).verdict).toBe('pass');
  });

  it('an index without its dense half is a regression that names what broke', async () => {
    const worse = await run(withoutDense, 1);
    const comparison = compare(worse, before);
    expect(comparison.verdict).toBe('regressed');
    expect(comparison.broken.length).toBeGreaterThan(comparison.fixed.length);
    expect(comparison.changes.find((one) => one.metric === 'mrr@10')).toMatchObject({ significant: true });
    expect(judgementOf(suite, worse, before).verdict).toBe('fail');
  });
});
