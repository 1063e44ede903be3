/** The open conversation: what was said, and the box to answer or the reason why not. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { clockOf } from '../state/clock.ts';
import type { DeskStore } from '../state/desk-store.ts';
import { isSupervisor } from '../state/supervise.ts';
import { timelineOf } from '../state/threads.ts';
import { dayName } from '../state/time.ts';
import type { DeskState, Thread } from '../state/types.ts';
import { channelName } from '../state/words.ts';
import { Bubble, OutgoingBubble, Whisper } from './bubble.tsx';
import { ClockTag } from './clock-tag.tsx';
import { Composer } from './composer.tsx';
import { OfferBar } from './offer-bar.tsx';
import { Waited } from './queue-list.tsx';
import { SuperviseBar } from './supervise-bar.tsx';

interface Props {
  store: DeskStore;
  state: DeskState;
  thread: Thread;
}

export function Conversation({ store, state, thread }: Props) {
  const { id } = thread;
  const mine = state.mine.find((item) => item.conversationId === id);
  return (
    <>
      <div class="conversation-head">
        <button type="button" class="button quiet back" onClick={() => void store.select(null)}>
          返回
        </button>
        <h2>{thread.matter || '对话'}</h2>
        <p>{thread.info === null ? '' : channelName(thread.info.channel)}</p>
        {mine !== undefined && <ClockTag store={store} state={state} clock={clockOf(thread.activities, mine.claimedAt)} />}
      </div>
      {thread.problem !== null && (
        <p class="conversation-problem" role="alert">
          {thread.problem}
        </p>
      )}
      <Messages store={store} thread={thread} />
      {mine !== undefined && <OfferBar store={store} state={state} item={mine} />}
      {mine !== undefined ? <Composer key={id} store={store} id={id} /> : <NotMine store={store} state={state} thread={thread} />}
    </>
  );
}

function Messages({ store, thread }: { store: DeskStore; thread: Thread }) {
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [below, setBelow] = useState(false);
  const content = useRef<HTMLDivElement>(null);
  const entries = timelineOf(thread.activities, thread.notes);
  const typing = thread.typingUntil > Date.now();
  const length = entries.length + thread.outgoing.length;

  const toEnd = () => {
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
    setBelow(false);
  };
  const sent = useRef(0);
  useLayoutEffect(() => {
    // one's own words are always followed; the citizen's only when one was reading the end
    const spoke = thread.outgoing.length > sent.current;
    sent.current = thread.outgoing.length;
    if (atEnd.current || spoke) toEnd();
    else setBelow(true);
  }, [length, typing]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    // a growing message box must not hide the last words
    const resized = new ResizeObserver(() => atEnd.current && element.scrollTo({ top: element.scrollHeight }));
    resized.observe(element);
    // nor may words that grow when the server has them, or a picture that has loaded
    if (content.current !== null) resized.observe(content.current);
    return () => resized.disconnect();
  }, []);
  const onScroll = (event: Event) => {
    const element = event.currentTarget as HTMLDivElement;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 60;
    if (atEnd.current) setBelow(false);
  };

  return (
    <div class="messages-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <div class="messages" ref={scroller} onScroll={onScroll} role="log" aria-label="对话内容" tabIndex={0} data-testid="messages">
        <div ref={content}>
          {entries.length === 0 && thread.problem === null && <p class="list-empty">正在读取对话…</p>}
          {entries.map((entry) => {
            if (entry.kind === 'day') {
              return (
                <p key={entry.key} class="day">
                  {dayName(entry.time, Date.now() + store.client.clockOffset)}
                </p>
              );
            }
            if (entry.kind === 'note') {
              return (
                <p key={entry.key} class="note">
                  {entry.text}
                </p>
              );
            }
            if (entry.kind === 'whisper') return <Whisper key={entry.key} note={entry.note} />;
            return <Bubble key={entry.key} activity={entry.activity} speaker={entry.speaker} follows={entry.follows} />;
          })}
          {thread.outgoing.map((message) => (
            <OutgoingBubble key={message.messageId} store={store} id={thread.id} message={message} />
          ))}
          {typing && <p class="typing">市民正在输入…</p>}
        </div>
      </div>
      {below && (
        <button type="button" class="button to-end" onClick={toEnd}>
          有新消息 ↓
        </button>
      )}
    </div>
  );
}

/** Why there is no message box, and what can be done. */
function NotMine({ store, state, thread }: Props) {
  const { id, info } = thread;
  if (info === null) return null;
  const { handoff } = info;
  if (handoff?.status === 'waiting') {
    return (
      <div class="not-mine">
        <p>
          市民正在等候（
          <Waited store={store} since={handoff.waitingSince} />
          ），接入后才能回复。
        </p>
        <button type="button" class="button primary" disabled={state.busy.has(id)} onClick={() => void store.claim(id)}>
          接入
        </button>
      </div>
    );
  }
  if (handoff?.status === 'active' && isSupervisor(state.me))
    return <SuperviseBar store={store} state={state} id={id} agent={handoff.agent ?? '同事'} />;
  const text = handoff?.status === 'active' ? `这个对话由 ${handoff.agent ?? '其他同事'} 接待中。` : '人工服务已结束，由智能助手继续应答。';
  return (
    <div class="not-mine">
      <p>{text}</p>
    </div>
  );
}
