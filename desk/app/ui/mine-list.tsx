/** The conversations this agent holds or is offered; who must be answered first comes first. */
import { byNeed, clockOf } from '../state/clock.ts';
import type { DeskStore } from '../state/desk-store.ts';
import { matterOf, speakerOf, unreadOf } from '../state/threads.ts';
import type { ActiveItem, DeskState } from '../state/types.ts';
import { channelName } from '../state/words.ts';
import { ClockTag } from './clock-tag.tsx';

export function MineList({ store, state }: { store: DeskStore; state: DeskState }) {
  const cards = state.mine.map((item) => ({
    item,
    offered: item.offeredTo === state.me?.name,
    clock: clockOf(state.threads.get(item.conversationId)?.activities ?? [], item.claimedAt),
  }));
  return (
    <section class="list mine" aria-labelledby="mine-title" data-testid="mine">
      <h2 id="mine-title">
        我的对话
        <span class="count">{state.mine.length}</span>
      </h2>
      {state.mine.length === 0 && <p class="list-empty">还没有接入的对话</p>}
      <ul>
        {cards.toSorted(byNeed).map(({ item, clock, offered }) => (
          <MineCard key={item.conversationId} store={store} state={state} item={item} clock={clock} offered={offered} />
        ))}
      </ul>
    </section>
  );
}

interface CardProps {
  store: DeskStore;
  state: DeskState;
  item: ActiveItem;
  clock: ReturnType<typeof clockOf>;
  offered: boolean;
}

function MineCard({ store, state, item, clock, offered }: CardProps) {
  const id = item.conversationId;
  const thread = state.threads.get(id);
  const unread = thread === undefined ? 0 : unreadOf(thread);
  const last = thread?.activities.findLast((activity) => activity.type === 'message' && speakerOf(activity) !== 'bot');
  const unsent = thread?.outgoing.some((message) => message.error !== undefined) ?? false;
  return (
    <li class={`card ${state.selected === id ? 'selected' : ''}`} data-testid="mine-card">
      <button
        type="button"
        class="card-main"
        aria-current={state.selected === id ? 'true' : undefined}
        title={channelName(item.channel)}
        onClick={() => void store.select(id)}
      >
        <span class="card-line">
          <span class="card-reason">{matterOf(item.summary)}</span>
          {offered ? <span class="clock-tag soon">{item.agent} 请您接手</span> : <ClockTag store={store} state={state} clock={clock} />}
        </span>
        <span class="card-line">
          <span class="card-last">
            {last === undefined ? '还没有新消息' : `${speakerOf(last) === 'agent' ? '我：' : ''}${last.text || '（附件）'}`}
          </span>
          {unsent && <span class="card-problem">有消息没发出</span>}
          {!offered && item.offeredTo !== null && <span class="hint">等 {item.offeredTo} 接手</span>}
          {unread > 0 && (
            <span class="badge">
              {unread}
              <span class="visually-hidden"> 条未读</span>
            </span>
          )}
        </span>
      </button>
    </li>
  );
}
