/** Files of a message. Staff open them through the desk, which writes the look down; pictures show small. */
import { useEffect, useState } from 'preact/hooks';
import { useFiles } from '../state/files.ts';
import type { LoggedActivity } from '../state/types.ts';
import { safeHref } from './safe-href.ts';

const uploadId = /\/uploads\/([\w-]{8,64})(?:\?|$)/;
const pictures = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif']);

/** 1.4 MB, 12 KB. */
function sizeWords(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function Attachments({ activity, speaker }: { activity: LoggedActivity; speaker: 'citizen' | 'bot' | 'agent' }) {
  const attachments = activity.attachments ?? [];
  if (attachments.length === 0) return null;
  return (
    <ul class="attachments">
      {attachments.map((attachment, index) => {
        const isForm = attachment.contentType.startsWith('application/vnd.microsoft.card.adaptive');
        const name = attachment.name ?? (isForm ? '表单' : attachment.contentType);
        const id = uploadId.exec(attachment.contentUrl ?? '')?.[1];
        const href = safeHref(attachment.contentUrl);
        return (
          <li key={`${index} ${name}`}>
            {id !== undefined ? (
              <KeptFile id={id} name={name} contentType={attachment.contentType} who={speaker === 'citizen' ? '市民' : '我方'} />
            ) : href === undefined ? (
              <span class="attachment">{name}</span>
            ) : (
              <a class="attachment" href={href} target="_blank" rel="noopener noreferrer">
                附件：{name}
              </a>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function KeptFile({ id, name, contentType, who }: { id: string; name: string; contentType: string; who: string }) {
  const files = useFiles();
  const [size, setSize] = useState<number | undefined>(undefined);
  useEffect(() => {
    let stale = false;
    void files.infoOf(id).then((info) => {
      if (!stale) setSize(info?.size);
    });
    return () => {
      stale = true;
    };
  }, [id, files]);
  const address = files.addressOf(id);
  return (
    <a class="kept-file" href={address} target="_blank" rel="noopener noreferrer" data-testid="file">
      {pictures.has(contentType) && <img src={address} alt={`${who}发来的图片：${name}`} loading="lazy" />}
      <span class="file-name">{name}</span>
      <span class="hint">{size === undefined ? '' : sizeWords(size)}</span>
    </a>
  );
}
