import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { faqSchema } from '../knowledge/item.ts';
import { lintSuite } from './lint.ts';
import { draftSuite, type SampledTurn, sampleTurns } from './sample.ts';
import { readSuite } from './suite.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-lint-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('[R-154] lint', () => {
  const faq = faqSchema.parse({ kind: 'faq', id: 'f1', question: '补证多少钱', answer: '每证 40 元。' });
  const lint = async (kind: string, rows: unknown[], train: unknown[] = []) => {
    await writeFile(join(folder, 'd.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    await writeFile(join(folder, 't.jsonl'), train.map((row) => JSON.stringify(row)).join('\n'));
    await writeFile(join(folder, 's.yaml'), `name: s\nkind: ${kind}\ndataset: d.jsonl\n${train.length > 0 ? 'train: t.jsonl\n' : ''}`);
    return (await lintSuite(await readSuite(join(folder, 's.yaml')), [faq]))
      .filter((one) => one.kind !== 'too_few')
      .map(({ kind: found, severity, ids }) => [found, severity, ...ids]);
  };

  it('finds doubles, contradictions and near doubles', async () => {
    const found = await lint('answer', [
      { id: '1', question: '补证多少钱？', docIds: ['f1'] },
      { id: '2', question: '补证 多少钱', docIds: ['f1'] },
      { id: '3', question: '补证多少钱。', docIds: [] },
      { id: '4', question: '我的身份证丢了以后去哪里补办要多少钱', docIds: ['f1'] },
      { id: '5', question: '我的身份证丢了以后去哪里补办要多少钱呢', docIds: ['f1'] },
      { id: '5', question: '别的', docIds: ['f1'] },
    ]);
    expect(found).toEqual(
      expect.arrayContaining([
        ['duplicate_id', 'error', '5'],
        ['duplicate', 'warning', '1', '2'],
        ['contradiction', 'error', '1', '3'],
        ['near_duplicate', 'warning', '4', '5'],
      ]),
    );
  });

  it('finds documents that are gone and facts the knowledge no longer says', async () => {
    const found = await lint('answer', [
      { id: '1', question: '甲', docIds: ['f1'], facts: ['40元'] },
      { id: '2', question: '乙', docIds: ['f1'], facts: ['20元'] },
      { id: '3', question: '丙', docIds: ['gone'] },
      { id: '4', question: '丁', docIds: ['f1'], facts: ['证'] },
    ]);
    expect(found).toEqual([
      ['weak_fact', 'warning', '4'],
      ['fact_not_in_source', 'warning', '2'],
      ['unknown_document', 'error', '3'],
    ]);
  });

  it('finds test texts in the training part, and those labelled otherwise there', async () => {
    const train = [
      { id: 't1', text: '你好', label: 'greet' },
      { id: 't2', text: '再见', label: 'bye' },
    ];
    expect(
      await lint(
        'intent',
        [
          { id: '1', text: '你好！', label: 'greet' },
          { id: '2', text: '再见', label: 'greet' },
        ],
        train,
      ),
    ).toEqual([
      ['leakage', 'warning', '1', 't1'],
      ['contradiction', 'error', '2', 't2'],
    ]);
  });
});

describe('[R-154] sample', () => {
  const turn = (id: string, outcome: string, confidence: number, text = `问题${id}`): SampledTurn => ({
    id,
    text,
    channel: 'web',
    outcome,
    confidence,
    citations: [`${id}#fee`],
  });

  it('spreads over outcomes, takes the least sure first, says nothing twice, and draws the same for the same seed', () => {
    const turns = [...Array(30).keys()]
      .map((i) => turn(String(i), 'answered', i / 30))
      .concat(turn('x', 'clarified', 0.9), turn('y', 'clarified', 0.1, '问题1'));
    const chosen = sampleTurns(turns, { n: 4, seed: 3 });
    expect(chosen).toEqual(sampleTurns(turns, { n: 4, seed: 3 }));
    expect(chosen).toHaveLength(4);
    expect(chosen.filter((one) => one.outcome === 'clarified').length).toBeGreaterThan(0);
    expect(chosen[0]?.confidence).toBeLessThan(0.1);
    expect(new Set(chosen.map((one) => one.text)).size).toBe(4);
  });

  it('the draft carries no identifier of a citizen', () => {
    const draft = draftSuite([turn('a', 'answered', 0.2, '我叫张三，身份证 110101199003078515，手机 13800001234，怎么补证')]);
    expect(draft).not.toMatch(/110101199003078515|13800001234/);
    expect(parse(draft).cases[0]).toMatchObject({ docIds: ['a'], slices: { source: 'log', confidence: 'low' } });
  });
});
