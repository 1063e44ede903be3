/** Lines of all pages → Markdown: headings by their size, paragraphs joined over lines and pages, tables, page marks. */
import { startsEntry } from '../../outline.ts';
import { tableRows } from '../table.ts';
import { joinLines, type Line } from './pdf-lines.ts';
import { tableAt } from './pdf-tables.ts';
import { pageMark } from './policy.ts';

interface Layout {
  readonly bodySize: number;
  readonly left: number;
  readonly right: number;
  /** The usual step from line to line. */
  readonly step: number;
  /** Sizes of headings, largest first. */
  readonly headingSizes: readonly number[];
}

/** The whole text. Page marks stand before the first paragraph that begins on a page; a paragraph that runs over a page's end stays whole. */
export function markdownOf(pages: readonly (readonly Line[])[]): string {
  const lines = pages.flat();
  if (lines.length === 0) return '';
  const layout = layoutOf(lines);
  const out: string[] = [];
  let paragraph: { text: string; last: Line; level: number } | undefined;
  let page = 0;
  const flush = (): void => {
    if (paragraph) out.push(paragraph.level > 0 ? `${'#'.repeat(paragraph.level)} ${paragraph.text}` : paragraph.text);
    paragraph = undefined;
  };
  const open = (line: Line): void => {
    flush();
    if (line.page !== page && pages.length > 1) out.push(pageMark(line.page));
    page = line.page;
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] as Line;
    const level = headingLevel(line, layout);
    const table = level === 0 ? tableAt(lines, at) : undefined;
    if (table) {
      open(line);
      out.push(tableRows(table.rows).join('\n'));
      at += table.length - 1;
    } else if (paragraph && paragraph.level === level && continues(paragraph.last, line, level, layout)) {
      paragraph = { ...paragraph, text: joinLines(paragraph.text, line.text), last: line };
    } else {
      open(line);
      paragraph = { text: line.text, last: line, level };
    }
  }
  flush();
  return out.join('\n\n');
}

function layoutOf(lines: readonly Line[]): Layout {
  const bodySize = heaviest(lines.map((line) => [Math.round(line.size * 2) / 2, line.text.length] as const));
  const body = lines.filter((line) => Math.abs(line.size - bodySize) <= 0.75);
  const at = (numbers: number[], share: number): number => numbers.sort((a, b) => a - b)[Math.round((numbers.length - 1) * share)] ?? 0;
  const steps = body.slice(1).map((line, index) => (body[index]?.page === line.page ? (body[index]?.y ?? 0) - line.y : 0));
  const sizes = lines.filter((line) => line.size > bodySize * 1.12 && line.text.length <= 80).map((line) => Math.round(line.size * 2) / 2);
  return {
    bodySize,
    left: at(
      body.map(({ x }) => x),
      0.1,
    ),
    right: at(
      body.map(({ right }) => right),
      0.9,
    ),
    step:
      at(
        steps.filter((step) => step > 0.5 * bodySize && step < 4 * bodySize),
        0.5,
      ) || 1.5 * bodySize,
    headingSizes: [...new Set(sizes)].sort((a, b) => b - a),
  };
}

function heaviest(weighted: readonly (readonly [number, number])[]): number {
  const weights = new Map<number, number>();
  for (const [value, weight] of weighted) weights.set(value, (weights.get(value) ?? 0) + weight);
  return [...weights].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [12, 0])[0];
}

/** 1–4 for a line in larger type, 0 for the rest. */
function headingLevel(line: Line, { bodySize, headingSizes }: Layout): number {
  if (line.size <= bodySize * 1.12 || line.text.length > 80) return 0;
  const rank = headingSizes.findIndex((size) => Math.abs(size - line.size) < 0.6);
  return Math.min(4, rank + 1);
}

/** Whether a line carries on the paragraph (or the heading) of the line before. */
function continues(before: Line, line: Line, level: number, layout: Layout): boolean {
  const samePage = before.page === line.page;
  const drop = before.y - line.y;
  if (samePage && (drop < 0 || drop > 1.55 * Math.max(layout.step, line.size * 1.2))) return false;
  if (level > 0) return samePage && before.text.length + line.text.length <= 80 && !startsEntry(line.text);
  if (startsEntry(line.text) || Math.abs(before.size - line.size) > 0.12 * before.size) return false;
  const full = before.right > layout.right - 2.2 * line.size;
  if (!full) return false;
  const indented = line.x > layout.left + 1.2 * line.size;
  return !indented || Math.abs(before.x - line.x) < 0.5 * line.size;
}
