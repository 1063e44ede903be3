/** The button that opens the chat, with the number of messages that came meanwhile. */
import type { RefObject } from 'preact';
import { useChat } from './context.ts';
import { MarkIcon } from './icons.tsx';

export function Launcher({
  unread,
  hidden,
  buttonRef,
}: {
  unread: number;
  hidden: boolean;
  buttonRef: RefObject<HTMLButtonElement | null>;
}) {
  const { t, actions } = useChat();
  return (
    <button
      ref={buttonRef}
      type="button"
      class="launcher"
      data-testid="launcher"
      hidden={hidden}
      aria-label={t.launcherLabel(unread)}
      aria-expanded="false"
      onClick={actions.open}
    >
      <MarkIcon size={26} />
      <span>{t.launcher}</span>
      {unread > 0 && (
        <span class="badge" aria-hidden="true">
          {unread > 99 ? '99+' : unread}
        </span>
      )}
    </button>
  );
}
