/** HTML: the title and the main text of a page as a policy, headings as Markdown, tables as rows; menus and scripts are dropped. */
// The slim parser and plain walks over its nodes: the full parser takes minutes over pages of nested tags made to stop it.
import { load } from 'cheerio/slim';
import { idOfFile } from './markdown.ts';
import type { Reading } from './record.ts';

/** The parser's own node type, named through the function that takes it. */
type PageNode = Exclude<Parameters<typeof load>[0], string | Buffer | unknown[]>;

const maxDepth = 500;
const maxTags = 200_000;
const dropped = new Set(
  'head title meta link script style noscript template iframe object svg nav header footer aside form button'.split(' '),
);
const mainPlaces = ['article', 'main', '[role=main]', '#zoom', '#content', '.article-content', '.content', 'body'];
const blocks = new Set('p div section article main ul ol dl dd dt blockquote pre figure figcaption'.split(' '));

/** Reads one page as one record {id, title, body, url?}. */
export function readHtml(text: string, file: string): Reading {
  const fail = (message: string): Reading => ({ records: [], problems: [{ file, line: 1, message, severity: 'error' }] });
  if ((text.match(/<[a-z/]/gi)?.length ?? 0) > maxTags) return fail(`has more than ${maxTags} tags; split it`);
  const $ = load(text);
  if (isDeep($.root()[0])) return fail(`is nested deeper than ${maxDepth} levels`);
  const pageTitle = $('title').first().text().trim();
  const address = $('link[rel=canonical]').attr('href');
  const heading = $('h1').first().text().replace(/\s+/g, ' ').trim();
  const bodies = mainPlaces.map((place) => $(place)[0]).map((main) => (main ? tidy(inside(main)) : ''));
  const body = bodies.find((found) => found !== '') ?? tidy(inside($.root()[0]));
  if (body === '') return fail('no text was found on the page');
  const value = { id: idOfFile(file), title: heading || pageTitle || idOfFile(file), body, ...(address ? { url: address } : {}) };
  return { records: [{ file, line: 1, value, form: 'cells', lineOf: () => 1 }], problems: [] };
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

function inside(node: PageNode | undefined): string {
  return childrenOf(node).map(markdownOf).join('');
}

function markdownOf(node: PageNode): string {
  if (node.type === 'text') return node.data.replace(/\s+/g, ' ');
  if (!('attribs' in node) || dropped.has(node.name) || isHidden(node.attribs)) return '';
  const name = node.name;
  if (name === 'br') return '\n';
  if (name === 'table') return `\n\n${rowsOf(node).join('\n')}\n\n`;
  const level = /^h([1-6])$/.exec(name)?.[1];
  const content = inside(node);
  if (level !== undefined) return content.trim() === '' ? '' : `\n\n${'#'.repeat(Number(level))} ${oneLine(content)}\n\n`;
  if (name === 'li') return `\n- ${content.trim()}`;
  return blocks.has(name) ? `\n\n${content}\n\n` : content;
}

/** What the page's reader can't see must not be told to citizens either. */
function isHidden(attributes: Readonly<Record<string, string>>): boolean {
  const { style = '', role } = attributes;
  if ('hidden' in attributes || attributes['aria-hidden'] === 'true' || role === 'navigation') return true;
  return /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style);
}

/** `| a | b |` for each row of a table, however the rows are grouped. */
function rowsOf(node: PageNode): string[] {
  return childrenOf(node).flatMap((child) => {
    if (!('attribs' in child) || dropped.has(child.name) || isHidden(child.attribs)) return [];
    if (child.name !== 'tr') return rowsOf(child);
    const cells = childrenOf(child).filter((cell) => 'attribs' in cell && (cell.name === 'td' || cell.name === 'th'));
    const texts = cells.map((cell) => oneLine(markdownOf(cell)));
    return texts.every((cell) => cell === '') ? [] : [`| ${texts.join(' | ')} |`];
  });
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
