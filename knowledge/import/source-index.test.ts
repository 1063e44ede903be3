import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pageOf, pdfOf } from './documents/testing/pdf.ts';
import { importKnowledge } from './import.ts';
import { MemorySourceIndex } from './memory-repository.ts';
import { progressLine } from './progress.ts';
import type { SourceManifest } from './source-index.ts';
import { folderOf, importOptions, linesOf } from './testing.ts';

const faq = (id: string, answer: string) => JSON.stringify({ kind: 'faq', id, question: `${id}？`, answer });

function start() {
  const folder = folderOf({
    'a.pdf': pdfOf([pageOf(['关于补贴的通知', '第一条 可以申请。']), []]),
    'b.txt': '关于停车的通知\n不收费。',
    'c.jsonl': `${faq('f1', '甲')}\n${faq('f2', '乙')}`,
  });
  return { folder, options: { ...importOptions(), sources: new MemorySourceIndex() } };
}

it('parses only files that changed, and tells the warnings of the others again', async () => {
  const { folder, options } = start();
  const first = await importKnowledge([folder], options);
  expect(first.files).toEqual({ read: 3, unchanged: 0, skipped: 0 });
  const second = await importKnowledge([folder], options);
  expect(second).toMatchObject({ files: { read: 0, unchanged: 3, skipped: 0 }, items: 4, counts: { unchanged: 4 } });
  expect(second.problems).toEqual(first.problems);
  expect(linesOf(second.problems)).toEqual(['warning a.pdf page 2 has no readable text (a scan, or damaged): not read']);
  writeFileSync(join(folder, 'b.txt'), '关于停车的通知\n收费。');
  writeFileSync(join(folder, 'c.jsonl'), `${faq('f1', '甲')}\n${faq('f2', '丙')}`);
  const third = await importKnowledge([folder], options);
  expect(third).toMatchObject({ files: { read: 2, unchanged: 1 }, counts: { added: 0, changed: 2, unchanged: 2, removed: 0 } });
});

it('parses again what the store no longer holds as the file gave it', async () => {
  const { folder, options } = start();
  await importKnowledge([folder], options);
  const stored = await options.repository.list();
  const edited = stored.map(({ item, digest }) =>
    item.id === 'f1' ? { item: { ...item, tags: ['改'] }, digest: 'other' } : { item, digest },
  );
  await options.repository.replacePack('test', edited, { status: 'published', now: 2, removeMissing: true });
  expect(await importKnowledge([folder], options)).toMatchObject({
    files: { read: 1, unchanged: 2 },
    counts: { changed: 1, unchanged: 3 },
  });
});

it('removes what a file that is gone had given, and keeps what other imports gave', async () => {
  const { folder, options } = start();
  await importKnowledge([folder], options);
  await importKnowledge([folderOf({ 'd.txt': '关于公园的通知\n免费。' })], options);
  rmSync(join(folder, 'b.txt'));
  expect((await importKnowledge([folder], options)).files).toEqual({ read: 0, unchanged: 2, skipped: 0 });
  expect((await importKnowledge([folder], { ...options, removeMissing: true })).counts).toEqual({
    added: 0,
    changed: 0,
    unchanged: 3,
    removed: 2,
  });
  expect(
    Object.values(await options.sources.get('test'))
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['a.pdf', 'c.jsonl']);
});

it('remembers nothing of dry runs, failed imports and skipped files, and forgets an older form of its notes', async () => {
  const { folder, options } = start();
  await importKnowledge([folder], { ...options, dryRun: true });
  writeFileSync(join(folder, 'bad.jsonl'), '{');
  await importKnowledge([folder], options);
  expect(await options.sources.get('test')).toEqual({});
  rmSync(join(folder, 'bad.jsonl'));
  writeFileSync(join(folder, 'broken.pdf'), 'x');
  await importKnowledge([folder], options);
  expect(
    Object.values(await options.sources.get('test'))
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['a.pdf', 'b.txt', 'c.jsonl']);
  await options.sources.put('test', { old: 1 } as unknown as SourceManifest);
  expect((await importKnowledge([folder], options)).files).toEqual({ read: 3, unchanged: 0, skipped: 1 });
});

it('keeps the items of a file that can’t be read this time under the ids it gave them', async () => {
  const { folder, options } = start();
  await importKnowledge([folder], options);
  writeFileSync(join(folder, 'a.pdf'), 'x');
  const report = await importKnowledge([folder], { ...options, removeMissing: true });
  expect(report).toMatchObject({ files: { unchanged: 2, skipped: 1 }, counts: { unchanged: 4, removed: 0 } });
  expect(Object.values(await options.sources.get('test'))).toHaveLength(3);
});

it('says how far it is', () => {
  expect(progressLine({ unit: 'files', done: 1200, total: 10_000, items: 3400, perSecond: 309.6 })).toBe(
    '██░░░░░░░░░░░░░░░░░░░░░░ 1,200/10,000 文件 files · 3,400 条 items · 310/s',
  );
});
