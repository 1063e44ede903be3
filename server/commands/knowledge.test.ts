import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { docxOf, oleFile, paragraph, xlsxOf } from '../../knowledge/import/documents/testing/office.ts';
import { pageOf, pdfOf } from '../../knowledge/import/documents/testing/pdf.ts';
import { type Config, parseConfig } from '../config.ts';
import { importCommand, listCommand } from './knowledge.ts';

const files = {
  '办法.pdf': pdfOf([pageOf(['关于补贴的办法', '第一条 可以申请。'])]),
  'notice.docx': docxOf(paragraph('关于开放步道的通知', 'Heading1') + paragraph('每天开放。')),
  'faq.xlsx': xlsxOf([
    {
      name: 's',
      rows: [
        ['问题', '答案'],
        ['几点关门', '九点。'],
      ],
    },
  ]),
  'deep/page.html': '<h1>菜园认领办法</h1><p>每户一块。</p>',
  'rule.md': '# 球室规则\n\n第一条 免费。',
  'plain.txt': '关于旧书的通知\n周六交换。',
  'broken.pdf': 'no pdf at all',
  'locked.docx': oleFile(true),
  'locked.pdf': pdfOf([pageOf(['甲'])], { encrypted: true }),
  'cut.xlsx': xlsxOf([{ name: 's', rows: [['问题', '答案']] }]).slice(0, 300),
  'empty.txt': '',
};

let folder: string;
let config: Config;
let out: string[];
let complaints: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wenban-command-'));
  const parsed = parseConfig({ DATA_DIR: join(folder, 'data') });
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  config = parsed.config;
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, 'docs', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  out = [];
  complaints = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void out.push(String(line)));
  vi.spyOn(console, 'error').mockImplementation((line) => void complaints.push(String(line)));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

it('[R-107] imports a folder of documents, names each that can’t be read, and is done', async () => {
  expect(await importCommand(config, [join(folder, 'docs')], { pack: 'p' })).toBe(0);
  expect(complaints).toEqual([
    '提示 warning  broken.pdf: skipped: is broken or cut off: Invalid PDF structure.',
    '提示 warning  cut.xlsx: skipped: is broken or cut off: the end of the zip file is missing',
    '提示 warning  empty.txt: skipped: is empty',
    '提示 warning  locked.docx: skipped: is protected with a password',
    '提示 warning  locked.pdf: skipped: is protected with a password',
  ]);
  expect(out).toEqual([
    '文件 files: 读了 read 6，没变 unchanged 0，跳过 skipped 5',
    '已导入 imported  p: 6 条 items；新增 added 6，修改 changed 0，未变 unchanged 0，移除 removed 0',
  ]);
  out.length = 0;
  await listCommand(config, { pack: 'p' });
  expect(out.map((line) => line.split('\t').at(-1)).sort()).toEqual(
    ['关于补贴的办法', '关于开放步道的通知', '几点关门', '菜园认领办法', '球室规则', '关于旧书的通知'].sort(),
  );
});

it('parses nothing twice, also in another process, and says the same of what was skipped', async () => {
  await importCommand(config, [join(folder, 'docs')], { pack: 'p' });
  const first = [...complaints];
  complaints.length = 0;
  out.length = 0;
  expect(await importCommand(config, [join(folder, 'docs')], { pack: 'p' })).toBe(0);
  expect(out[0]).toBe('文件 files: 读了 read 0，没变 unchanged 6，跳过 skipped 5');
  expect(complaints).toEqual(first);
});

it('gives the whole report as one line of JSON', async () => {
  expect(await importCommand(config, [join(folder, 'docs')], { pack: 'p', json: true })).toBe(0);
  expect(out).toHaveLength(1);
  expect(JSON.parse(out[0] ?? '')).toMatchObject({
    pack: 'p',
    items: 6,
    files: { read: 6, unchanged: 0, skipped: 5 },
    counts: { added: 6 },
    problems: Array.from({ length: 5 }, () => ({ severity: 'warning' })),
  });
});

it('fails when what was named can’t be read, or when nothing could', async () => {
  expect(await importCommand(config, [join(folder, 'docs', 'locked.pdf')], { pack: 'p' })).toBe(1);
  expect(complaints).toEqual([
    `错误 error  ${join(folder, 'docs', 'locked.pdf')}: is protected with a password`,
    '有错误，什么都没有写入。Nothing was written.',
  ]);
  rmSync(join(folder, 'docs'), { recursive: true });
  mkdirSync(join(folder, 'docs'));
  writeFileSync(join(folder, 'docs', 'a.docx'), oleFile(true));
  expect(await importCommand(config, [join(folder, 'docs')], { pack: 'p' })).toBe(1);
});
