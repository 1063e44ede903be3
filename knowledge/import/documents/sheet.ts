/** One sheet of a workbook → rows of texts, read a batch of rows at a time so that a huge sheet neither fills the memory nor the minute. */
import { type CellFormat, numberText } from './cell-format.ts';
import { Unreadable } from './unreadable.ts';
import { decodeXml, type XmlNode, xmlParser } from './xml.ts';

export interface SheetRow {
  /** The row's number in the sheet. */
  readonly line: number;
  readonly cells: string[];
}

export interface Workbook {
  readonly strings: readonly string[];
  /** By the index cells name. */
  readonly formats: readonly CellFormat[];
  readonly date1904: boolean;
}

export interface SheetReading {
  readonly rows: SheetRow[];
  /** Cells whose formula failed, and whole numbers too long to be exact, by address. */
  readonly failed: string[];
  readonly rounded: string[];
}

const parse = xmlParser(['row', 'c', 'r']);
const batchCharacters = 256 * 1024;

/** Reads a sheet. `tick` is called between batches and may throw. Errors: `Unreadable` for too many rows or columns and broken XML. */
export async function readSheet(
  xml: string,
  workbook: Workbook,
  limits: { readonly rows: number; readonly columns: number },
  tick: () => Promise<void>,
): Promise<SheetReading> {
  const reading: SheetReading = { rows: [], failed: [], rounded: [] };
  for (const batch of batches(xml)) {
    await tick();
    for (const row of rowsIn(batch)) {
      const line = Number(row['@r']) || (reading.rows.at(-1)?.line ?? 0) + 1;
      const cells = cellsOf(row, line, workbook, limits.columns, reading);
      if (cells.some((cell) => cell !== '')) reading.rows.push({ line, cells });
      if (reading.rows.length > limits.rows) throw new Unreadable(`has more than ${limits.rows} rows in a sheet; split it`);
    }
  }
  fillMerged(xml, reading.rows, limits.columns);
  return reading;
}

/** The rows of a sheet in pieces of about a quarter of a megabyte, each cut after a row. */
function* batches(xml: string): Generator<string> {
  const first = /<(?:\w+:)?sheetData[^>]*>/.exec(xml);
  if (!first || first[0].endsWith('/>')) return;
  const end = /<\/(?:\w+:)?row>/g;
  const stop = xml.search(/<\/(?:\w+:)?sheetData>/);
  if (stop === -1) throw new Unreadable('is broken: a sheet is cut off');
  for (let start = first.index + first[0].length; start < stop; ) {
    end.lastIndex = start + batchCharacters;
    const cut = end.exec(xml);
    const until = cut && cut.index < stop ? end.lastIndex : stop;
    yield xml.slice(start, until);
    start = until;
  }
}

/** Nearly all rows are plain cells and read without a parser, which makes a large sheet four times as fast; the others go through it. */
function rowsIn(batch: string): XmlNode[] {
  return batch.split(/(?<=<\/(?:\w+:)?row>)/).flatMap((xml) => {
    const plain = plainRow(xml);
    if (plain) return [plain];
    const { rows } = parse(`<rows>${xml}</rows>`) as { rows?: { row?: XmlNode[] } | string };
    return typeof rows === 'object' ? (rows.row ?? []) : [];
  });
}

function plainRow(xml: string): XmlNode | undefined {
  const head = /^\s*<row((?:\s+[\w:]+="[^"]*")*)>/.exec(xml);
  if (!head || !xml.endsWith('</row>')) return undefined;
  const cell = /\s*<c(?: r="([^"]*)")?(?: s="([^"]*)")?(?: t="([^"]*)")?\s*(?:\/>|>(?:<v>([^<]*)<\/v>)?<\/c>)/y;
  const end = xml.length - '</row>'.length;
  const cells: XmlNode[] = [];
  cell.lastIndex = head[0].length;
  while (cell.lastIndex < end) {
    const found = cell.exec(xml);
    if (!found) return undefined;
    cells.push({ '@r': found[1], '@s': found[2], '@t': found[3], v: found[4] });
  }
  return { '@r': /\sr="(\d+)"/.exec(head[1] ?? '')?.[1], c: cells };
}

function cellsOf(row: XmlNode, line: number, workbook: Workbook, columns: number, found: SheetReading): string[] {
  const cells: string[] = [];
  for (const cell of (row.c as XmlNode[] | undefined) ?? []) {
    const address = String(cell['@r'] ?? '');
    const column = columnOf(address) ?? cells.length;
    const text = cellText(cell, workbook);
    if (text === '') continue;
    if (column >= columns)
      throw new Unreadable(`has a cell in column ${column + 1} of row ${line}; at most ${columns} columns can be read`);
    while (cells.length < column) cells.push('');
    cells[column] = text === failure ? '' : text;
    if (text === failure) found.failed.push(address);
    else if (cell['@t'] === undefined && /^\d{16,}$/.test(text)) found.rounded.push(address);
  }
  return cells;
}

const failure = '\u0000failure';

function cellText(cell: XmlNode, { strings, formats, date1904 }: Workbook): string {
  const value = textOf(cell.v);
  switch (cell['@t']) {
    case 's':
      return strings[Number(value)] ?? '';
    case 'inlineStr':
      return richText(cell.is);
    case 'str':
    case 'd':
      return value.trim();
    case 'b':
      return value === '1' ? 'true' : 'false';
    case 'e':
      return failure;
    default:
      return numberText(value, formats[Number(cell['@s'] ?? 0)] ?? 'plain', date1904);
  }
}

/** The shared strings of a workbook. Nearly all are one plain text and read without a parser: there may be a million of them. */
export function sharedStrings(xml: string): string[] {
  const pieces = xml.split(/<\/(?:\w+:)?si>|(?<=<(?:\w+:)?si)\/>/);
  return pieces.slice(0, -1).map((piece) => {
    const start = piece.search(/<(?:\w+:)?si(?:[\s>]|$)/);
    const item = start === -1 ? '' : piece.slice(start);
    const plain = /^<(?:\w+:)?si><(?:\w+:)?t(?:\s[^>]*)?>([^<]*)<\/(?:\w+:)?t>$/.exec(item)?.[1];
    if (plain !== undefined) return textOf(plain).replace(/\r\n?/g, '\n').trim();
    const close = /^<((?:\w+:)?si)[\s>]/.exec(item)?.[1];
    return close === undefined ? '' : richText(parse(`${item}</${close}>`).si);
  });
}

/** The text of a string item: plain, or in runs; the small print of how to pronounce it (rPh) is left out. */
export function richText(node: unknown): string {
  if (typeof node !== 'object' || node === null) return textOf(node).trim();
  const { t, r } = node as { t?: unknown; r?: unknown };
  const runs = (Array.isArray(r) ? r : r === undefined ? [] : [r]) as { t?: unknown }[];
  return (textOf(t) + runs.map((run) => textOf(run?.t)).join('')).replace(/\r\n?/g, '\n').trim();
}

/** Text with or without attributes (xml:space); `_x000D_` is how Excel writes signs XML can't hold. */
function textOf(node: unknown): string {
  const text = typeof node === 'object' && node !== null ? (node as XmlNode)['#text'] : node;
  if (Array.isArray(text)) return text.map(textOf).join('');
  const decoded = text === undefined ? '' : decodeXml(String(text));
  return decoded.includes('_x')
    ? decoded.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : decoded;
}

/** `AB12` → 27. */
function columnOf(address: string): number | undefined {
  const letters = /^([A-Z]{1,3})\d*$/.exec(address)?.[1];
  return letters === undefined ? undefined : [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** A merged cell counts for every row and column it covers. */
function fillMerged(xml: string, rows: readonly SheetRow[], columns: number): void {
  const byLine = new Map(rows.map((row) => [row.line, row]));
  for (const [, left, top, right, bottom] of xml.matchAll(/<(?:\w+:)?mergeCell [^>]*ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"/g)) {
    const [from, to] = [columnOf(left ?? '') ?? 0, Math.min(columns - 1, columnOf(right ?? '') ?? 0)];
    const value = byLine.get(Number(top))?.cells[from] ?? '';
    if (value === '') continue;
    const last = Math.min(Number(bottom), rows.at(-1)?.line ?? 0);
    for (let line = Number(top); line <= last; line += 1) {
      const cells = byLine.get(line)?.cells;
      for (let column = from; cells && column <= to; column += 1) {
        while (cells.length < column) cells.push('');
        cells[column] ||= value;
      }
    }
  }
}
