import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../digest.ts';
import { exportKnowledge } from './export.ts';
import { importKnowledge, readKnowledge } from './import.ts';
import { MemoryKnowledgeRepository } from './memory-repository.ts';
import { completeGuide, folderOf, importOptions, linesOf } from './testing.ts';

const jsonl = (...records: unknown[]): string => records.map((record) => JSON.stringify(record)).join('\n');
const faq = (changes: object = {}) => ({ kind: 'faq', id: 'f1', question: '要钱吗', answer: '不要钱', ...changes });

async function findings(...records: unknown[]): Promise<string[]> {
  const { problems } = await readKnowledge([folderOf({ 'a.jsonl': jsonl(...records) })]);
  return linesOf(problems);
}

describe('importKnowledge', () => {
  it('adds, changes, keeps and removes', async () => {
    const options = importOptions();
    const first = await importKnowledge([folderOf({ 'a.jsonl': jsonl(completeGuide(), faq()) })], options);
    expect(first).toMatchObject({ items: 2, counts: { added: 2, changed: 0, unchanged: 0, removed: 0 }, problems: [], incomplete: {} });
    const second = folderOf({ 'a.jsonl': jsonl(faq({ answer: '免费' })) });
    const dry = await importKnowledge([second], { ...options, removeMissing: true, dryRun: true });
    expect(dry.counts).toEqual({ added: 0, changed: 1, unchanged: 0, removed: 1 });
    expect(await options.repository.revision()).toBe('1');
    expect((await importKnowledge([second], options)).counts).toEqual({ added: 0, changed: 1, unchanged: 0, removed: 0 });
    expect((await importKnowledge([second], { ...options, removeMissing: true })).counts).toEqual({
      added: 0,
      changed: 0,
      unchanged: 1,
      removed: 1,
    });
  });

  it('writes nothing when a single record is wrong', async () => {
    const options = importOptions();
    const folder = folderOf({ 'a.jsonl': jsonl(completeGuide(), faq({ answer: undefined })), 'b.csv': 'question,answer\n甲,乙\n' });
    const report = await importKnowledge([folder], options);
    expect(linesOf(report.problems)).toEqual(['error a.jsonl:2 answer: is missing']);
    expect(report.counts).toEqual({ added: 0, changed: 0, unchanged: 0, removed: 0 });
    expect(await options.repository.list()).toEqual([]);
  });

  it('[R-079] refuses a guide in force without its mandatory elements, unless told otherwise, and lists what is missing', async () => {
    const gaps = completeGuide({ legalBasis: undefined, consultPhone: undefined });
    const folder = folderOf({ 'a.jsonl': jsonl(gaps) });
    const strict = await importKnowledge([folder], importOptions());
    expect(linesOf(strict.problems)).toEqual([
      'error a.jsonl:1 consultPhone: is missing or incomplete: 「咨询方式」 is a mandatory element',
      'error a.jsonl:1 legalBasis: is missing or incomplete: 「设定依据」 is a mandatory element',
    ]);
    const lenient = await importKnowledge([folder], { ...importOptions(), strict: false });
    expect(lenient).toMatchObject({ counts: { added: 1 }, problems: [], incomplete: { 设定依据: 1, 咨询方式: 1 } });
    expect(await findings({ ...gaps, state: 'draft' })).toEqual([]);
    const foreign = folderOf({ 'a.csv': '事项名称,申请材料\n甲,乙\n' });
    expect((await importKnowledge([foreign], importOptions())).problems).toEqual([]);
    expect((await importKnowledge([foreign], { ...importOptions(), strict: true })).counts.added).toBe(0);
  });

  it('[R-085] refuses a material that doesn’t say how it is provided, at its line', async () => {
    const yaml = Object.entries(completeGuide({ materials: undefined })).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
    const text = [
      ...yaml.filter((line) => !line.startsWith('materials')),
      'materials:',
      '  - name: 户口簿',
      '    copyType: original',
      '    medium: paper',
    ];
    const { problems } = await readKnowledge([folderOf({ 'guides/police.yaml': text.join('\n') })]);
    expect(linesOf(problems)).toEqual([
      `error guides/police.yaml:${text.length - 2} materials[0].source: is missing: every material says how it is provided`,
    ]);
  });

  it('says so when there is nothing to read', async () => {
    const line = async (...paths: string[]) => linesOf((await readKnowledge(paths)).problems)[0];
    expect(await line()).toMatch(/no file or folder was named/);
    expect(await line('/nowhere/a.csv')).toBe('error /nowhere/a.csv no such file');
    expect(await line(folderOf({}))).toMatch(/holds no file that can be read/);
    const folder = folderOf({ 'a.exe': 'x' });
    expect(await line(join(folder, 'a.exe'))).toMatch(/can’t read this kind of file/);
  });

  it('reports progress up to the end', async () => {
    const seen: [number, number][] = [];
    const rows = Array.from({ length: 450 }, (_, index) => faq({ id: `f${index}` }));
    await importKnowledge([folderOf({ 'a.jsonl': jsonl(...rows) })], {
      ...importOptions(),
      onProgress: (done, total) => seen.push([done, total]),
    });
    expect(seen).toEqual([
      [200, 450],
      [400, 450],
      [450, 450],
    ]);
  });

  it('knows the guides that are in the pack already', async () => {
    const options = importOptions();
    await importKnowledge([folderOf({ 'a.jsonl': jsonl(completeGuide()) })], options);
    const more = folderOf({ 'b.jsonl': jsonl(faq({ guideId: 'id-card-lost' })) });
    expect((await importKnowledge([more], options)).problems).toEqual([]);
    expect(linesOf((await importKnowledge([more], { ...options, removeMissing: true })).problems)).toEqual([
      'error b.jsonl:1 guideId: there is no guide “id-card-lost”',
    ]);
  });
});

describe('checks', () => {
  it('finds duplicate ids, missing guides and shared names', async () => {
    const twin = completeGuide({ id: 'other' });
    expect(await findings(completeGuide(), twin, faq(), faq({ guideId: 'gone' }))).toEqual([
      'error a.jsonl:4 guideId: there is no guide “gone”',
      'error a.jsonl:4 id: “f1” is already the id of a.jsonl:3',
      'warning a.jsonl:2 aliases[0]: “身份证丢了” is also a name of guide id-card-lost',
    ]);
  });

  it.each([
    [{ promisedLimit: { value: 61, unit: 'natural_day' } }, 'promisedLimit: is longer than statutoryLimit'],
    [{ promisedLimit: { value: 3, unit: 'month' } }, 'promisedLimit: is longer than statutoryLimit'],
    [{ fees: [] }, 'fees: is missing although isCharged is true'],
    [{ isCharged: false }, 'fees: is given although isCharged is false'],
    [{ isOnline: true }, 'onlineUrl: is missing although isOnline is true'],
    [{ visitCount: 0, canExpress: false }, 'visitCount: is 0, but the guide is neither online nor by express'],
    [{ validFrom: '2026-01-02', validTo: '2026-01-01' }, 'validTo: is before validFrom (2026-01-02)'],
    [{ onlineUrl: 'javascript:alert(1)' }, 'onlineUrl: should be an address starting with http:// or https://, not “javascript:alert(1)”'],
    [
      { materials: [{ name: '照片', copyType: 'original', medium: 'paper', source: 'applicant', scenarioIds: ['lost'] }] },
      'materials[0].scenarioIds[0]: there is no scenario “lost” in this guide',
    ],
  ])('finds %j', async (changes, message) => {
    expect(await findings(completeGuide(changes))).toEqual([`error a.jsonl:1 ${message}`]);
  });

  it('compares limits only where the answer is certain', async () => {
    expect(
      await findings(completeGuide({ promisedLimit: { value: 30, unit: 'working_day' }, statutoryLimit: { value: 1, unit: 'month' } })),
    ).toEqual([]);
  });
});

describe('safety', () => {
  it('takes out hidden characters, written or escaped, and says where', async () => {
    const tags = String.fromCodePoint(0xe0041, 0xe0042);
    const folder = folderOf({
      'a.yaml': `kind: faq\nid: f1\nquestion: 要钱${tags}吗\nanswer: "不\\u202e要\\0钱"\n`,
      'b.csv': '\uFEFFquestion,answer\n零\u200b宽,葛\u{E0100}城\n',
    });
    const { items, problems } = await readKnowledge([folder]);
    expect(items.map(({ item }) => item)).toMatchObject([
      { question: '要钱吗', answer: '不要钱' },
      { question: '零宽', answer: '葛\u{E0100}城' },
    ]);
    expect(linesOf(problems)).toEqual([
      'warning a.yaml:3 hidden characters removed (Unicode tags)',
      'warning a.yaml:4 answer: hidden characters removed (text direction controls, NUL and control characters)',
      'warning b.csv:2 hidden characters removed (zero-width characters)',
    ]);
  });

  it('survives absurd nesting', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const { problems } = await readKnowledge([
      folderOf({
        'a.jsonl': `{"kind":"faq","id":${deep}}`,
        'b.yaml': deep,
        'c.html': '<b>'.repeat(20_000),
        'd.html': '<p>'.repeat(200_000),
      }),
    ]);
    const files = (wanted: string) => [...new Set(problems.filter(({ severity }) => severity === wanted).map(({ file }) => file))].sort();
    expect(files('error')).toEqual(['a.jsonl', 'b.yaml']);
    expect(files('warning')).toEqual(['c.html', 'd.html']);
  });

  it('keeps HTML in a text as words, never as markup', async () => {
    const { items } = await readKnowledge([folderOf({ 'a.jsonl': jsonl(faq({ answer: '<script>alert(1)</script><b>不要</b>' })) })]);
    expect(items[0]?.item).toMatchObject({ answer: '＜script＞alert(1)＜/script＞＜b＞不要＜/b＞' });
  });

  it('follows no link out of the folder and reads no pipe', async () => {
    const outside = folderOf({ 'secret.csv': 'question,answer\n秘,密\n' });
    const folder = folderOf({ 'a.csv': 'question,answer\n甲,乙\n' });
    symlinkSync(join(outside, 'secret.csv'), join(folder, 'b.csv'));
    symlinkSync(outside, join(folder, 'dir'));
    symlinkSync(join(folder, 'a.csv'), join(folder, 'inside.csv'));
    execFileSync('mkfifo', [join(folder, 'pipe.jsonl')]);
    const { items, problems } = await readKnowledge([folder]);
    expect(items).toHaveLength(2);
    expect(linesOf(problems)).toEqual([
      expect.stringMatching(/^error inside\.csv:2 id: “faq-\w+” is already the id of a\.csv:2$/),
      'error pipe.jsonl not a file',
      'warning b.csv a link to something outside the folder; not followed',
      'warning dir not a kind of file that can be read; passed over',
    ]);
  });
});

describe('exportKnowledge', () => {
  it('gives lines that import again to identical digests', async () => {
    const word = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((text) => !/^\s*$/.test(text) && /^[^\p{C}\u00AD\u200B-\u200F\u2028-\u202F\u2060-\u206F\u{E0000}-\u{E01EF}]+$/u.test(text));
    const record = fc.oneof(
      fc.record({ kind: fc.constant('faq'), question: word, answer: word, similar: fc.array(word), sample: fc.boolean() }),
      fc.record({ kind: fc.constant('policy'), title: word, body: word, docNo: fc.option(word, { nil: undefined }) }),
      fc.record({
        kind: fc.constant('guide'),
        name: word,
        fees: fc.array(fc.record({ name: word, standard: word })),
        topics: fc.array(word),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 5 }), async (records) => {
        const first = new MemoryKnowledgeRepository();
        const text = jsonl(...records.map((entry, index) => ({ id: `i${index}`, ...entry })));
        const folder = folderOf({ 'a.jsonl': text });
        const report = await importKnowledge([folder], { pack: 'a', repository: first, now: 1, strict: false });
        expect(report.counts.added).toBe(records.length);
        const second = new MemoryKnowledgeRepository();
        const lines = await exportKnowledge(first, 'a');
        await importKnowledge([folderOf({ 'b.jsonl': lines.join('\n') })], { pack: 'a', repository: second, now: 2, strict: false });
        const digests = async (repository: MemoryKnowledgeRepository) =>
          (await repository.list()).map(({ item, digest }) => [item.id, digest]).sort();
        expect(await digests(second)).toEqual(await digests(first));
      }),
      { numRuns: 50 },
    );
  });

  it('has digests that don’t depend on the order of fields', () => {
    expect(digestOf({ a: 1, b: [{ c: 2, d: undefined }] })).toBe(digestOf({ b: [{ c: 2 }], a: 1 }));
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: 2 }));
  });
});
