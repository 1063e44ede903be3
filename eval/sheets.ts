/** Cases from spreadsheets: columns named in Chinese or English, lists inside a cell split on `|`; and scores back as CSV that Excel opens. */
import { readCsv, recordsOfRows } from '../knowledge/import/csv.ts';
import { decode } from '../knowledge/import/decode.ts';
import { officeParts } from '../knowledge/import/documents/office.ts';
import { readSheet as readCells, sharedStrings } from '../knowledge/import/documents/sheet.ts';
import { defaultLimits } from '../knowledge/import/documents/unreadable.ts';
import type { Reading } from '../knowledge/import/record.ts';

/** Field of a case → names a column may have. */
const columns: Readonly<Record<string, readonly string[]>> = {
  id: ['id', '编号', '序号'],
  question: ['question', '问题', '提问'],
  docIds: ['docids', 'doc_ids', 'documents', '文档', '文档编号', '条目', '知识编号'],
  answer: ['answer', 'gold', '答案', '标准答案', '参考答案'],
  text: ['text', '说法', '语句', '内容', '原话'],
  label: ['label', 'intent', '意图', '标签', '分类'],
  expect: ['expect', 'expected', '预期', '期望'],
  facts: ['facts', '要点', '关键事实'],
  forbid: ['forbid', '不得出现', '禁止'],
  cites: ['cites', '应引用', '来源'],
};
const slices: Readonly<Record<string, readonly string[]>> = {
  topic: ['topic', '主题', '领域'],
  department: ['department', '部门'],
  channel: ['channel', '渠道'],
  difficulty: ['difficulty', '难度'],
  family: ['family', '类别', '类型'],
};
const lists = new Set(['docIds', 'facts', 'forbid', 'cites']);

export const isSheet = (file: string): boolean => /\.(csv|xlsx)$/i.test(file);

const fieldOf = (name: string, table: Readonly<Record<string, readonly string[]>>): string | undefined =>
  Object.entries(table).find(([, names]) => names.includes(name.trim().toLowerCase()))?.[0];

/** Cells split on `|` (written `\|` for a plain one). */
export const cellList = (cell: string): string[] =>
  cell
    .split(/(?<!\\)\|/)
    .map((part) => part.replaceAll('\\|', '|').trim())
    .filter((part) => part !== '');

/** Rows of a CSV (UTF-8 or GB18030) or of the first sheet of a workbook, as cases. Throws when it can't be read. */
export async function readSheet(bytes: Uint8Array, file: string): Promise<unknown[]> {
  const reading = /\.xlsx$/i.test(file) ? await workbook(bytes, file) : table(bytes, file);
  const problem = reading.problems.find((one) => one.severity === 'error');
  if (problem) throw new Error(`${problem.file}:${problem.line ?? 1}: ${problem.message}`);
  return reading.records.map((record) => caseOf(record.value as Record<string, string>, record.line));
}

function table(bytes: Uint8Array, file: string): Reading {
  const text = decode(bytes, true);
  if (text === undefined) throw new Error(`${file}: not UTF-8 or GB18030 text`);
  return readCsv(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'), file);
}

async function workbook(bytes: Uint8Array, file: string): Promise<Reading> {
  const parts = officeParts(bytes, (name) => /^xl\/(sharedStrings|worksheets\/sheet1)\.xml$/i.test(name), defaultLimits.unpackedBytes);
  for (const [name, xml] of [...parts]) parts.set(name.toLowerCase(), xml);
  const sheet = parts.get('xl/worksheets/sheet1.xml');
  if (sheet === undefined) throw new Error(`${file}: no first sheet`);
  const strings = sharedStrings(parts.get('xl/sharedstrings.xml') ?? '');
  const { rows } = await readCells(sheet, { strings, formats: [], date1904: false }, defaultLimits, async () => undefined);
  return recordsOfRows(rows, file);
}

function caseOf(cells: Record<string, string>, line: number): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  const sliced: Record<string, string> = {};
  for (const [name, cell] of Object.entries(cells)) {
    const field = fieldOf(name, columns);
    const slice = fieldOf(name, slices);
    if (field !== undefined && lists.has(field)) row[field] = cellList(cell);
    else if (field !== undefined && cell.trim() !== '') row[field] = cell.trim();
    else if (slice !== undefined && cell.trim() !== '') sliced[slice] = cell.trim();
  }
  if (row.id === undefined) row.id = `row-${line}`;
  if (Object.keys(sliced).length > 0) row.slices = sliced;
  return row;
}

/** A CSV line; text that a spreadsheet would take for a formula is quoted with an apostrophe. */
export function csvLine(cells: readonly (string | number)[]): string {
  return cells
    .map((cell) => {
      const text = typeof cell === 'number' ? (Number.isNaN(cell) ? '' : String(cell)) : /^[=+\-@\t]/.test(cell) ? `'${cell}` : cell;
      return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(',');
}
