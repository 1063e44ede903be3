/** Replies to choose instead of writing; they stand below the newest message only. */
import type { CardAction } from '../../../../bot/activity.ts';
import { safeUrl } from '../state/citations.ts';
import { useChat } from './context.ts';
import { LinkIcon } from './icons.tsx';
import { SafeLink } from './markdown.tsx';

export function QuickReplies({ actions }: { actions: readonly CardAction[] }) {
  const { t } = useChat();
  return (
    <ul class="quick" aria-label={t.quickReplies} data-testid="quick-replies">
      {actions.map((action) => (
        <li>
          <ActionButton action={action} className="chip" />
        </li>
      ))}
    </ul>
  );
}

/** One card action: addresses open, everything else is said. */
export function ActionButton({ action, className }: { action: CardAction; className: string }) {
  const { actions, kiosk } = useChat();
  if (action.type === 'openUrl' || action.type === 'downloadFile') {
    const url = safeUrl(action.value);
    if (url === undefined) return null;
    return (
      <SafeLink url={url} className={className}>
        {action.title}
        <LinkIcon size={16} />
      </SafeLink>
    );
  }
  if (action.type === 'call') {
    const number = /^(?:tel:)?([\d+*#-]{3,20})$/.exec(String(action.value))?.[1];
    if (number !== undefined && kiosk) {
      return (
        <span class={`${className} address`}>
          {action.title} {number}
        </span>
      );
    }
    return number === undefined ? null : (
      <a class={className} href={`tel:${number}`}>
        {action.title}
      </a>
    );
  }
  const words = typeof action.value === 'string' ? action.value : (action.text ?? action.title);
  return (
    <button type="button" class={className} onClick={() => actions.say(words, typeof action.value === 'string' ? undefined : action.value)}>
      {action.title}
    </button>
  );
}
