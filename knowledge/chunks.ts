/**
 * Cuts a document into the pieces that are searched and cited: along its headings and clauses, lists with the line that leads into
 * them, tables whole. Own code, not a splitter of langchain's: those cut by length, are asynchronous and know neither clauses nor
 * tables; knowledge/langchain.ts offers this one through their interface.
 */
import { type Block, type Section, sectionsOf } from './chunk-sections.ts';
import { isListEntry } from './outline.ts';
import { cutText, sentencesOf } from './sentences.ts';

export interface Chunk {
  /** What the piece is called when it is cited: its clause (第五条), else its nearest heading; '' above the first one. */
  readonly heading: string;
  /** From the title down to the heading, and where known the page of the original (第3页). */
  readonly path: string[];
  /** Where the piece begins in the original, where known: 第3页. */
  readonly page?: string;
  readonly text: string;
}

export interface ChunkOptions {
  /** Pieces are filled up to about this many characters … */
  readonly target?: number;
  /** … and never hold more than this, tables aside. */
  readonly max?: number;
  /** A table is whole up to this many characters; beyond, it is cut between rows and the header goes along. */
  readonly tableMax?: number;
  /** Whether the last sentence of a piece opens the next one of the same section. */
  readonly overlap?: boolean;
}

type Limits = Required<ChunkOptions>;

/** All pieces of a Markdown body, in reading order. Every sentence of the body stands in some piece's text or path. */
export function chunkDocument(body: string, options: ChunkOptions = {}): Chunk[] {
  const limits: Limits = { target: 300, max: 500, tableMax: 1200, overlap: true, ...options };
  return sectionsOf(body).flatMap((section) => piecesOf(section, limits).map(({ text, page }) => chunk(section, text, page)));
}

function chunk({ heading, path }: Section, text: string, page: string | undefined): Chunk {
  return page === undefined ? { heading, path: [...path], text } : { heading, path: [...path, page], page, text };
}

interface Piece {
  readonly text: string;
  readonly page: string | undefined;
}

function piecesOf(section: Section, limits: Limits): Piece[] {
  const pieces: Piece[] = [];
  let open: Block[] = [];
  const flush = (): void => {
    for (const text of packed(open, limits)) pieces.push({ text: text.text, page: text.page });
    open = [];
  };
  for (const block of section.blocks) {
    if (block.kind !== 'table') {
      open.push(block);
      continue;
    }
    // 收费标准如下： belongs to its table.
    const before = open.at(-1);
    const caption = before?.kind === 'text' && before.text.length <= 60 && /[:：]$|^附?表/u.test(before.text) ? before.text : undefined;
    if (caption !== undefined) open.pop();
    flush();
    for (const text of tableTexts(block.rows, caption, limits)) pieces.push({ text, page: block.page });
  }
  flush();
  return pieces;
}

interface Part {
  readonly text: string;
  readonly page: string | undefined;
  /** The line that leads into the list this part belongs to. */
  readonly lead?: string;
  /** A sentence inside a paragraph goes on after the one before; blocks begin a line of their own. */
  readonly glued: boolean;
}

/** Fills pieces with whole blocks; what is too long alone goes sentence by sentence. */
function packed(blocks: readonly Block[], limits: Limits): Piece[] {
  const parts = partsOf(blocks, limits);
  const pieces: Piece[] = [];
  let current: Part[] = [];
  const textOf = (list: readonly Part[]): string =>
    list.map(({ text, glued }, index) => (glued || index === 0 ? text : `\n${text}`)).join('');
  const close = (): void => {
    const [first] = current;
    if (first) pieces.push({ text: textOf(current).trim(), page: first.page });
  };
  for (const part of parts) {
    const length = textOf(current).length;
    const after = length + part.text.length + 1;
    const full = length > 0 && (after > limits.max || (length >= limits.target * 0.6 && after > limits.target));
    if (full) {
      close();
      current = carried(current, part, limits);
    }
    current.push(part);
  }
  close();
  return pieces;
}

/** What opens the next piece: the line that leads into the list, else the last sentence. */
function carried(current: readonly Part[], next: Part, limits: Limits): Part[] {
  if (!limits.overlap) return [];
  const room = limits.max - next.text.length - 1;
  if (next.lead !== undefined) return next.lead.length <= room ? [{ text: next.lead, page: next.page, glued: false }] : [];
  const last =
    sentencesOf(current.at(-1)?.text ?? '')
      .at(-1)
      ?.trim() ?? '';
  const fits = last !== '' && last.length <= Math.min(room, limits.target / 2);
  return fits ? [{ text: last, page: next.page, glued: false }] : [];
}

function partsOf(blocks: readonly Block[], limits: Limits): Part[] {
  let lead: string | undefined;
  return blocks.flatMap((block): Part[] => {
    if (block.kind === 'table') return [];
    const entry = isListEntry(block.text);
    if (!entry) lead = undefined;
    const inList = entry && lead !== undefined ? { lead } : {};
    if (/[:：]$/u.test(block.text)) lead = (sentencesOf(block.text).at(-1) ?? '').trim().slice(-120);
    if (block.text.length <= limits.max) return [{ text: block.text, page: block.page, glued: false, ...inList }];
    return cutText(block.text, limits.max).map((text, index) => ({ text, page: block.page, glued: index > 0, ...inList }));
  });
}

/** A row of a table for search: `一档 · 金额: 100元 · 条件: 参保满一年`. The header stands above the rows of every piece. */
function tableTexts(rows: readonly string[][], caption: string | undefined, limits: Limits): string[] {
  const [head = [], ...body] = rows;
  const top = [...(caption === undefined ? [] : [caption]), head.filter((cell) => cell !== '').join(' · ')].join('\n');
  const lines = body.flatMap((row) => rowTexts(head, row, Math.max(100, limits.tableMax - top.length - 1)));
  const pieces: string[] = [];
  let current = top;
  for (const line of lines) {
    if (current !== top && current.length + line.length + 1 > limits.tableMax) {
      pieces.push(current);
      current = top;
    }
    current += `\n${line}`;
  }
  return [...pieces, current];
}

function rowTexts(head: readonly string[], row: readonly string[], max: number): string[] {
  const name = row[0] ?? '';
  const cells = row.slice(1).flatMap((cell, index) => {
    const column = head[index + 1] ?? '';
    return cell === '' ? [] : [column === '' ? cell : `${column}: ${cell}`];
  });
  const line = [name, ...cells].filter((part) => part !== '').join(' · ');
  if (line.length <= max) return line === '' ? [] : [line];
  // A row longer than a whole piece is cut cell by cell, each with the row's name.
  const label = name.length <= 60 ? name : '';
  const parts = label === name ? cells : [name, ...cells];
  return parts.flatMap((part) => cutText(part, max - label.length - 3).map((text) => (label === '' ? text : `${label} · ${text.trim()}`)));
}
