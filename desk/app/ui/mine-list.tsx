/** The conversations this agent holds. */
import type { DeskStore } from '../state/desk-store.ts';
import { matterOf, speakerOf, unreadOf } from '../state/threads.ts';
import { clock } from '../state/time.ts';
import type { ActiveItem, DeskState } from '../state/types.ts';
import { channelName } from '../state/words.ts';

export function MineList({ store, state }: { store: DeskStore; state: DeskState }) {
  return (
    <section class="list" aria-labelledby="mine-title" data-testid="mine">
      <h2 id="mine-title">
        我的对话
        <span class="count">{state.mine.length}</span>
      </h2>
      {state.mine.length === 0 && <p class="list-empty">还没有接入的对话</p>}
      <ul>
        {state.mine.map((item) => (
          <MineCard key={item.conversationId} store={store} state={state} item={item} />
        ))}
      </ul>
    </section>
  );
}

function MineCard({ store, state, item }: { store: DeskStore; state: DeskState; item: ActiveItem }) {
  const id = item.conversationId;
  const thread = state.threads.get(id);
  const unread = thread === undefined ? 0 : unreadOf(thread);
  const last = thread?.activities.findLast((activity) => activity.type === 'message' && speakerOf(activity) !== 'bot');
  const failed = thread?.outgoing.some((message) => message.state === 'failed') ?? false;
  return (
    <li class={`card ${state.selected === id ? 'selected' : ''}`}>
      <button
        type="button"
        class="card-main"
        aria-current={state.selected === id ? 'true' : undefined}
        onClick={() => void store.select(id)}
      >
        <span class="card-line">
          <span class="card-reason">{matterOf(item.summary)}</span>
          {unread > 0 && (
            <span class="badge">
              {unread}
              <span class="visually-hidden"> 条未读</span>
            </span>
          )}
        </span>
        <span class="card-last">
          {last === undefined ? '还没有新消息' : `${speakerOf(last) === 'agent' ? '我：' : ''}${last.text ?? '（附件）'}`}
        </span>
        <span class="card-line faint">
          {channelName(item.channel)} · {clock(last?.timestamp ?? item.claimedAt)}
          {failed && <span class="card-problem">有消息没发出</span>}
        </span>
      </button>
    </li>
  );
}
