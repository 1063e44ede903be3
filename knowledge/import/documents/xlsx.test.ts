import { describe, expect, it } from 'vitest';
import type { Policy } from '../../item.ts';
import { readKnowledge } from '../import.ts';
import { readingContext } from '../reading.ts';
import { folderOf, linesOf } from '../testing.ts';
import { formatOfNumber, numberText } from './cell-format.ts';
import { oleFile, xlsxOf } from './testing/office.ts';
import { readXlsx } from './xlsx.ts';

async function read(files: Record<string, Uint8Array | string>, limits = {}) {
  const { items, problems } = await readKnowledge([folderOf(files)], { limits });
  return { items: items.map(({ item }) => item), lines: linesOf(problems) };
}
const cell = (xml: string) => ({ xml });

describe('Excel', () => {
  it('reads rows as a CSV file is read, under a title, with merged cells, dates and inline strings', async () => {
    const sheet = {
      name: '事项',
      rows: [
        ['安澜市办事指南一览表', null, null, null, null],
        ['部门', '事项名称', '申请材料', '承诺办结时限（工作日）', '更新时间'],
        ['公安局', '居住证办理', '身份证|照片', 5, cell('<c s="1"><v>45717</v></c>')],
        [
          null,
          '居住证签注',
          cell('<c t="inlineStr"><is><r><t>居住</t></r><r><t>证&amp;照片</t></r></is></c>'),
          cell('<c><f>2+3</f><v>5</v></c>'),
          null,
        ],
      ],
      merged: ['A1:E1', 'A3:A4'],
    };
    const { items, lines } = await read({ 'a.xlsx': xlsxOf([sheet], { formats: ['yyyy"年"m"月"d"日"'] }) });
    expect(lines).toEqual([]);
    expect(items).toMatchObject([
      {
        kind: 'guide',
        name: '居住证办理',
        department: '公安局',
        promisedLimit: { value: 5, unit: 'working_day' },
        updatedAt: '2025-03-01',
        materials: [{ name: '身份证' }, { name: '照片' }],
      },
      { kind: 'guide', name: '居住证签注', department: '公安局', materials: [{ name: '居住证&照片' }] },
    ]);
  });

  it('reads several sheets, names the sheet and row of what is wrong, and passes hidden sheets over', async () => {
    const faqs = {
      name: '问答',
      rows: [
        ['问题', '答案'],
        ['要钱吗', '不要'],
        ['几天', null],
      ],
    };
    const hidden = {
      name: '草稿',
      rows: [
        ['问题', '答案'],
        ['秘', '密'],
      ],
      hidden: true,
    };
    const contacts = {
      name: '电话',
      rows: [
        ['单位名称', '联系电话', '备注'],
        ['安澜市公安局', '0000-5550110', cell('<c t="e"><v>#REF!</v></c>')],
      ],
    };
    const { items, lines } = await read({ 'a.xlsx': xlsxOf([faqs, hidden, contacts]) });
    expect(items).toMatchObject([
      { kind: 'faq', question: '要钱吗' },
      { kind: 'contact', name: '安澜市公安局', phone: '0000-5550110' },
    ]);
    expect(lines).toEqual([
      'warning a.xlsx the sheet “草稿” is hidden: not read',
      'warning a.xlsx[电话] C2: the formula gives an error; read as empty',
      'warning a.xlsx[问答]:3 skipped: answer: is missing'.replace('skipped: answer: is', 'answer: skipped: is'),
    ]);
  });

  it('makes a document of sheets that are tables for people', async () => {
    const sheet = { name: '标准', rows: [['2025年收费标准'], ['项目', '金额', '说明'], ['工本费', 40, '每证|张'], ['押金', 0, null]] };
    const { items, lines } = await read({ '收费标准.xlsx': xlsxOf([sheet]) });
    expect(lines).toEqual([]);
    expect(items).toMatchObject([{ kind: 'policy', title: '收费标准', source: '收费标准.xlsx' }]);
    expect((items[0] as Policy).body).toBe(
      '# 收费标准\n\n2025年收费标准\n\n| 项目 | 金额 | 说明 |\n| --- | --- | --- |\n| 工本费 | 40 | 每证\\|张 |\n| 押金 | 0 |  |',
    );
  });

  it('reads dates of both systems, times, percentages and codes with zeros; warns of numbers Excel has rounded', async () => {
    const custom = new Map([
      [170, 'yyyy/m/d h:mm'],
      [171, '[$-804]yyyy"年"m"月"'],
      [172, '0000'],
      [173, '0.0%'],
      [174, '#,##0.00"元"'],
      [175, '[红色]0.00'],
      [176, 'General'],
    ]);
    expect([0, 9, 14, 20, 22, 31, 57, 170, 171, 172, 173, 174, 175, 176].map((id) => formatOfNumber(id, custom))).toEqual([
      'plain',
      'percent',
      'date',
      'time',
      'datetime',
      'date',
      'date',
      'datetime',
      'date',
      { digits: 4 },
      'percent',
      'plain',
      'plain',
      'plain',
    ]);
    expect(numberText('1', 'date', false)).toBe('1900-01-01');
    expect(numberText('59', 'date', false)).toBe('1900-02-28');
    expect(numberText('61', 'date', false)).toBe('1900-03-01');
    expect(numberText('45717', 'date', false)).toBe('2025-03-01');
    expect(numberText('44255', 'date', true)).toBe('2025-03-01');
    expect(numberText('45717.375', 'datetime', false)).toBe('2025-03-01 09:00');
    expect(numberText('0.375', 'time', false)).toBe('09:00');
    expect(numberText('0.05', 'percent', false)).toBe('5%');
    expect(numberText('12', { digits: 4 }, false)).toBe('0012');
    expect(numberText('0.30000000000000004', 'plain', false)).toBe('0.3');
    expect(numberText('-3', 'date', false)).toBe('-3');
    const rows = [
      ['单位名称', '电话'],
      ['甲局', cell('<c><v>1.10105199001011E+17</v></c>')],
    ];
    const { items, lines } = await read({ 'a.xlsx': xlsxOf([{ name: 's', rows }]) });
    expect(items).toMatchObject([{ phone: '110105199001011000' }]);
    expect(lines).toEqual(['warning a.xlsx B2: a number of more than 15 digits, which Excel has rounded; keep codes as text']);
    const old = xlsxOf(
      [
        {
          name: 's',
          rows: [
            ['问题', '答案'],
            ['何时', cell('<c s="1"><v>44255</v></c>')],
          ],
        },
      ],
      { formats: ['yyyy-mm-dd'], date1904: true },
    );
    expect((await read({ 'b.xlsx': old })).items).toMatchObject([{ answer: '2025-03-01' }]);
  });

  it('reads 100,000 rows, and refuses a row or a column too many', async () => {
    const rows = Array.from({ length: 100_000 }, (_, index) => [`问题${index}`, `答案${index}`]);
    const { records } = await readXlsx(xlsxOf([{ name: 's', rows: [['问题', '答案'], ...rows] }]), 'a.xlsx', readingContext());
    expect(records).toHaveLength(100_000);
    expect(records.at(-1)).toMatchObject({ line: 100_001, value: { 问题: '问题99999', 答案: '答案99999' } });
    const few = xlsxOf([
      {
        name: 's',
        rows: [
          ['问题', '答案'],
          ['一', '二'],
          ['三', '四'],
        ],
      },
    ]);
    const far = xlsxOf([
      {
        name: 's',
        rows: [
          ['问题', '答案'],
          ['一', { xml: '<c ><v>1</v></c>' }, ...Array.from({ length: 300 }, () => null), 3],
        ],
      },
    ]);
    const list = (files: Record<string, Uint8Array>) => read({ ...files, 'ok.md': '# 题\n文' }, { rows: 2 });
    expect((await list({ 'few.xlsx': few })).lines).toEqual(['warning few.xlsx skipped: has more than 2 rows in a sheet; split it']);
    expect((await list({ 'far.xlsx': far })).lines).toEqual([
      'warning far.xlsx skipped: has a cell in column 303 of row 2; at most 256 columns can be read',
    ]);
    const data = xlsxOf([{ name: '数据', rows: Array.from({ length: 5002 }, (_, index) => [`甲${index}`, '乙']) }]);
    expect((await read({ 'd.xlsx': data, 'ok.md': '# 题\n文' })).lines).toEqual([
      'warning d.xlsx skipped: the sheet “数据” has 5002 rows, but its columns are not those of a guide, an FAQ, a policy or a contact',
    ]);
  });

  it('skips protected, broken and empty workbooks, each with its reason', async () => {
    const good = xlsxOf([
      {
        name: 's',
        rows: [
          ['问题', '答案'],
          ['一', '二'],
        ],
      },
    ]);
    const { items, lines } = await read({
      'cut.xlsx': good.slice(0, 300),
      'good.xlsx': good,
      'locked.xlsx': oleFile(true),
      'none.xlsx': xlsxOf([{ name: 's', rows: [] }]),
      'sheet.xlsx': xlsxOf([{ name: 's', rows: [['一', '二']] }], {
        parts: { 'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row r="1"><c>' },
      }),
    });
    expect(items).toHaveLength(1);
    expect(lines).toEqual([
      'warning cut.xlsx skipped: is broken or cut off: the end of the zip file is missing',
      'warning locked.xlsx skipped: is protected with a password',
      'warning none.xlsx skipped: holds no rows',
      'warning sheet.xlsx skipped: is broken: a sheet is cut off',
    ]);
  });
});
