/** Tables of a PDF: lines whose segments stand under each other in columns. Ruling lines are not looked at. */
import type { Line, Segment } from './pdf-lines.ts';

/** More lines than a page has; keeps a page made to stop the reader from being searched over and over. */
const maxLines = 300;

export interface FoundTable {
  readonly rows: string[][];
  /** How many lines it takes up. */
  readonly length: number;
}

/** The table that starts at line `from`, if one does: two or more rows with the same columns, made of short entries. */
export function tableAt(lines: readonly Line[], from: number): FoundTable | undefined {
  const head = lines[from];
  if (!head || head.segments.length < 2) return undefined;
  const columns = [...head.segments];
  const rows = [head.segments.map(({ text }) => text)];
  let at = from + 1;
  let fullRows = 1;
  let last = head;
  for (; at < lines.length && at - from < maxLines; at += 1) {
    const line = lines[at];
    if (!line || !follows(last, line)) break;
    const places = line.segments.map((segment) => columns.findIndex((column) => aligned(column, segment, line.size)));
    if (places.includes(-1) || new Set(places).size !== places.length) break;
    const row = rows.at(-1);
    if (line.segments.length === columns.length) {
      fullRows += 1;
      rows.push(line.segments.map(({ text }) => text));
    } else if (row && Math.abs(last.y - line.y) < 1.6 * line.size && !places.includes(0)) {
      // The entry above goes on here.
      for (const [index, place] of places.entries()) row[place] = (row[place] ?? '') + (line.segments[index]?.text ?? '');
    } else {
      const cells = columns.map(() => '');
      for (const [index, place] of places.entries()) cells[place] = line.segments[index]?.text ?? '';
      rows.push(cells);
    }
    for (const [index, place] of places.entries()) columns[place] = wider(columns[place], line.segments[index]);
    last = line;
  }
  const cells = rows.flat().filter((cell) => cell !== '');
  const short = cells.reduce((sum, cell) => sum + cell.length, 0) / cells.length <= 18;
  return fullRows >= 2 && short ? { rows, length: at - from } : undefined;
}

function follows(before: Line, after: Line): boolean {
  const step = before.y - after.y;
  return before.page === after.page && step > 0 && step < 3.5 * after.size && Math.abs(before.size - after.size) < 0.15 * before.size;
}

/** Left edges in line, middles in line, or the one within the other. */
function aligned(column: Segment, segment: Segment, size: number): boolean {
  if (Math.abs(column.x - segment.x) < size) return true;
  if (Math.abs(column.x + column.right - segment.x - segment.right) < 1.5 * size) return true;
  return segment.x >= column.x - size && segment.right <= column.right + size;
}

function wider(column: Segment | undefined, segment: Segment | undefined): Segment {
  const [one, other] = [column ?? segment, segment ?? column];
  if (!one || !other) return { x: 0, right: 0, text: '' };
  return { text: '', x: Math.min(one.x, other.x), right: Math.max(one.right, other.right) };
}
