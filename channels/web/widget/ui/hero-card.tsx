/** A hero card: title, text, and what can be done. */
import type { CardAction } from '../../../../bot/activity.ts';
import { ActionButton } from './quick-replies.tsx';

interface Hero {
  readonly title?: unknown;
  readonly subtitle?: unknown;
  readonly text?: unknown;
  readonly buttons?: unknown;
}

export function HeroCard({ content }: { content: unknown }) {
  const { title, subtitle, text, buttons } = (content ?? {}) as Hero;
  return (
    <div class="card">
      {typeof title === 'string' && <h3>{title}</h3>}
      {typeof subtitle === 'string' && <p class="soft">{subtitle}</p>}
      {typeof text === 'string' && <p>{text}</p>}
      {Array.isArray(buttons) && (
        <div class="row">
          {(buttons as CardAction[]).map((action) => (
            <ActionButton action={action} className="button" />
          ))}
        </div>
      )}
    </div>
  );
}
