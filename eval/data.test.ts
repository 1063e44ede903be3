import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DataError, readAllRows, readRows } from './data.ts';
import { estimatedTime } from './eta.ts';
import { readSuite, SuiteError } from './suite.ts';

let folder = '';
const put = async (name: string, content: string | Uint8Array) => {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-eval-data-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const schema = z.object({
  id: z.string(),
  question: z.string(),
  docIds: z.array(z.string()).default([]),
  slices: z.record(z.string(), z.string()).optional(),
});

describe('[R-022] data sets', () => {
  const rows = [{ id: '1', question: '身份证在哪办', docIds: ['a', 'b'] }];

  it('JSONL, gzipped JSONL and YAML with or without a `cases` key', async () => {
    const line = `${JSON.stringify(rows[0])}\n\n`;
    expect(await readRows(await put('a.jsonl', `\uFEFF${line}`), schema)).toEqual(rows);
    expect(await readRows(await put('a.jsonl.gz', gzipSync(line)), schema)).toEqual(rows);
    const yaml = '- {id: "1", question: 身份证在哪办, docIds: [a, b]}\n';
    expect(await readRows(await put('a.yaml', yaml), schema)).toEqual(rows);
    expect(await readRows(await put('b.yaml', `suite: answer\ncases:\n${yaml}`), schema)).toEqual(rows);
  });

  it.each([
    ['编号,问题,文档,主题\r\n1,身份证在哪办,a|b,户政\r\n', 'Chinese headers'],
    ['id,question,docIds,topic\n1,身份证在哪办,a|b,户政\n', 'English headers'],
  ])('CSV: %#', async (text) => {
    expect(await readRows(await put('t.csv', `\uFEFF${text}`), schema)).toEqual([{ ...rows[0], slices: { topic: '户政' } }]);
  });

  it('CSV in GB18030, as older office machines save it', async () => {
    // 编号,问题 / 1,身份证 in GB18030.
    const bytes = Uint8Array.from([
      0xb1, 0xe0, 0xba, 0xc5, 0x2c, 0xce, 0xca, 0xcc, 0xe2, 0x0a, 0x31, 0x2c, 0xc9, 0xed, 0xb7, 0xdd, 0xd6, 0xa4, 0x0a,
    ]);
    expect(await readRows(await put('gb.csv', bytes), schema)).toEqual([{ id: '1', question: '身份证', docIds: [] }]);
  });

  it('the first sheet of a workbook', async () => {
    const cell = (at: string, text: string) => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
    const sheet = `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">${cell('A1', '编号')}${cell('B1', '问题')}</row><row r="2">${cell('A2', 'x1')}${cell('B2', '身份证在哪办')}</row></sheetData></worksheet>`;
    const bytes = zipSync({
      'xl/workbook.xml': strToU8('<workbook/>'),
      'xl/worksheets/sheet1.xml': strToU8(sheet),
      '[Content_Types].xml': strToU8('<Types/>'),
    });
    expect(await readRows(await put('w.xlsx', bytes), schema)).toEqual([{ id: 'x1', question: '身份证在哪办', docIds: [] }]);
  });

  it('errors name file and line: broken JSON, a missing field, the same id twice, no file', async () => {
    await expect(readRows(await put('bad.jsonl', '{"id":"1","question":"a"}\n{'), schema)).rejects.toThrow(/bad\.jsonl:2/);
    await expect(readRows(await put('no.jsonl', '{"id":"1"}'), schema)).rejects.toThrow(/no\.jsonl:1.*\n?.*question/s);
    const twice = await put('twice.jsonl', '{"id":"1","question":"a"}\n{"id":"1","question":"b"}');
    await expect(readAllRows([twice], schema)).rejects.toThrow(DataError);
    await expect(readRows(join(folder, 'none.jsonl'), schema)).rejects.toThrow(DataError);
  });
});

describe('[R-022] suites', () => {
  it('paths are relative to the suite file; one path or a list', async () => {
    const file = await put('s.yaml', 'name: s\nkind: retrieval\ndataset: q.jsonl\ncorpus: [a.jsonl, b.jsonl]\ngate: {hit@1: ">= 0.8"}\n');
    expect(await readSuite(file)).toMatchObject({
      name: 's',
      dataset: [join(folder, 'q.jsonl')],
      corpus: [join(folder, 'a.jsonl'), join(folder, 'b.jsonl')],
      gate: { 'hit@1': '>= 0.8' },
    });
  });

  it('a wrong field is named with the file', async () => {
    await expect(readSuite(await put('w.yaml', 'name: s\nkind: nothing\ndataset: q\n'))).rejects.toThrow(/w\.yaml[\s\S]*kind/);
    await expect(readSuite(await put('g.yaml', 'name: s\nkind: answer\ndataset: q\ngate: {x: about 3}\n'))).rejects.toThrow(SuiteError);
    await expect(readSuite(join(folder, 'none.yaml'))).rejects.toThrow(SuiteError);
  });
});

describe('progress', () => {
  it('tells the time left at the pace so far', () => {
    expect(estimatedTime(1000, 10, 100)).toBe('9s');
    expect(estimatedTime(10_000, 10, 100)).toBe('1m 30s');
    expect(estimatedTime(10_000, 100, 100)).toBe('');
    expect(estimatedTime(0, 0, 100)).toBe('');
  });
});
