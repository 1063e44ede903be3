/** What changed since the period before, what many ask about right now, how people and departments serve, and evaluations. */
import { useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { type Period, shown } from '../../state/insights.ts';
import { clock } from '../../state/time.ts';
import {
  type Burst,
  type Comparison,
  type EvaluationRun,
  percent,
  readBursts,
  readComparison,
  readEvaluations,
  readScorecards,
  type Scorecards,
  searchSaid,
  type Utterance,
} from '../../state/trends.ts';
import { channelName, outcomeName } from '../../state/words.ts';
import { Table, useRead } from './table.tsx';

interface Props {
  store: DeskStore;
  period: Period;
  onOpen: (title: string, ids: readonly string[]) => void;
}

/** An alert only where there is something to see. */
export function Bursts({ store, onOpen }: Omit<Props, 'period'>) {
  const bursts = useRead<Burst[]>(() => readBursts(store.client), [store]);
  if (!bursts || bursts.length === 0) return null;
  return (
    <section class="alert" role="alert" aria-label="集中反映" data-testid="bursts">
      <h2>最近 24 小时很多人在说同一件事</h2>
      <ul>
        {bursts.map(({ words, count, since, conversations }) => (
          <li key={words}>
            <strong>{count} 人</strong>：{words} <span class="hint">从 {clock(since)} 开始</span>{' '}
            {conversations.length > 0 && (
              <button type="button" class="button quiet" onClick={() => onOpen(words, conversations)}>
                看对话
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Compared({ store, period }: Omit<Props, 'onOpen'>) {
  const rows = useRead<Comparison[]>(() => readComparison(store.client, period), [period, store]);
  return (
    <section aria-labelledby="compared-title" data-testid="compared">
      <h2 id="compared-title">和前一段同样长的时间比</h2>
      <table class="lines">
        <thead>
          <tr>
            <th scope="col">指标</th>
            <th scope="col" class="number">
              前一段
            </th>
            <th scope="col" class="number">
              这一段
            </th>
            <th scope="col">变化是不是偶然</th>
          </tr>
        </thead>
        <tbody>
          {(rows ?? []).map(({ id, name, unit, before, after, p, note }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td class="number">
                {shown({ value: before.value, unit })}（{before.n}）
              </td>
              <td class="number">
                {shown({ value: after.value, unit })}（{after.n}）
              </td>
              <td>
                {note}
                {p !== null && <span class="hint"> p = {p < 0.001 ? '< 0.001' : p.toFixed(3)}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function Cards({ store, period }: Omit<Props, 'onOpen'>) {
  const cards = useRead<Scorecards>(() => readScorecards(store.client, period), [period, store]);
  if (cards === null) return null;
  return (
    <section aria-labelledby="cards-title" data-testid="cards">
      <h2 id="cards-title">座席和部门</h2>
      <Table
        caption="座席"
        head={['座席', '接待', '办结', '市民等待（中位数）', '质检提示', '评价', '满意率']}
        rows={cards.agents.map((one) => [
          one.agent,
          String(one.taken),
          String(one.closed),
          shown({ value: one.waited, unit: 'seconds' }),
          String(one.flags),
          String(one.ratings),
          percent(one.satisfaction),
        ])}
      />
      <Table
        caption="部门"
        head={['部门', '工单', '按时答复', '超期未答', '退单', '评价', '满意率']}
        rows={cards.departments.map((one) => [
          one.department,
          String(one.received),
          percent(one.inTime),
          String(one.late),
          percent(one.returned),
          String(one.ratings),
          percent(one.satisfaction),
        ])}
      />
    </section>
  );
}

const runState: Record<EvaluationRun['status'], string> = { running: '正在评测', done: '完成', failed: '没有跑成' };

export function Evaluations({ store }: { store: DeskStore }) {
  const runs = useRead<EvaluationRun[]>(() => readEvaluations(store.client), [store]);
  if (!runs || runs.length === 0) return null;
  return (
    <section aria-labelledby="evaluations-title" data-testid="evaluations">
      <h2 id="evaluations-title">每季度的自动评测</h2>
      <Table
        caption="题集固定，每季度跑一次；完整报告在数据目录里"
        head={['季度', '状态', '结果', '报告']}
        rows={runs.map((run) => [
          run.period,
          run.error === null ? runState[run.status] : `${runState[run.status]}：${run.error}`,
          Object.entries(run.metrics)
            .map(([name, value]) => `${name} ${value.toFixed(3)}`)
            .join('；'),
          run.folder ?? '—',
        ])}
      />
    </section>
  );
}

/** What citizens said, by meaning. */
export function Search({ store, period, onOpen }: Props) {
  const [words, setWords] = useState('');
  const [found, setFound] = useState<readonly Utterance[] | null>(null);
  const [problem, setProblem] = useState('');
  const search = async () => {
    const answer = await searchSaid(store.client, period, words.trim());
    setProblem(answer.ok ? '' : answer.message);
    setFound(answer.ok ? answer.value : null);
  };
  return (
    <section aria-labelledby="search-title" data-testid="said">
      <h2 id="search-title">找对话</h2>
      <form
        class="period"
        onSubmit={(event) => {
          event.preventDefault();
          void search();
        }}
      >
        <label>
          按意思找市民说过的话{' '}
          <input required type="search" maxLength={300} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
        </label>
        <button type="submit" class="button">
          查找
        </button>
      </form>
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
      {found !== null && <p role="status">{found.length === 0 ? '没有找到意思相近的话' : `找到 ${found.length} 句`}</p>}
      <ul class="said">
        {(found ?? []).map((one) => (
          <li key={`${one.conversationId} ${one.at}`}>
            <button type="button" class="button quiet" onClick={() => onOpen(one.text, [one.conversationId])}>
              {one.text}
            </button>{' '}
            <span class="hint">
              {channelName(one.channel)} · {outcomeName(one.outcome)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
