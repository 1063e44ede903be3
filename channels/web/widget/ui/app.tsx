/** The whole widget: the launcher, and the panel from its first opening on (hidden, not removed, while minimised). */
import { useEffect, useRef } from 'preact/hooks';
import type { ChatState } from '../state/store.ts';
import { type Chat, ChatContext } from './context.ts';
import { Launcher } from './launcher.tsx';
import { Panel } from './panel.tsx';

export function App({ chat, state }: { chat: Chat; state: ChatState }) {
  const wasOpen = useRef(false);
  const opened = useRef(false);
  const launcher = useRef<HTMLButtonElement>(null);
  if (state.open) opened.current = true;
  useEffect(() => {
    if (wasOpen.current && !state.open) launcher.current?.focus();
    wasOpen.current = state.open;
  }, [state.open]);
  return (
    <ChatContext.Provider value={chat}>
      <div class="root wb-tokens" data-mode={chat.elder ? 'elder' : 'standard'} data-locale={chat.locale} lang={chat.locale}>
        <Launcher unread={state.unread} hidden={state.open} buttonRef={launcher} />
        {opened.current && <Panel state={state} />}
      </div>
    </ChatContext.Provider>
  );
}
