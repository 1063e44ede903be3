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
  const [head, ...body] = rows;
  if (!head) return { records: [], problems: [{ file, line: 1, message: 'the file is empty', severity: 'error' }] };
  const header = head.record.map((name) => name.trim());
  const problems: Problem[] = header
    .filter((name, index) => name !== '' && header.indexOf(name) !== index)
    .map((field) => ({ file, line: 1, field, message: 'this column is there twice', severity: 'error' }));
  const records: RawRecord[] = [];
  for (const row of body) {
    const line = startLine(row);
    if (row.record.every((cell) => cell.trim() === '')) continue;
    if (row.record.length !== header.length) {
      const message = `this row has ${row.record.length} cells, the header has ${header.length}`;
      problems.push({ file, line, message, severity: 'error' });
      continue;
    }
    const cells = header.map((name, index) => [name, row.record[index] ?? ''] as const).filter(([name]) => name !== '');
    records.push({ file, line, value: Object.fromEntries(cells), form: 'cells', lineOf: () => line });
  }
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
