/** One message: who says it, its words, what hangs on it, and where it stands on its way. */
import { useMemo, useRef, useState } from 'preact/hooks';
import { isAiGenerated, sourcesOf } from '../state/citations.ts';
import type { MessageEntry } from '../state/entries.ts';
import { parseMarkdown } from '../state/markdown.ts';
import { Attachments } from './attachments.tsx';
import { Citations } from './citations.tsx';
import { useChat } from './context.ts';
import { Delivery } from './delivery.tsx';
import { ItemCode } from './item-code.tsx';
import { type CitationControl, Markdown } from './markdown.tsx';
import { MessageActions } from './message-actions.tsx';
import { clockTime } from './time.ts';

export interface MessageProps {
  readonly entry: MessageEntry;
  readonly name: string;
  readonly answered: boolean;
  /** The first of several in a row from the same side names the speaker. */
  readonly first: boolean;
  readonly reported: boolean;
}

/** What “转人工” is called in the citizen's own bubble: the assistant understands the Chinese words in every language. */
export const PERSON_WORDS = '转人工';

export function Message({ entry, name, answered, first, reported }: MessageProps) {
  const { t, locale } = useChat();
  const { activity, speaker, key } = entry;
  const [open, setOpen] = useState<number>();
  const sources = useMemo(() => sourcesOf(activity), [activity]);
  const own = speaker === 'citizen';
  const text = own && activity.text === PERSON_WORDS ? t.toPerson : (activity.text ?? '');
  const blocks = useMemo(
    () => (own || activity.textFormat === 'plain' ? undefined : parseMarkdown(text, new Set(sources.map(({ position }) => position)))),
    [text, own, sources, activity.textFormat],
  );
  const opener = useRef<HTMLElement | undefined>(undefined);
  const toggle = (position: number, from?: HTMLElement): void => {
    setOpen(open === position ? undefined : position);
    if (open !== position) opener.current = from;
  };
  const close = (): void => {
    setOpen(undefined);
    opener.current?.focus();
  };
  const panelId = `source-${key.replace(/[^\w-]/g, '_')}`;
  const citations: CitationControl = {
    open,
    panelId,
    toggle,
    nameOf: (position) => sources.find((source) => source.position === position)?.name ?? '',
  };
  const speakerName = own ? t.you : speaker === 'agent' ? (activity.from.name ?? t.person) : (activity.from.name ?? name);
  const ai = isAiGenerated(activity);
  return (
    <article class={`message ${speaker}${first ? ' first' : ''}`} data-testid={`message-${speaker}`} data-key={key}>
      <p class={first && !own ? 'speaker' : 'sr-only'}>
        {speakerName}
        {speaker === 'agent' && <span class="person-badge">{t.person}</span>}
      </p>
      {text && (
        <div class="bubble">
          {blocks ? <Markdown blocks={blocks} citations={citations} /> : <p class="plain">{text}</p>}
          {ai && (
            <p class="ai-label" data-testid="ai-label">
              {t.aiLabel}
            </p>
          )}
        </div>
      )}
      {sources.length > 0 && <Citations sources={sources} open={open} panelId={panelId} toggle={toggle} close={close} />}
      <ItemCode item={activity.channelData?.item} />
      <Attachments activity={activity} entryKey={key} answered={answered} own={own} />
      <div class="meta">
        {Number.isFinite(entry.at) && <time dateTime={new Date(entry.at).toISOString()}>{clockTime(entry.at)}</time>}
        {entry.delivery && <Delivery delivery={entry.delivery} />}
        {speaker === 'bot' && activity.text && (sources.length > 0 || ai) && (
          <MessageActions activity={activity} sources={sources} ai={ai} reported={reported} />
        )}
        {own && !entry.delivery && (
          <span class="sr-only">
            {locale === 'en' ? ', ' : '，'}
            {t.sent}
          </span>
        )}
      </div>
    </article>
  );
}
