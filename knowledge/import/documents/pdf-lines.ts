/** Pieces of text with their places on a page → lines, each cut into segments where there is a wide gap. */

/** One piece as the parser gives it (the parts of its text item that are used). */
export interface TextPiece {
  readonly str: string;
  readonly transform: readonly number[];
  readonly width: number;
}

export interface Segment {
  readonly x: number;
  readonly right: number;
  readonly text: string;
}

export interface Page {
  readonly number: number;
  readonly bottom: number;
  readonly top: number;
}

export interface Line {
  readonly page: number;
  /** In the margin above or below the text, where running headers and page numbers stand. */
  readonly inMargin: boolean;
  readonly x: number;
  readonly right: number;
  readonly y: number;
  readonly size: number;
  readonly segments: readonly Segment[];
  readonly text: string;
}

type Placed = { str: string; x: number; right: number; y: number; size: number };

/** The lines of one page, in the order of the page's own text. Slanted text (watermarks, stamps) is left out. */
export function linesOf(pieces: readonly TextPiece[], page: Page): Line[] {
  const lines: Placed[][] = [];
  for (const piece of pieces) {
    const placed = place(piece);
    if (!placed) continue;
    const last = lines.at(-1);
    const before = last?.at(-1);
    if (last && before && Math.abs(before.y - placed.y) < 0.45 * Math.max(before.size, placed.size)) last.push(placed);
    else lines.push([placed]);
  }
  return lines.flatMap((line) => toLine(line, page) ?? []);
}

function place({ str, transform, width }: TextPiece): Placed | undefined {
  const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = transform;
  const size = Math.hypot(c, d) || Math.hypot(a, b);
  if (str === '' || size === 0 || Math.abs(b) > 0.1 * size || a < 0) return undefined;
  return { str, x, right: x + width, y, size };
}

function toLine(placed: readonly Placed[], { number, bottom, top }: Page): Line | undefined {
  const pieces = placed.filter(({ str }) => str.trim() !== '').sort((one, other) => one.x - other.x);
  const [first] = pieces;
  if (!first) return undefined;
  const size = mainSize(pieces);
  const segments: Segment[] = [];
  for (const piece of pieces) {
    const last = segments.at(-1);
    const gap = last ? piece.x - last.right : 0;
    if (last && gap < 1.2 * size)
      segments[segments.length - 1] = { x: last.x, right: Math.max(last.right, piece.right), text: join(last.text, piece.str, gap, size) };
    else segments.push({ x: piece.x, right: piece.right, text: piece.str });
  }
  const clean = segments.map((segment) => ({ ...segment, text: tidy(segment.text) }));
  // Spaced-out titles (通　　知) are one word.
  const spaced = clean.length > 1 && clean.every(({ text }) => /^\p{Script=Han}$/u.test(text));
  const text = clean.map((segment) => segment.text).join(spaced ? '' : ' ');
  const margin = (top - bottom) * 0.13;
  const inMargin = first.y > top - margin || first.y < bottom + margin;
  return {
    page: number,
    inMargin,
    x: first.x,
    right: Math.max(...pieces.map(({ right }) => right)),
    y: first.y,
    size,
    segments: clean,
    text,
  };
}

/** The size most characters of the line have: a superscript or a drop cap doesn't count. */
function mainSize(pieces: readonly Placed[]): number {
  const weights = new Map<number, number>();
  for (const { size, str } of pieces) weights.set(size, (weights.get(size) ?? 0) + str.length);
  return [...weights].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

/** A gap of nearly a character was meant by the writer; a small one is what justified lines or words leave. */
function join(before: string, after: string, gap: number, size: number): string {
  return gap > 0.7 * size ? `${before}\u3000${after}` : gap > 0.2 * size ? `${before} ${after}` : before + after;
}

const han = '[\\p{Script=Han}，。；：、！？（）《》“”〔〕]';
const smallGap = new RegExp(`(?<=${han}) (?=${han})`, 'gu');

/** Chinese is written without spaces: small gaps between its characters go; meant ones, and those after 第一条, stay as one space. */
function tidy(text: string): string {
  const gaps = text
    .trim()
    .replace(/\s{2,}|\u3000/gu, '\u3000')
    .replace(/^(第[一二三四五六七八九十百零〇\d]{1,7}[编章节条]) /u, '$1\u3000')
    .replace(smallGap, '');
  return /^(?:\p{Script=Han}\u3000)+\p{Script=Han}$/u.test(gaps) ? gaps.replaceAll('\u3000', '') : gaps.replaceAll('\u3000', ' ');
}

/** Joins the end of one line to the start of the next: Chinese without a space, a hyphenated word whole, other words with a space. */
export function joinLines(before: string, after: string): string {
  if (/\p{Ll}-$/u.test(before) && /^\p{Ll}/u.test(after)) return before.slice(0, -1) + after;
  const latin = /[\p{Script=Latin}\d,.;:)%]$/u.test(before) && /^[\p{Script=Latin}\d(]/u.test(after);
  // A number cut by the line's end (2025 | 年 aside) stays together; two words don't.
  return latin && !(/\d$/.test(before) && /^\d/.test(after)) ? `${before} ${after}` : before + after;
}
