/** What the knowledge lacks, and what quality inspection found; each line leads to its conversations. */
import { useEffect, useState } from 'preact/hooks';
import type { Answer } from '../../state/client.ts';
import type { DeskStore } from '../../state/desk-store.ts';
import { type Flag, type Gap, type Period, readFlags, readGaps } from '../../state/insights.ts';
import { screensOf } from '../../state/screens.ts';
import { KeepCase } from './keep-case.tsx';

interface Props {
  store: DeskStore;
  period: Period;
  onOpen: (title: string, ids: readonly string[]) => void;
}

export function Gaps({ store, period, onOpen }: Props) {
  const role = store.state.me?.role;
  const mayWrite = role !== undefined && screensOf(role).some(({ id }) => id === 'knowledge');
  const [keeping, setKeeping] = useState<string | null>(null);
  const gaps = useLoaded(period, () => readGaps(store.client, period));
  return (
    <section aria-labelledby="gaps-title" data-testid="gaps">
      <h2 id="gaps-title">没答上的问题</h2>
      <p class="hint">没找到、没听懂，或答了但评价很差的问题，按说法归在一起；证件号、电话等已遮住。</p>
      <table class="lines">
        <thead>
          <tr>
            <th scope="col">问题</th>
            <th scope="col">次数</th>
            <th scope="col">差评</th>
            <th scope="col">对话</th>
          </tr>
        </thead>
        <tbody>
          {(gaps ?? []).map((gap: Gap) => (
            <tr key={gap.question}>
              <td>
                {gap.question}
                {gap.wordings.length > 0 && <p class="hint">还有人问：{gap.wordings.join('；')}</p>}
              </td>
              <td class="number">{gap.count}</td>
              <td class="number">{gap.badRatings}</td>
              <td>
                <button type="button" class="button quiet" onClick={() => onOpen(gap.question, gap.conversations)}>
                  看对话
                </button>
                <button type="button" class="button quiet" onClick={() => setKeeping(gap.question)}>
                  记成评测题
                </button>
                {mayWrite && (
                  <a class="button quiet" href={`#knowledge?question=${encodeURIComponent(gap.question)}`}>
                    写成问答
                  </a>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {gaps?.length === 0 && <p class="list-empty">这段时间每个问题都答上了</p>}
      {keeping !== null && <KeepCase store={store} question={keeping} onClose={() => setKeeping(null)} />}
    </section>
  );
}

const flagNames: Record<Flag['kind'], string> = {
  forbidden_phrase: '服务忌语',
  attitude: '语气',
  no_greeting: '没有问候',
  slow_first_answer: '接入后应答慢',
};

export function Quality({ store, period, onOpen }: Props) {
  const flags = useLoaded(period, () => readFlags(store.client, period));
  return (
    <section aria-labelledby="quality-title" data-testid="quality">
      <h2 id="quality-title">人工服务质检</h2>
      <p class="hint">检查了每一个人工接待的对话。这里只是提示，请看过原文再下结论。</p>
      <table class="lines">
        <thead>
          <tr>
            <th scope="col">提示</th>
            <th scope="col">内容</th>
            <th scope="col">工作人员</th>
            <th scope="col">对话</th>
          </tr>
        </thead>
        <tbody>
          {(flags ?? []).slice(0, 100).map((flag) => (
            <tr key={`${flag.conversationId}|${flag.seq}|${flag.kind}|${flag.words}`}>
              <td>{flagNames[flag.kind]}</td>
              <td>{flag.words}</td>
              <td>{flag.agent}</td>
              <td>
                <button type="button" class="button quiet" onClick={() => onOpen(flagNames[flag.kind], [flag.conversationId])}>
                  看第 {flag.seq} 条
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {flags?.length === 0 && <p class="list-empty">没有需要看的地方</p>}
    </section>
  );
}

/** Null until it is read; a failure reads as empty, the figures above say what went wrong. */
function useLoaded<T>(period: Period, read: () => Promise<Answer<T[]>>): readonly T[] | null {
  const [found, setFound] = useState<readonly T[] | null>(null);
  useEffect(() => {
    let stale = false;
    setFound(null);
    void read().then((answer) => {
      if (!stale) setFound(answer.ok ? answer.value : []);
    });
    return () => {
      stale = true;
    };
  }, [period]);
  return found;
}
