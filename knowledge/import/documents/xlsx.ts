/**
 * Excel workbooks. A sheet whose columns are known fields is read like a CSV file, row by row; any other sheet is a table for people,
 * and all of these together make one policy document.
 */
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { recordsOfRows } from '../csv.ts';
import { knowsColumns } from '../foreign.ts';
import type { Problem } from '../problem.ts';
import type { RawRecord, Reading } from '../record.ts';
import { tableRows } from '../table.ts';
import { type CellFormat, formatOfNumber } from './cell-format.ts';
import { officeParts } from './office.ts';
import { documentRecord } from './policy.ts';
import { readSheet, type SheetReading, type SheetRow, sharedStrings, type Workbook } from './sheet.ts';
import { deadline, type ReadingContext, Unreadable } from './unreadable.ts';
import { decodeXml, type XmlNode, xmlParser } from './xml.ts';

const parse = xmlParser(['sheet', 'xf', 'numFmt', 'Relationship']);
const wanted = /^xl\/(workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|styles\.xml|worksheets\/[^/]+\.xml)$/i;
/** A table for people; beyond this it is data, and its columns should be named so that it can be read as such. */
const maxTableRows = 5000;

/** Reads a .xlsx. Errors: `Unreadable`. */
export async function readXlsx(bytes: Uint8Array, file: string, context: ReadingContext): Promise<Reading> {
  const inTime = deadline(context);
  const tick = async (): Promise<void> => {
    inTime();
    await setImmediate();
  };
  const parts = officeParts(bytes, (name) => wanted.test(name), context.limits.unpackedBytes);
  for (const [name, xml] of [...parts]) parts.set(name.toLowerCase(), xml);
  const { workbook, sheets, hidden } = readWorkbook(parts);
  const problems: Problem[] = hidden.map((name) => ({ file, message: `the sheet “${name}” is hidden: not read`, severity: 'warning' }));
  const records: RawRecord[] = [];
  const tables: string[] = [];
  for (const { name, xml } of sheets) {
    const reading = await readSheet(xml, workbook, context.limits, tick);
    const shown = sheets.length > 1 ? `${file}[${name}]` : file;
    problems.push(...cellProblems(reading, shown));
    const rows = reading.rows;
    const head = headerOf(rows);
    if (head !== undefined && knowsColumns(rows[head]?.cells ?? [])) {
      const found = recordsOfRows(rows.slice(head), shown);
      // Not push(...): a sheet may have more rows than a call may have arguments.
      for (const record of found.records) records.push(record);
      for (const problem of found.problems) problems.push(problem);
    } else if (rows.length > maxTableRows) {
      throw new Unreadable(
        `the sheet “${name}” has ${rows.length} rows, but its columns are not those of a guide, an FAQ, a policy or a contact`,
      );
    } else if (rows.length > 0) tables.push(tableText(name, rows, head, sheets.length > 1));
  }
  if (tables.length > 0) {
    const document = documentRecord({ file, body: `# ${basename(file).replace(/\.[^.]+$/, '')}\n\n${tables.join('\n\n')}` });
    records.push(...document.records);
  }
  if (records.length === 0) throw new Unreadable('holds no rows');
  return { records, problems };
}

type Sheets = { workbook: Workbook; sheets: { name: string; xml: string }[]; hidden: string[] };

function readWorkbook(parts: ReadonlyMap<string, string>): Sheets {
  const xml = (name: string): XmlNode => parse(parts.get(name) ?? '');
  const root = xml('xl/workbook.xml').workbook as { workbookPr?: XmlNode; sheets?: { sheet?: XmlNode[] } } | undefined;
  if (!root) throw new Unreadable('is broken: it holds no workbook');
  const relations = ((xml('xl/_rels/workbook.xml.rels').Relationships as { Relationship?: XmlNode[] } | undefined)?.Relationship ?? []).map(
    (entry) =>
      [
        String(entry['@Id']),
        String(entry['@Target'])
          .replace(/^\/?(xl\/)?/, 'xl/')
          .toLowerCase(),
      ] as const,
  );
  const targets = new Map(relations);
  const all = (root.sheets?.sheet ?? []).map((sheet) => ({
    name: decodeXml(String(sheet['@name'])),
    hidden: sheet['@state'] === 'hidden' || sheet['@state'] === 'veryHidden',
    xml: parts.get(targets.get(String(sheet['@id'])) ?? ''),
  }));
  const date1904 = ['1', 'true'].includes(String(root.workbookPr?.['@date1904']));
  return {
    workbook: { strings: sharedStrings(parts.get('xl/sharedstrings.xml') ?? ''), formats: readFormats(xml('xl/styles.xml')), date1904 },
    sheets: all.flatMap(({ name, hidden, xml: content }) => (hidden || content === undefined ? [] : [{ name, xml: content }])),
    hidden: all.filter(({ hidden }) => hidden).map(({ name }) => name),
  };
}

function readFormats(styles: XmlNode): CellFormat[] {
  const sheet = styles.styleSheet as { numFmts?: { numFmt?: XmlNode[] }; cellXfs?: { xf?: XmlNode[] } } | undefined;
  const custom = new Map(
    (sheet?.numFmts?.numFmt ?? []).map((entry) => [Number(entry['@numFmtId']), decodeXml(String(entry['@formatCode']))]),
  );
  return (sheet?.cellXfs?.xf ?? []).map((entry) => formatOfNumber(Number(entry['@numFmtId'] ?? 0), custom));
}

function cellProblems({ failed, rounded }: SheetReading, file: string): Problem[] {
  const warn = (addresses: readonly string[], words: string): Problem[] =>
    addresses.length === 0
      ? []
      : [
          {
            file,
            message: `${addresses.slice(0, 5).join(', ')}${addresses.length > 5 ? ` and ${addresses.length - 5} more` : ''}: ${words}`,
            severity: 'warning',
          },
        ];
  return [
    ...warn(failed, 'the formula gives an error; read as empty'),
    ...warn(rounded, 'a number of more than 15 digits, which Excel has rounded; keep codes as text'),
  ];
}

/** The header is the first of the top rows with two different entries; above it stand titles and remarks. */
function headerOf(rows: readonly SheetRow[]): number | undefined {
  const top = rows.slice(0, 6).findIndex(({ cells }) => new Set(cells.filter((cell) => cell !== '')).size >= 2);
  return top === -1 ? undefined : top;
}

function tableText(name: string, rows: readonly SheetRow[], head: number | undefined, several: boolean): string {
  const single = ({ cells }: SheetRow): string => [...new Set(cells.filter((cell) => cell !== ''))].join(' ');
  const above = rows.slice(0, head ?? rows.length).map(single);
  const table = head === undefined ? [] : tableRows(rows.slice(head).map(({ cells }) => cells));
  return [...(several ? [`## ${name}`] : []), ...above, table.join('\n')].filter((part) => part !== '').join('\n\n');
}
