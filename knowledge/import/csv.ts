/** CSV with a header row: columns are named in Chinese or English, lists inside a cell are split on `|` (written `\|` for a plain one). */
import { CsvError, type Info, parse } from 'csv-parse/sync';
import type { Problem } from './problem.ts';
import type { RawRecord, Reading } from './record.ts';

type Row = { record: string[]; info: Info; raw: string };

/** Reads the rows of a CSV file as records of text cells; each knows the line its row starts on. */
export function readCsv(text: string, file: string): Reading {
  let rows: Row[];
  try {
    rows = parseRows(text);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? { line: error.lines } : {};
    return { records: [], problems: [{ file, ...line, message: `not valid CSV: ${error.message}`, severity: 'error' }] };
  }
  const width = rows[0]?.record.length ?? 0;
  const wrong: Problem[] = [];
  const fitting = rows.flatMap((row) => {
    const line = startLine(row);
    if (row.record.length === width) return [{ line, cells: row.record }];
    if (row.record.some((cell) => cell.trim() !== '')) {
      wrong.push({ file, line, message: `this row has ${row.record.length} cells, the header has ${width}`, severity: 'error' });
    }
    return [];
  });
  const { records, problems } = recordsOfRows(fitting, file);
  return { records, problems: [...problems, ...wrong] };
}

/** Rows of a table, the first naming the columns → records of text cells. Missing cells at a row's end count as empty. */
export function recordsOfRows(rows: readonly { readonly line: number; readonly cells: readonly string[] }[], file: string): Reading {
  const [head, ...body] = rows;
  if (!head) return { records: [], problems: [{ file, line: 1, message: 'the file is empty', severity: 'error' }] };
  const header = head.cells.map((name) => name.trim());
  const problems: Problem[] = header
    .filter((name, index) => name !== '' && header.indexOf(name) !== index)
    .map((field) => ({ file, line: head.line, field, message: 'this column is there twice', severity: 'error' }));
  const records = body.flatMap(({ line, cells }): RawRecord[] => {
    if (cells.every((cell) => cell.trim() === '')) return [];
    const named = header.map((name, index) => [name, cells[index] ?? ''] as const).filter(([name]) => name !== '');
    return [{ file, line, value: Object.fromEntries(named), form: 'cells', lineOf: () => line }];
  });
  return { records, problems };
}

function parseRows(text: string): Row[] {
  const firstLine = text.slice(0, text.indexOf('\n') + 1 || text.length);
  // Excel's "Unicode text" is separated by tabs.
  const delimiter = !firstLine.includes(',') && firstLine.includes('\t') ? '\t' : ',';
  return parse(text, { delimiter, info: true, raw: true, relax_column_count: true, skip_empty_lines: true }) as unknown as Row[];
}

/** The parser counts lines up to the end of a record; line breaks inside its cells go back to the start. */
function startLine(row: Row): number {
  return row.info.lines - (row.raw.trim().match(/\n/g)?.length ?? 0);
}
