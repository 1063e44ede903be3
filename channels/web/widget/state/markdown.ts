/**
 * The small Markdown that answers are written in: paragraphs, **bold**, lists, links, citation marks. Parsed to a tree and drawn as
 * elements, so that no text of an answer can ever become markup. What is not understood stays as it was written.
 */
import { safeUrl } from './citations.ts';

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold'; children: Inline[] }
  | { kind: 'link'; text: string; url: string }
  /** `after` is the last character of the words it stands for: the two stay on one line. */
  | { kind: 'cite'; position: number; after: string }
  | { kind: 'break' };

export type Block = { kind: 'paragraph'; children: Inline[] } | { kind: 'list'; ordered: boolean; start: number; items: Block[][] };

const ITEM = /^( {0,3})(?:([-*•·])\s+|(\d{1,3})(?:[.)]\s+|、\s*))(?=\S)/;
const HEADING = /^#{1,6}\s+(.*)$/;
const INLINE =
  /\*\*([^*\n]+(?:\*[^*\n]+)*)\*\*|\[(\d{1,2})\](?!\()|\[([^[\]\n]{1,300})\]\(([^()\s]{1,2000})\)|(https?:\/\/[A-Za-z0-9\-._~:/?#@!$&*+;=%]+)|(\n)/g;
const URL_TAIL = /[.,:;!?]+$/;

/** Parses a whole text. `known` are the citation positions that exist: other [n] stay text. */
export function parseMarkdown(text: string, known: ReadonlySet<number>): Block[] {
  return parseBlocks(text.replace(/\r\n?/g, '\n').split('\n'), known, 0);
}

function parseBlocks(lines: readonly string[], known: ReadonlySet<number>, depth: number): Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const flush = (): void => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', children: parseInline(paragraph.join('\n'), known) });
    paragraph = [];
  };
  for (let index = 0; index < lines.length; ) {
    const line = lines[index] ?? '';
    const item = ITEM.exec(line);
    if (item && depth < 3) {
      flush();
      const list = takeList(lines, index, known, depth);
      blocks.push(list.block);
      index = list.next;
      continue;
    }
    const heading = HEADING.exec(line);
    if (heading) {
      flush();
      blocks.push({ kind: 'paragraph', children: [{ kind: 'bold', children: parseInline(heading[1] ?? '', known) }] });
    } else if (line.trim() === '') flush();
    else paragraph.push(line.trim());
    index++;
  }
  flush();
  return blocks;
}

/** Takes the list that begins at `from`: items of the same sort, each with its indented lines. */
function takeList(lines: readonly string[], from: number, known: ReadonlySet<number>, depth: number): { block: Block; next: number } {
  const first = ITEM.exec(lines[from] ?? '');
  const ordered = first?.[3] !== undefined;
  const items: string[][] = [];
  let index = from;
  for (; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const item = ITEM.exec(line);
    const current = items[items.length - 1];
    const nested = current !== undefined && /^\s{2,}\S/.test(line);
    if (nested) current.push(line.replace(/^\s{2,4}/, ''));
    else if (item && (item[3] !== undefined) === ordered) items.push([line.slice(item[0].length)]);
    // A blank line between two items of the same list does not end it.
    else if (line.trim() === '' && continues(lines[index + 1], ordered)) continue;
    else break;
  }
  const start = Number(first?.[3] ?? 1);
  return { block: { kind: 'list', ordered, start, items: items.map((item) => parseBlocks(item, known, depth + 1)) }, next: index };
}

function continues(line: string | undefined, ordered: boolean): boolean {
  const item = ITEM.exec(line ?? '');
  return item !== null && (item[3] !== undefined) === ordered;
}

/** Parses the marks inside one paragraph. */
export function parseInline(text: string, known: ReadonlySet<number>): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  const plain = (value: string): void => {
    const last = parts[parts.length - 1];
    if (value === '') return;
    if (last?.kind === 'text') last.text += value;
    else parts.push({ kind: 'text', text: value });
  };
  for (const match of text.matchAll(INLINE)) {
    const [whole, bold, cite, label, target, bare, newline] = match;
    plain(text.slice(end, match.index));
    end = match.index + whole.length;
    if (bold !== undefined) parts.push({ kind: 'bold', children: parseInline(bold, known) });
    else if (cite !== undefined && known.has(Number(cite))) {
      parts.push({ kind: 'cite', position: Number(cite), after: takeLastCharacter(parts[parts.length - 1]) });
    } else if (newline !== undefined) parts.push({ kind: 'break' });
    else if (label !== undefined) {
      const url = safeUrl(target);
      if (url === undefined) plain(whole);
      else parts.push({ kind: 'link', text: label, url });
    } else if (bare !== undefined) {
      const tail = URL_TAIL.exec(bare)?.[0] ?? '';
      const address = bare.slice(0, bare.length - tail.length);
      const url = safeUrl(address);
      if (url === undefined) plain(bare);
      else {
        parts.push({ kind: 'link', text: address, url });
        plain(tail);
      }
    } else plain(whole);
  }
  plain(text.slice(end));
  return parts;
}

/** Cuts the last character (and spaces after it) off a text and returns it; nothing off anything else. */
function takeLastCharacter(part: Inline | undefined): string {
  if (part?.kind !== 'text') return '';
  const [tail = ''] = /\S?\s*$/u.exec(part.text) ?? [];
  part.text = part.text.slice(0, part.text.length - tail.length);
  return tail.trimEnd();
}

/** The text without its marks, for the clipboard: citation marks and addresses stay. */
export function plainText(text: string): string {
  return text.replace(/\*\*([^*\n]+(?:\*[^*\n]+)*)\*\*/g, '$1').replace(/\[([^[\]\n]{1,300})\]\(([^()\s]{1,2000})\)/g, '$1（$2）');
}
