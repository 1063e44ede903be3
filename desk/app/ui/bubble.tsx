/** One message. Citizen, bot and agent differ in side, colour and a written label. */

import { sourcesOf } from '../state/citations.ts';
import type { DeskStore } from '../state/desk-store.ts';
import { clock } from '../state/time.ts';
import type { LoggedActivity, Outgoing } from '../state/types.ts';
import { RichText } from './rich-text.tsx';
import { safeHref } from './safe-href.ts';

const labels = { citizen: '市民', bot: '智能助手', agent: '人工' } as const;

export function Bubble({
  activity,
  speaker,
  follows,
}: {
  activity: LoggedActivity;
  speaker: 'citizen' | 'bot' | 'agent';
  follows: boolean;
}) {
  const { sources, isAi } = sourcesOf(activity);
  const name = speaker === 'agent' ? `${labels.agent} · ${activity.from.name ?? ''}` : labels[speaker];
  const text = activity.text ?? '';
  return (
    <article class={`bubble ${speaker} ${follows ? 'follows' : ''}`} aria-label={`${name} ${clock(activity.timestamp)}`}>
      {!follows && (
        <p class="who">
          {name}
          {isAi && <span class="tag ai">AI 生成</span>}
        </p>
      )}
      <div class="words">
        {text !== '' && (activity.textFormat === 'markdown' ? <RichText text={text} /> : <p class="plain">{text}</p>)}
        <Attachments activity={activity} />
        {sources.length > 0 && (
          <details class="sources">
            <summary>引用 {sources.length} 处资料</summary>
            <ol>
              {sources.map(({ position, name: title, url, abstract }) => {
                const href = safeHref(url);
                return (
                  <li key={position} value={position}>
                    {href === undefined ? (
                      <strong>{title}</strong>
                    ) : (
                      <a href={href} target="_blank" rel="noopener noreferrer">
                        {title}
                      </a>
                    )}
                    {abstract && <q>{abstract}</q>}
                  </li>
                );
              })}
            </ol>
          </details>
        )}
      </div>
      <time class="at" dateTime={activity.timestamp}>
        {clock(activity.timestamp)}
      </time>
    </article>
  );
}

function Attachments({ activity }: { activity: LoggedActivity }) {
  const attachments = activity.attachments ?? [];
  if (attachments.length === 0) return null;
  return (
    <ul class="attachments">
      {attachments.map((attachment, index) => {
        const href = safeHref(attachment.contentUrl);
        const isForm = attachment.contentType.startsWith('application/vnd.microsoft.card.adaptive');
        const name = attachment.name ?? (isForm ? '表单' : attachment.contentType);
        return (
          <li key={`${index} ${name}`}>
            {href === undefined ? (
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

/** The agent's own words before the server has them. */
export function OutgoingBubble({ store, id, message }: { store: DeskStore; id: string; message: Outgoing }) {
  return (
    <article class={`bubble agent ${message.state}`} aria-label="我的消息">
      <div class="words">
        <p class="plain">{message.text}</p>
      </div>
      {message.state === 'sending' ? (
        <p class="at">正在发送…</p>
      ) : (
        <div class="unsent" role="alert">
          <span>没有发出：{message.error}</span>
          <button type="button" class="button small" onClick={() => void store.retry(id, message.messageId)}>
            重试
          </button>
          <button type="button" class="button small quiet" onClick={() => store.discard(id, message.messageId)}>
            删除
          </button>
        </div>
      )}
    </article>
  );
}
