/** Draws parsed Markdown as elements. */
import type { ComponentChildren } from 'preact';
import type { Block, Inline } from '../state/markdown.ts';
import { useChat } from './context.ts';

export interface CitationControl {
  readonly open: number | undefined;
  readonly panelId: string;
  readonly nameOf: (position: number) => string;
  readonly toggle: (position: number, from: HTMLElement) => void;
}

export function Markdown({ blocks, citations }: { blocks: readonly Block[]; citations?: CitationControl }) {
  return (
    <>
      {blocks.map((block) =>
        block.kind === 'paragraph' ? (
          <p>
            <Inlines parts={block.children} citations={citations} />
          </p>
        ) : (
          <ListTag ordered={block.ordered} start={block.start}>
            {block.items.map((item) => (
              <li>
                <Markdown blocks={item} {...(citations ? { citations } : {})} />
              </li>
            ))}
          </ListTag>
        ),
      )}
    </>
  );
}

function ListTag({ ordered, start, children }: { ordered: boolean; start: number; children: ComponentChildren }) {
  return ordered ? <ol start={start}>{children}</ol> : <ul>{children}</ul>;
}

function Inlines({ parts, citations }: { parts: readonly Inline[]; citations: CitationControl | undefined }) {
  return (
    <>
      {parts.map((part) => (
        <Mark part={part} citations={citations} />
      ))}
    </>
  );
}

function Mark({ part, citations }: { part: Inline; citations: CitationControl | undefined }) {
  const { t } = useChat();
  switch (part.kind) {
    case 'text':
      return <>{part.text}</>;
    case 'break':
      return <br />;
    case 'bold':
      return (
        <strong>
          <Inlines parts={part.children} citations={citations} />
        </strong>
      );
    case 'link':
      return <SafeLink url={part.url}>{part.text}</SafeLink>;
    case 'cite':
      if (!citations) return <>{`${part.after}[${part.position}]`}</>;
      return (
        <span class="stick">
          {part.after}
          <button
            type="button"
            class="cite"
            aria-label={t.source(part.position, citations.nameOf(part.position))}
            aria-expanded={citations.open === part.position}
            aria-controls={citations.panelId}
            onClick={(event) => citations.toggle(part.position, event.currentTarget)}
          >
            {part.position}
          </button>
        </span>
      );
  }
}

/** A link that opens beside the page and tells the other side nothing of it. At a public terminal nothing leads away: the address is to be read. */
export function SafeLink({ url, children, className }: { url: string; children: ComponentChildren; className?: string }) {
  const { t, kiosk } = useChat();
  if (kiosk) {
    const address = url.replace(/^https?:\/\//, '');
    return (
      <span class={className ? `${className} address` : 'address'}>
        {children}
        {t.inBrackets(address)}
      </span>
    );
  }
  return (
    <a href={url} class={className} target="_blank" rel="noopener noreferrer">
      {children}
      <span class="sr-only">{t.newTab}</span>
    </a>
  );
}
