/** Earlier conversations of the same person; each is opened on demand, and who opens it is written down. */
import { useEffect, useState } from 'preact/hooks';
import type { DeskStore } from '../state/desk-store.ts';
import { type EarlierConversation, readEarlier, readHistory } from '../state/supervise.ts';
import { speakerOf } from '../state/threads.ts';
import { clock, dayName } from '../state/time.ts';
import type { LoggedActivity } from '../state/types.ts';
import { channelName, handoffName, outcomeName } from '../state/words.ts';

const speakers = { citizen: '市民', bot: '助手', agent: '人工' } as const;

export function HistoryPanel({ store, id }: { store: DeskStore; id: string }) {
  const [earlier, setEarlier] = useState<readonly EarlierConversation[] | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    let stale = false;
    void readHistory(store.client, id).then((answer) => {
      if (stale) return;
      if (answer.ok) setEarlier(answer.value);
      else setProblem(answer.message);
    });
    return () => {
      stale = true;
    };
  }, [id, store]);
  return (
    <div class="panel" data-testid="history">
      <p class="hint">同一位市民在各渠道的往来。打开会留下查看记录。</p>
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
      {earlier?.length === 0 && <p class="list-empty">没有找到以前的往来</p>}
      <ol class="notes">
        {(earlier ?? []).map((one) => (
          <Earlier key={one.conversationId} store={store} id={id} one={one} />
        ))}
      </ol>
    </div>
  );
}

function Earlier({ store, id, one }: { store: DeskStore; id: string; one: EarlierConversation }) {
  const [said, setSaid] = useState<readonly LoggedActivity[] | null>(null);
  const [problem, setProblem] = useState('');
  const open = async () => {
    if (said !== null) return setSaid(null);
    const answer = await readEarlier(store.client, id, one.conversationId);
    if (answer.ok) setSaid(answer.value.filter(({ type, text }) => type === 'message' && text !== undefined && text !== ''));
    else setProblem(answer.message);
  };
  const now = Date.now() + store.client.clockOffset;
  const ended = one.handoff !== null ? handoffName(one.handoff) : one.outcome !== null ? outcomeName(one.outcome) : '只打了招呼';
  return (
    <li class="earlier">
      <button type="button" class="earlier-head" aria-expanded={said !== null} onClick={() => void open()}>
        <span class="hint">
          {dayName(one.updatedAt, now)} {clock(one.updatedAt)} · {channelName(one.channel)} · {ended}
        </span>
        <span>{one.matter || '没有说明事项'}</span>
        {one.wrapUp !== null && <span class="hint">小结：{one.wrapUp}</span>}
      </button>
      {problem !== '' && <p class="form-problem">{problem}</p>}
      {said !== null && (
        <ol class="earlier-said">
          {said.map((activity) => (
            <li key={activity.id}>
              <span class="hint">{speakers[speakerOf(activity)]}：</span>
              {activity.text}
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}
