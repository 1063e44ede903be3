/** The sources below an answer: one chip each, and the opened one with its words and its link. */
import type { Source } from '../state/citations.ts';
import { useChat } from './context.ts';
import { CloseIcon, LinkIcon } from './icons.tsx';
import { SafeLink } from './markdown.tsx';

export interface CitationsProps {
  readonly sources: readonly Source[];
  readonly open: number | undefined;
  readonly panelId: string;
  readonly toggle: (position: number) => void;
}

export function Citations({ sources, open, panelId, toggle }: CitationsProps) {
  const { t } = useChat();
  const shown = sources.find((source) => source.position === open);
  return (
    <div class="sources" data-testid="sources">
      <ul class="chips" aria-label={t.sources}>
        {sources.map(({ position, name }) => (
          <li>
            <button
              type="button"
              class="source-chip"
              aria-label={t.source(position, name)}
              aria-expanded={open === position}
              aria-controls={panelId}
              onClick={() => toggle(position)}
            >
              <span class="number">{position}</span>
              <span class="source-name">{name}</span>
            </button>
          </li>
        ))}
      </ul>
      <div id={panelId} class="source-slot">
        {shown && (
          <section class="source-panel" aria-label={t.source(shown.position, shown.name)} data-testid="source-panel">
            <div class="source-head">
              <strong>{shown.name}</strong>
              <button type="button" class="icon-button small" aria-label={t.closeSource} onClick={() => toggle(shown.position)}>
                <CloseIcon size={18} />
              </button>
            </div>
            {shown.abstract && <blockquote>{shown.abstract}</blockquote>}
            {shown.url && (
              <SafeLink url={shown.url} className="source-link">
                <LinkIcon size={16} />
                {t.openSource}
              </SafeLink>
            )}
          </section>
        )}
      </div>
    </div>
  );
}
