/** A Markdown body → sections: what stands under one heading or in one clause, as blocks of text and tables. */
import { clauseOf, outlineRanks } from './outline.ts';

export type Block =
  | { readonly kind: 'text'; readonly text: string; readonly page: string | undefined }
  | { readonly kind: 'table'; readonly rows: string[][]; readonly page: string | undefined };

export interface Section {
  readonly heading: string;
  readonly path: readonly string[];
  readonly blocks: Block[];
}

interface Heading {
  readonly rank: number;
  readonly name: string;
}

/** The sections in reading order. A heading with nothing at all below it is a section with itself as text, so that it isn't lost. */
export function sectionsOf(body: string): Section[] {
  const lines = body.split(/\r?\n/).map((line) => line.trim());
  const ranks = ranksOf(lines);
  const sections: Section[] = [];
  let headings: Heading[] = [];
  let page: string | undefined;
  let current: Section = { heading: '', path: [], blocks: [] };
  let empty: Heading | undefined;
  const open = (clause?: string): void => {
    if (current.blocks.length > 0) sections.push(current);
    const path = headings.map(({ name }) => name);
    current = { heading: clause ?? path.at(-1) ?? '', path: clause === undefined ? path : [...path, clause], blocks: [] };
  };
  const settleEmpty = (next: number): void => {
    // Nothing followed, and nothing below it does: its own words are all there is.
    if (empty && next <= empty.rank) current.blocks.push({ kind: 'text', text: empty.name, page });
    empty = undefined;
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const mark = /^〔(第\d+页)〕$/u.exec(line);
    const heading = headingOf(line, ranks[at]);
    if (mark) page = mark[1];
    else if (heading) {
      settleEmpty(heading.rank);
      headings = [...headings.filter(({ rank }) => rank < heading.rank), heading];
      open();
      empty = heading;
    } else {
      empty = undefined;
      const clause = clauseOf(line);
      if (clause !== undefined) open(clause);
      const length = tableLength(lines, at);
      if (length > 0) current.blocks.push({ kind: 'table', rows: rowsOf(lines.slice(at, at + length)), page });
      else current.blocks.push({ kind: 'text', text: line, page });
      at += Math.max(0, length - 1);
    }
  }
  settleEmpty(0);
  if (current.blocks.length > 0) sections.push(current);
  return sections;
}

/** Ranks of headings that only their numbering shows: that of a marked heading of the same kind (`## 第一章`), else below all marks. */
function ranksOf(lines: readonly string[]): (number | undefined)[] {
  const marked = new Map<number, number>();
  for (const line of lines) {
    const [, marks, name] = /^(#{1,6})\s+(.*)$/u.exec(line) ?? [];
    const kind = name === undefined ? undefined : outlineRanks([name, '文'])[0];
    if (marks && kind !== undefined && !marked.has(kind)) marked.set(kind, marks.length);
  }
  return outlineRanks(lines).map((rank) => (rank === undefined ? undefined : (marked.get(rank) ?? rank)));
}

function headingOf(line: string, rank: number | undefined): Heading | undefined {
  const marked = /^(#{1,6})\s+(.*?)\s*#*$/u.exec(line);
  if (marked?.[1] && marked[2]) return { rank: marked[1].length, name: marked[2] };
  return rank === undefined ? undefined : { rank, name: line };
}

/** Lines of bars that follow each other, at least two: one alone is text. */
function tableLength(lines: readonly string[], from: number): number {
  let to = from;
  while (/^\|.*\|$/u.test(lines[to] ?? '')) to += 1;
  return to - from >= 2 ? to - from : 0;
}

function rowsOf(lines: readonly string[]): string[][] {
  const rows = lines.map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
  return rows.filter((row) => !row.every((cell) => /^:?-{2,}:?$/.test(cell)));
}
