/** Every conversation that runs, for supervisors: who holds it, how long, the last words, and whether somebody waits too long. */
import { useEffect } from 'preact/hooks';
import type { DeskStore } from '../state/desk-store.ts';
import { matterOf } from '../state/threads.ts';
import type { DeskState, RunningItem } from '../state/types.ts';
import { channelName, urgencyName } from '../state/words.ts';
import { ClockTag } from './clock-tag.tsx';
import { Waited } from './queue-list.tsx';

const speakers = { citizen: '市民：', bot: '助手：', agent: '人工：' } as const;

export function RunningList({ store, state }: { store: DeskStore; state: DeskState }) {
  useEffect(() => {
    void store.watchRunning(true);
    return () => void store.watchRunning(false);
  }, [store]);
  const running = state.running ?? [];
  return (
    <section class="list running" aria-labelledby="running-title" data-testid="running">
      <h2 id="running-title">
        全部会话
        <span class="count">{running.length}</span>
      </h2>
      {state.running !== null && running.length === 0 && <p class="list-empty">现在没有人工会话</p>}
      <ul>
        {running.toSorted(byUrgency).map((item) => (
          <RunningCard key={item.conversationId} store={store} state={state} item={item} />
        ))}
      </ul>
    </section>
  );
}

/** Who has been without an answer for longest comes first; then those who wait for anybody; then those who have their answer. */
function byUrgency(a: RunningItem, b: RunningItem): number {
  const since = ({ clock, agent, waitingSince }: RunningItem) =>
    clock ? Date.parse(clock.since) : agent === null ? Date.parse(waitingSince) : Number.POSITIVE_INFINITY;
  const [left, right] = [since(a), since(b)];
  return left === right ? 0 : left - right;
}

function RunningCard({ store, state, item }: { store: DeskStore; state: DeskState; item: RunningItem }) {
  const id = item.conversationId;
  const holder = item.agent === null ? '等候接入' : `${item.agent}${item.offeredTo === null ? '' : ` → ${item.offeredTo}`}`;
  return (
    <li class={`card ${item.urgency} ${state.selected === id ? 'selected' : ''}`}>
      <button
        type="button"
        class="card-main"
        aria-current={state.selected === id ? 'true' : undefined}
        onClick={() => void store.select(id)}
      >
        <span class="card-line">
          {item.urgency !== 'general' && <span class={`tag ${item.urgency}`}>{urgencyName[item.urgency]}</span>}
          <span class="card-reason">{matterOf(item.summary)}</span>
        </span>
        <span class="card-last">{item.last === null ? '还没有消息' : `${speakers[item.last.speaker]}${item.last.text || '（附件）'}`}</span>
        <span class="card-line faint">
          <strong class="holder">{holder}</strong>
          <span class="spacer">{channelName(item.channel)}</span>
          {item.agent === null ? (
            <Waited store={store} since={item.waitingSince} />
          ) : (
            <ClockTag store={store} state={state} clock={item.clock} />
          )}
        </span>
      </button>
    </li>
  );
}
