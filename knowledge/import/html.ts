/** HTML: the title and the main text of a page as a policy, headings as Markdown, tables as rows; menus and scripts are dropped. */
// The slim parser and plain walks over its nodes: the full parser and selectors take minutes over pages made to stop them.
import { load } from 'cheerio/slim';
import { factsOf } from './documents/facts.ts';
import { asMarkdown } from './documents/policy.ts';
import { idOfFile } from './markdown.ts';
import type { Reading } from './record.ts';
import { tableRows } from './table.ts';

/** The parser's own node type, named through the function that takes it. */
type PageNode = Exclude<Parameters<typeof load>[0], string | Buffer | unknown[]>;

type Tag = Extract<PageNode, { attribs: unknown }>;

const maxDepth = 500;
const maxTags = 100_000;
const maxSpan = 200;
const maxColumns = 500;
/** Copies made for merged cells in one table; what is longer than a label isn't repeated. */
const maxCopies = 100_000;
const maxLabel = 60;
const dropped = new Set(
  'head title meta link script style noscript template iframe object svg nav header footer aside form button'.split(' '),
);
/** Where pages keep their main text, the surest first; `zoom` is common on government sites. */
const mainPlaces: readonly ((tag: Tag) => boolean)[] = [
  ({ name }) => name === 'article',
  ({ name, attribs }) => name === 'main' || attribs.role === 'main',
  ({ attribs }) => attribs.id === 'zoom' || attribs.id === 'content',
  ({ attribs }) => /(^|\s)(article-)?content(\s|$)/.test(attribs.class ?? ''),
  ({ name }) => name === 'body',
];
const blocks = new Set('p div section article main ul ol dl dd dt blockquote pre figure figcaption'.split(' '));

/** Reads one page as one record {id, title, body, url?}. */
export function readHtml(text: string, file: string): Reading {
  const fail = (message: string): Reading => ({ records: [], problems: [{ file, line: 1, message, severity: 'error' }] });
  if ((text.match(/<[a-z/]/gi)?.length ?? 0) > maxTags) return fail(`has more than ${maxTags} tags; split it`);
  const [root] = load(text).root();
  if (isDeep(root)) return fail(`is nested deeper than ${maxDepth} levels`);
  const first = (name: string): string => oneLine(textOf(firstTag(root, (tag) => tag.name === name)));
  const address = firstTag(root, ({ name, attribs }) => name === 'link' && attribs.rel === 'canonical')?.attribs.href;
  const bodies = mainPlaces.map((isMain) => tidy(inside(firstTag(root, isMain))));
  const body = asMarkdown((bodies.find((found) => found !== '') ?? tidy(inside(root))).split('\n'));
  if (body === '') return fail('no text was found on the page');
  const published = metaOf(root, 'pubdate');
  const facts = factsOf(body.split('\n').map((line) => line.replace(/^#+\s+/, '')));
  const value = {
    id: idOfFile(file),
    title: first('h1') || metaOf(root, 'articletitle') || first('title') || idOfFile(file),
    body,
    ...facts,
    ...(published ? { publishedAt: published } : {}),
    ...(address ? { url: address } : {}),
  };
  return { records: [{ file, line: 1, value, form: 'cells', lineOf: () => 1 }], problems: [] };
}

/** What pages of Chinese authorities say in `<meta name="PubDate">` and the like. Source: 政府网站发展指引 (国办发〔2017〕47号), annex. */
function metaOf(root: PageNode | undefined, name: string): string | undefined {
  const tag = firstTag(root, ({ name: kind, attribs }) => kind === 'meta' && attribs.name?.toLowerCase() === name);
  return tag?.attribs.content?.trim() || undefined;
}

function childrenOf(node: PageNode | undefined): readonly PageNode[] {
  return node && 'children' in node ? node.children : [];
}

/** Walks without recursion: a page deep enough would end the process in any recursive walk. */
function isDeep(root: PageNode | undefined): boolean {
  const waiting = childrenOf(root).map((node) => ({ node, depth: 1 }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.depth > maxDepth) return true;
    for (const node of childrenOf(next.node)) waiting.push({ node, depth: next.depth + 1 });
  }
  return false;
}

function firstTag(node: PageNode | undefined, fits: (tag: Tag) => boolean): Tag | undefined {
  for (const child of childrenOf(node)) {
    if ('attribs' in child && fits(child)) return child;
    const found = firstTag(child, fits);
    if (found) return found;
  }
  return undefined;
}

function textOf(node: PageNode | undefined): string {
  return node?.type === 'text' ? node.data : childrenOf(node).map(textOf).join('');
}

function inside(node: PageNode | undefined): string {
  return childrenOf(node).map(markdownOf).join('');
}

/** Steps keep their numbers. */
function numbered(list: PageNode): string {
  let number = Number('attribs' in list ? (list.attribs.start ?? 1) : 1) - 1 || 0;
  return childrenOf(list)
    .map((child) => {
      if (!('attribs' in child) || child.name !== 'li' || isHidden(child.attribs)) return markdownOf(child);
      number += 1;
      return `\n${number}. ${inside(child).trim()}`;
    })
    .join('');
}

function markdownOf(node: PageNode): string {
  if (node.type === 'text') return node.data.replace(/\s+/g, ' ');
  if (!('attribs' in node) || dropped.has(node.name) || isHidden(node.attribs)) return '';
  const name = node.name;
  if (name === 'br') return '\n';
  if (name === 'table') return `\n\n${tableRows(gridOf(rowsOf(node))).join('\n')}\n\n`;
  const level = /^h([1-6])$/.exec(name)?.[1];
  const content = name === 'ol' ? numbered(node) : inside(node);
  if (level !== undefined) return content.trim() === '' ? '' : `\n\n${'#'.repeat(Number(level))} ${oneLine(content)}\n\n`;
  // An entry that holds only another list has no text of its own.
  if (name === 'li') return /^(?:-|\d+\.) /.test(content.trim()) ? `\n${content.trim()}` : `\n- ${content.trim()}`;
  return blocks.has(name) ? `\n\n${content}\n\n` : content;
}

/** What the page's reader can't see must not be told to citizens either. */
function isHidden(attributes: Readonly<Record<string, string>>): boolean {
  const { style = '', role } = attributes;
  if ('hidden' in attributes || attributes['aria-hidden'] === 'true' || role === 'navigation') return true;
  return /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style);
}

interface Cell {
  readonly text: string;
  readonly across: number;
  readonly down: number;
}

/** The rows of a table, however they are grouped. */
function rowsOf(node: PageNode): Cell[][] {
  return childrenOf(node).flatMap((child) => {
    if (!('attribs' in child) || dropped.has(child.name) || isHidden(child.attribs)) return [];
    if (child.name !== 'tr') return rowsOf(child);
    const cells = childrenOf(child).filter((cell) => 'attribs' in cell && (cell.name === 'td' || cell.name === 'th'));
    return [cells.map((cell) => ({ text: oneLine(markdownOf(cell)), across: span(cell, 'colspan'), down: span(cell, 'rowspan') }))];
  });
}

function span(cell: PageNode, name: 'colspan' | 'rowspan'): number {
  const stated = 'attribs' in cell ? Number(cell.attribs[name] ?? 1) : 1;
  return Number.isInteger(stated) && stated > 0 ? Math.min(stated, maxSpan) : 1;
}

/** A merged cell counts for every row and column it covers (long text is said once); empty rows go. */
function gridOf(rows: readonly Cell[][]): string[][] {
  const covered = new Map<number, { text: string; left: number }>();
  let copies = 0;
  const copy = (text: string): string => {
    copies += 1;
    return text.length > maxLabel || copies > maxCopies ? '' : text;
  };
  const grid = rows.map((cells) => {
    const line: string[] = [];
    const fill = (): void => {
      for (let above = covered.get(line.length); above; above = covered.get(line.length)) {
        if (above.left > 1) covered.set(line.length, { text: above.text, left: above.left - 1 });
        else covered.delete(line.length);
        line.push(copy(above.text));
      }
    };
    for (const { text, across, down } of cells) {
      fill();
      for (let column = 0; column < across && line.length < maxColumns && copies <= maxCopies; column += 1) {
        if (down > 1) covered.set(line.length, { text, left: down - 1 });
        line.push(column === 0 ? text : copy(text));
      }
    }
    fill();
    return line;
  });
  return grid.filter((line) => line.some((text) => text !== ''));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function tidy(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
