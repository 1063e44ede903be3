/** Citizens who wait, first to be taken first. */
import type { DeskStore } from '../state/desk-store.ts';
import { matterOf } from '../state/threads.ts';
import { elapsed } from '../state/time.ts';
import type { DeskState, QueueItem } from '../state/types.ts';
import { channelName, reasonName, skillName, urgencyName } from '../state/words.ts';
import { useNow } from './use-desk.ts';

/** Moves the keyboard focus to the next or previous card of the queue, from outside to the first. */
export function moveInQueue(step: 1 | -1): void {
  const cards = [...document.querySelectorAll<HTMLElement>('[data-queue-card]')];
  const at = cards.findIndex((card) => card === document.activeElement || card.parentElement?.contains(document.activeElement));
  const next = at === -1 ? 0 : Math.min(cards.length - 1, Math.max(0, at + step));
  cards[next]?.focus();
}

export function QueueList({ store, state }: { store: DeskStore; state: DeskState }) {
  return (
    <section class="list" aria-labelledby="queue-title" data-testid="queue">
      <h2 id="queue-title">
        等候接入
        <span class={`count ${state.queue.length > 0 ? 'some' : ''}`}>{state.queue.length}</span>
      </h2>
      {state.queue.length === 0 && <p class="list-empty">没有人等候</p>}
      <ul>
        {state.queue.map((item) => (
          <QueueCard key={item.conversationId} store={store} state={state} item={item} />
        ))}
      </ul>
    </section>
  );
}

function QueueCard({ store, state, item }: { store: DeskStore; state: DeskState; item: QueueItem }) {
  const id = item.conversationId;
  const take = () => void store.claim(id);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    take();
  };
  return (
    <li class={`card ${item.urgency} ${state.selected === id ? 'selected' : ''}`}>
      <button
        type="button"
        class="card-main"
        data-queue-card
        aria-current={state.selected === id ? 'true' : undefined}
        aria-keyshortcuts="Enter"
        title="空格查看，Enter 接入"
        onClick={() => void store.select(id)}
        onKeyDown={onKeyDown}
      >
        <span class="card-line">
          {item.urgency !== 'general' && <span class={`tag ${item.urgency}`}>{urgencyName[item.urgency]}</span>}
          <span class="card-reason">{reasonName(item.reason)}</span>
          <Waited store={store} since={item.waitingSince} />
        </span>
        <span class="card-matter">{matterOf(item.summary)}</span>
        <span class="card-line faint">
          {channelName(item.channel)} · {skillName(item.skill)}
          {item.note !== null && ' · 同事转来'}
          {item.passedBy !== null && ` · 由 ${item.passedBy} 负责到接手`}
        </span>
      </button>
      <button
        type="button"
        class="button primary take"
        disabled={state.busy.has(id)}
        onClick={take}
        aria-label={`接入：${matterOf(item.summary)}`}
      >
        接入
      </button>
    </li>
  );
}

/** A ticking waiting time; from three minutes on it warns (GB/T 33358-2016: online media answer within three minutes). */
export function Waited({ store, since }: { store: DeskStore; since: string }) {
  const now = useNow(store);
  const late = now - Date.parse(since) > 180_000;
  return (
    <time class={`waited ${late ? 'late' : ''}`} dateTime={since}>
      <span class="visually-hidden">已等候 </span>
      {elapsed(since, now)}
    </time>
  );
}
