/** Running headers, footers and page numbers: what stands at the edge of page after page is not part of the text. */
import type { Line } from './pdf-lines.ts';

const pageNumber =
  /^[-—–―·•\s]*(?:第?\s*\d{1,4}\s*页?(?:\s*[,，/]?\s*共?\s*\d{1,4}\s*页?)?|page\s*\d+(?:\s*of\s*\d+)?|[ivxlc]{1,6})[-—–―·•\s]*$/iu;

/**
 * The pages without their furniture. A line in the margin is furniture when it is a page number, or comes back at the same height on
 * many pages. Where hardly anything else would be left (forms, slides), only page numbers go.
 */
export function withoutFurniture(pages: readonly (readonly Line[])[]): Line[][] {
  const seen = new Map<string, number>();
  for (const lines of pages) for (const key of new Set(edges(lines).map(keyOf))) seen.set(key, (seen.get(key) ?? 0) + 1);
  const often = Math.max(3, Math.ceil(pages.length * 0.3));
  const numbers = new Set(pages.flatMap((lines) => edges(lines).filter((line) => isPageNumber(line, lines))));
  const running = new Set(pages.flatMap((lines) => edges(lines).filter((line) => (seen.get(keyOf(line)) ?? 0) >= often)));
  const all = pages.flat();
  const left = all.filter((line) => !running.has(line) && !numbers.has(line));
  const dropRunning = lengthOf(left) > 0.4 * lengthOf(all);
  return pages.map((lines) => lines.filter((line) => !numbers.has(line) && !(dropRunning && running.has(line))));
}

const lengthOf = (lines: readonly Line[]): number => lines.reduce((sum, line) => sum + line.text.length, 0);

/** The two highest and the two lowest lines, where they stand in the margin. */
function edges(lines: readonly Line[]): Line[] {
  const byHeight = [...lines].sort((one, other) => other.y - one.y);
  return [...new Set([...byHeight.slice(0, 2), ...byHeight.slice(-2)])].filter(({ inMargin }) => inMargin);
}

/** Only the outermost line can be a page number: a lone 5 in the text is a cell of a table. */
function isPageNumber(line: Line, lines: readonly Line[]): boolean {
  if (lines.length < 2 || !pageNumber.test(line.text)) return false;
  return lines.every((other) => other.y >= line.y) || lines.every((other) => other.y <= line.y);
}

function keyOf(line: Line): string {
  return `${Math.round(line.y / 4)} ${line.text.replace(/\d+/g, '#')}`;
}
