/** What hangs on a message: forms, hero cards, pictures, files. What we cannot show has its text fallback in the message. */
import type { Activity, Attachment } from '../../../../bot/activity.ts';
import { parseCard } from '../forms/card.ts';
import { safeUrl } from '../state/citations.ts';
import { useChat } from './context.ts';
import { Form } from './form.tsx';
import { HeroCard } from './hero-card.tsx';
import { FileIcon } from './icons.tsx';
import { SafeLink } from './markdown.tsx';

export const ADAPTIVE_CARD = 'application/vnd.microsoft.card.adaptive';
export const HERO_CARD = 'application/vnd.microsoft.card.hero';

interface AttachmentsProps {
  readonly activity: Activity;
  readonly entryKey: string;
  readonly answered: boolean;
  readonly own: boolean;
}

export function Attachments({ activity, entryKey, answered, own }: AttachmentsProps) {
  if (!activity.attachments?.length) return null;
  return (
    <>
      {activity.attachments.map((attachment, index) => {
        if (attachment.contentType === ADAPTIVE_CARD) {
          const card = own ? undefined : parseCard(attachment.content);
          return card ? <Form card={card} entryKey={`${entryKey}-${index}`} submitted={answered} /> : null;
        }
        if (attachment.contentType === HERO_CARD) return <HeroCard content={attachment.content} />;
        return <FileLink attachment={attachment} own={own} />;
      })}
    </>
  );
}

function FileLink({ attachment, own }: { attachment: Attachment; own: boolean }) {
  const { t, endpoint, kiosk } = useChat();
  const name = attachment.name ?? t.file;
  // Only a picture of this very browser may come as a blob: the preview while it uploads.
  const preview = own && attachment.contentUrl?.startsWith('blob:') ? attachment.contentUrl : undefined;
  const url = preview ?? safeUrl(attachment.contentUrl, `${endpoint}/`);
  if (attachment.contentType.startsWith('image/') && url !== undefined) {
    const picture = <img src={url} alt={t.image(name)} loading="lazy" />;
    if (kiosk) return <span class="picture">{picture}</span>;
    return (
      <a class="picture" href={url} target="_blank" rel="noopener noreferrer">
        {picture}
      </a>
    );
  }
  const body = (
    <>
      <FileIcon />
      <span>{name}</span>
    </>
  );
  // A file's address is long and ends soon: nothing to copy from a screen.
  if (url === undefined || kiosk) return <span class="file">{body}</span>;
  return (
    <SafeLink url={url} className="file">
      {body}
    </SafeLink>
  );
}
