/** The sources below an answer: one chip each, and the opened one with its words and its link. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Source } from '../state/citations.ts';
import { useChat } from './context.ts';
import { CloseIcon, LinkIcon } from './icons.tsx';
import { SafeLink } from './markdown.tsx';

export interface CitationsProps {
  readonly sources: readonly Source[];
  readonly open: number | undefined;
  readonly panelId: string;
  readonly toggle: (position: number, from: HTMLElement) => void;
  /** Closes the source and gives the focus back to what opened it. */
  readonly close: () => void;
}

/** More sources than this wait behind one button, so that they do not bury the next message. */
const SHOWN = 3;

export function Citations({ sources, open, panelId, toggle, close }: CitationsProps) {
  const { t } = useChat();
  const [all, setAll] = useState(false);
  const shown = sources.find((source) => source.position === open);
  const folds = sources.length > SHOWN;
  return (
    <div class="sources" data-testid="sources">
      {folds && (
        <button type="button" class="source-chip" data-testid="all-sources" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t.hideSources : t.showSources(sources.length)}
        </button>
      )}
      {(!folds || all) && (
        <ul class="chips" aria-label={t.sources}>
          {sources.map(({ position, name }) => (
            <li>
              <button
                type="button"
                class="source-chip"
                aria-label={t.source(position, name)}
                aria-expanded={open === position}
                aria-controls={panelId}
                onClick={(event) => toggle(position, event.currentTarget)}
              >
                <span class="number">{position}</span>
                <span class="source-name">{name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div id={panelId}>{shown && <SourcePanel key={shown.position} source={shown} close={close} />}</div>
    </div>
  );
}

/** One source. It may open far below the mark that was pressed: it comes into sight and takes the focus. */
function SourcePanel({ source, close }: { source: Source; close: () => void }) {
  const { t } = useChat();
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <section ref={panel} class="source-panel" tabIndex={-1} aria-label={t.source(source.position, source.name)} data-testid="source-panel">
      <div class="source-head">
        <strong>{source.name}</strong>
        <button type="button" class="icon-button small" aria-label={t.closeSource} onClick={close}>
          <CloseIcon size={18} />
        </button>
      </div>
      {source.abstract && <blockquote>{source.abstract}</blockquote>}
      {source.url && (
        <SafeLink url={source.url} className="source-link">
          <LinkIcon size={16} />
          {t.openSource}
        </SafeLink>
      )}
    </section>
  );
}
