/** The whole widget: the launcher, and the panel from its first opening on (hidden, not removed, while minimised). */
import { useEffect, useRef } from 'preact/hooks';
import type { ChatState } from '../state/store.ts';
import { type Chat, ChatContext } from './context.ts';
import { Launcher } from './launcher.tsx';
import { Panel } from './panel.tsx';
import { StillHere } from './still-here.tsx';

interface AppProps {
  readonly chat: Chat;
  readonly state: ChatState;
  /** Another citizen, another panel: nothing typed or opened is left in it. */
  readonly visit: number;
  /** Seconds until a public terminal is cleared, while it asks whether somebody is there. */
  readonly remaining: number | undefined;
}

export function App({ chat, state, visit, remaining }: AppProps) {
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
      <div
        class="root wb-tokens"
        data-mode={chat.elder ? 'elder' : 'standard'}
        data-kiosk={chat.kiosk || undefined}
        data-locale={chat.locale}
        lang={chat.locale}
      >
        {!chat.kiosk && <Launcher unread={state.unread} hidden={state.open} buttonRef={launcher} />}
        {opened.current && <Panel key={visit} state={state} inert={remaining !== undefined} />}
        {remaining !== undefined && <StillHere seconds={remaining} />}
      </div>
    </ChatContext.Provider>
  );
}
