/** Below an answer from a guide: its code in the list of items, leading to its entry there. */
import { safeUrl } from '../state/citations.ts';
import { useChat } from './context.ts';
import { SafeLink } from './markdown.tsx';

/** `item`: what the message says of it, unchecked. */
export function ItemCode({ item }: { item: unknown }) {
  const { t, kiosk } = useChat();
  const { code, url } = (item ?? {}) as { code?: unknown; url?: unknown };
  if (typeof code !== 'string' || !/^[0-9A-Z]{12,36}$/.test(code)) return null;
  const entry = safeUrl(url);
  return (
    <p class="item-code" data-testid="item-code">
      {entry === undefined || kiosk ? t.itemCode(code) : <SafeLink url={entry}>{t.itemCode(code)}</SafeLink>}
    </p>
  );
}
