/** The bot's Markdown subset as elements, never as HTML text: paragraphs, lists, **bold**, links, citation marks. */
import type { ComponentChildren } from 'preact';
import { safeHref } from './safe-href.ts';

export type Block = { readonly kind: 'paragraph' | 'bullets' | 'numbers'; readonly lines: readonly string[]; readonly start: number };

/** Groups lines into paragraphs and lists. */
export function blocksOf(text: string): Block[] {
  const blocks: { kind: Block['kind']; lines: string[]; start: number }[] = [];
  let open: Block['kind'] | undefined;
  for (const line of text.split(/\r?\n/)) {
    const bullet = /^\s*[-*•]\s+(.*)$/.exec(line);
    const number = /^\s*(\d{1,3})[.、)]\s*(.*)$/.exec(line);
    if (line.trim() === '') {
      open = undefined;
      continue;
    }
    const kind = bullet ? 'bullets' : number ? 'numbers' : 'paragraph';
    const words = bullet?.[1] ?? number?.[2] ?? line;
    const last = blocks.at(-1);
    if (last !== undefined && open === kind) last.lines.push(words);
    else blocks.push({ kind, lines: [words], start: Number(number?.[1] ?? 1) });
    open = kind;
  }
  return blocks;
}

export function RichText({ text }: { text: string }) {
  return (
    <>
      {blocksOf(text).map((block, index) => {
        const key = `${index} ${block.kind}`;
        const items = block.lines.map((line, at) => <li key={`${at} ${line}`}>{inline(line)}</li>);
        if (block.kind === 'bullets') return <ul key={key}>{items}</ul>;
        if (block.kind === 'numbers') {
          return (
            <ol key={key} start={block.start}>
              {items}
            </ol>
          );
        }
        return (
          <p key={key} class="plain">
            {block.lines.flatMap((line, at) => (at === 0 ? [inline(line)] : ['\n', inline(line)]))}
          </p>
        );
      })}
    </>
  );
}

const marks = /\*\*(.+?)\*\*|\[([^\]\n]+)\]\(([^)\s]+)\)|\[(\d{1,2})\]/g;

function inline(line: string): ComponentChildren {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const match of line.matchAll(marks)) {
    if (match.index > from) parts.push(line.slice(from, match.index));
    from = match.index + match[0].length;
    const [whole, bold, label, url, citation] = match;
    const href = safeHref(url);
    if (bold !== undefined) parts.push(<strong>{bold}</strong>);
    else if (citation !== undefined) parts.push(<sup class="mark">[{citation}]</sup>);
    else if (href === undefined) parts.push(label ?? whole);
    else {
      parts.push(
        <a href={href} target="_blank" rel="noopener noreferrer">
          {label}
        </a>,
      );
    }
  }
  parts.push(line.slice(from));
  return parts;
}
