/** One message. Citizen, bot and agent differ in side, colour and a written label. */

import { sourcesOf } from '../state/citations.ts';
import type { DeskStore } from '../state/desk-store.ts';
import { clock } from '../state/time.ts';
import type { LoggedActivity, Note, Outgoing } from '../state/types.ts';
import { Attachments } from './attachments.tsx';
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
        <Attachments activity={activity} speaker={speaker} />
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

/** The agent's own words before the server has them. */
export function OutgoingBubble({ store, id, message }: { store: DeskStore; id: string; message: Outgoing }) {
  return (
    <article class={`bubble agent ${message.state}`} aria-label="我的消息">
      <div class="words">
        <p class="plain">{message.fileName === undefined ? message.text : `附件：${message.fileName}`}</p>
      </div>
      {message.error === undefined ? (
        <p class="at">{message.state === 'sending' ? '正在发送…' : '等候发送…'}</p>
      ) : (
        <div class={`unsent ${message.state}`} role={message.state === 'failed' ? 'alert' : 'status'}>
          <span>
            {message.state === 'failed' ? '没有发出' : '还没有发出'}：{message.error}
          </span>
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

/** A colleague's note between the messages: it never leaves the desk. */
export function Whisper({ note }: { note: Note }) {
  return (
    <article class="whisper" aria-label={`${note.staff} 的内部备注 ${clock(note.createdAt)}`} data-testid="whisper">
      <p class="whisper-who">
        {note.staff} · 内部备注，市民看不到 · {clock(note.createdAt)}
      </p>
      <p class="plain">{note.text}</p>
    </article>
  );
}
