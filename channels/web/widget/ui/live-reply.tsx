/** A reply while it is being written. Outside the log: screen readers hear the finished message once, not every piece. */
import { useMemo } from 'preact/hooks';
import { parseMarkdown } from '../state/markdown.ts';
import type { LiveReply as Live } from '../state/store.ts';
import { useChat } from './context.ts';
import { Markdown } from './markdown.tsx';

const NO_SOURCES: ReadonlySet<number> = new Set();

export function LiveReply({
  live,
  typing,
  name,
  withPerson,
}: {
  live: Live | undefined;
  typing: boolean;
  name: string;
  withPerson: boolean;
}) {
  const { t, locale } = useChat();
  const blocks = useMemo(() => parseMarkdown(live?.text ?? '', NO_SOURCES), [live?.text]);
  const status =
    live?.informative ?? (typing ? (withPerson ? t.agentTyping : `${name}${locale === 'en' ? ' ' : ''}${t.typing}`) : undefined);
  return (
    <div class="live">
      {live?.text && (
        <div class="message bot first" data-testid="streaming" aria-hidden="true">
          <div class="bubble streaming">
            <Markdown blocks={blocks} />
          </div>
        </div>
      )}
      <div role="status" data-testid="typing">
        {status !== undefined && (
          <p class="thinking">
            <span class="dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            {status}
          </p>
        )}
      </div>
    </div>
  );
}
