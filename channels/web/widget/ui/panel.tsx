/** The open chat: header, status banners, messages, composer. Esc minimises it. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { answeredForms, listEntries } from '../state/entries.ts';
import { currentHandoff } from '../state/handoff.ts';
import type { ChatState } from '../state/store.ts';
import { Composer } from './composer.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { useChat } from './context.ts';
import { HandoffBanner } from './handoff-banner.tsx';
import { Header } from './header.tsx';
import { MessageList } from './message-list.tsx';
import { useVisibleHeight } from './visible-height.ts';

export function Panel({ state, inert }: { state: ChatState; inert: boolean }) {
  const { t, actions } = useChat();
  const panel = useRef<HTMLElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const entries = useMemo(() => listEntries(state.activities, state.outbox), [state.activities, state.outbox]);
  const answered = useMemo(() => answeredForms(entries), [entries]);
  const handoff = useMemo(() => currentHandoff(state.activities), [state.activities]);
  const name = useMemo(() => assistantName(state), [state.activities]) ?? t.assistant;
  useVisibleHeight(panel, state.open);
  useEffect(() => {
    if (!state.open) return;
    // On a phone the keyboard would cover the first answer: there the panel itself takes the focus.
    const target = matchMedia('(pointer: coarse)').matches ? panel.current : input.current;
    target?.focus({ preventScroll: true });
  }, [state.open]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.isComposing && !event.defaultPrevented) actions.minimise();
  };
  return (
    <section
      ref={panel}
      class="panel"
      data-testid="panel"
      role="dialog"
      aria-label={t.panelLabel(name)}
      tabIndex={-1}
      hidden={!state.open}
      inert={inert}
      onKeyDown={onKeyDown}
    >
      <Header name={name} handoff={handoff} />
      <ConnectionBanner state={state.connection} caughtUp={state.caughtUp} />
      <HandoffBanner handoff={handoff} />
      <MessageList state={state} entries={entries} answered={answered} name={name} withPerson={handoff?.state === 'accepted'} />
      <Composer input={input} withPerson={handoff?.state === 'accepted'} />
    </section>
  );
}

/** The assistant names itself in its messages. */
function assistantName({ activities }: ChatState): string | undefined {
  return activities.find(({ from, channelData }) => from.role === 'bot' && from.name && channelData?.origin !== 'human')?.from.name;
}
